// `recoup model` on events made here, and the shipped model as it is shipped.

#include "app/model/data_file.hpp"
#include "app/model/model_commands.hpp"
#include "app/model/shopper_events.hpp"
#include "core/risk/risk_model.hpp"
#include "recoup/base/random.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace recoup::app {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// Shoppers who reach the payment step mostly order, the others mostly do not.
class MadeUpShop final : public EventStream {
public:
    explicit MadeUpShop(int shoppers) {
        SeededRandom random(11);
        for (int i = 0; i < shoppers; ++i) {
            ShopperEvents shopper("made_up", "shopper-" + std::to_string(i), events_);
            Instant at = instant_from_seconds(1'700'000'000) + Millis(random.below(60ull * 86'400'000));
            shopper.put_in(at, "1");
            bool const pays = random.below(2) == 0;
            if (pays) shopper.reach(at + 2min, Stage::payment);
            if (random.unit() < (pays ? 0.8 : 0.1)) shopper.order(at + 40min);
        }
        std::stable_sort(events_.begin(), events_.end(),
                         [](auto const& a, auto const& b) { return a.received_at < b.received_at; });
    }
    DataInfo info() const override { return {"made_up", "none", "Made up."}; }
    Result<void> each(std::function<void(Event const&)> const& see) override {
        for (auto const& event : events_) see(event);
        return {};
    }

private:
    std::vector<Event> events_;
};

std::filesystem::path temporary(char const* name) { return std::filesystem::path(testing::TempDir()) / name; }

TEST(ModelCommands, TrainLearnsWhatThereIsToLearnAndEvalAgrees) {
    MadeUpShop shop(800);
    ModelTrainOptions train;
    train.data.recorded = {&shop};
    train.out = temporary("recoup_model_commands.json");
    train.now = instant_from_seconds(1'710'000'000);
    train.json = true;
    std::ostringstream trained, evaluated, shown;
    auto const done = model_train(train, trained);
    ASSERT_TRUE(done) << done.error().message;
    auto const report = json::parse(trained.str());
    EXPECT_GT(report.at("metrics").at("all").at("auc").get<double>(), 0.75);
    EXPECT_LT(report.at("metrics").at("all").at("calibration_error").get<double>(), 0.1);
    EXPECT_EQ(report.at("metrics").at("sets").at(0).at("part"), "test");

    ModelEvalOptions eval;
    eval.data.recorded = {&shop};
    eval.model = train.out;
    eval.json = true;
    ASSERT_TRUE(model_eval(eval, evaluated));
    EXPECT_EQ(json::parse(evaluated.str()).at("metrics"), report.at("metrics"));

    ModelShowOptions show;
    show.model = train.out;
    ASSERT_TRUE(model_show(show, shown));
    EXPECT_NE(shown.str().find("cart_stage"), std::string::npos);
    std::filesystem::remove(train.out);
}

TEST(ModelCommands, TooLittleDataIsAnErrorThatSaysSo) {
    MadeUpShop shop(10);
    ModelTrainOptions train;
    train.data.recorded = {&shop};
    train.out = temporary("recoup_model_commands_never.json");
    std::ostringstream out;
    auto const done = model_train(train, out);
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("training rows"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(train.out));
}

TEST(ModelCommands, TheShippedModelLoadsAndExplainsItself) {
    auto const text = read_data_file(RECOUP_SOURCE_DIR "/config/model.json").value();
    EXPECT_LT(text.size(), 300u * 1024);
    auto const model = core::RiskModel::load(text);
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_FALSE(model->file().provenance.at("data").empty());
    EXPECT_TRUE(model->file().metrics.at("all").at("auc").is_number());
    Cart cart;
    cart.created_at = cart.last_activity_at = instant_from_seconds(1'700'000'000);
    auto const score = model->score(cart, Person{}, cart.created_at + 10min, true);
    double sum = score.bias;
    for (auto const& item : score.contributions) sum += item.share;
    EXPECT_NEAR(sum, score.margin, 1e-4);
    EXPECT_GT(score.risk, 0);
    EXPECT_LT(score.risk, 1);
}

}  // namespace
}  // namespace recoup::app
