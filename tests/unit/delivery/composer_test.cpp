// In whose language a message is, and where its link leads.

#include "service/delivery/composer.hpp"

#include "core/mark/mark.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace recoup::service {
namespace {

/// Renders its own name.
struct Named final : TemplateEngine {
    Result<Content> render(std::string_view name, Channel, nlohmann::json const& variables) const override {
        return Content{std::string(name), variables["shop"]["name"].get<std::string>(), ""};
    }
    bool exists(std::string_view name, Channel) const override { return names.contains(std::string(name)); }
    std::set<std::string> names{"mail", "mail.de", "mail.de-at", "mail.fr"};
};

struct ComposerTest : testing::Test {
    ComposerTest() {
        due.shop.own().id = "s";
        due.shop.own().domain = "s.example";
        due.enrollment.id = "e";
        due.person.id = "p";
        due.cart.emplace();
        due.cart->content.value.lines.resize(1);
        due.cart->content.value.lines[0].variant_id = "41";
        step.template_name = "mail";
    }
    MessageDraft compose() const {
        Composer const composer(templates, {"https://recoup.example", core::LinkKey{1, Bytes(32, 7)}});
        core::StepVerdict verdict;
        verdict.address = "a@example.com";
        verdict.cart = due.cart->content.value;
        auto draft = composer.compose(due, step, verdict, at);
        EXPECT_TRUE(draft);
        return draft ? *draft : MessageDraft{};
    }
    std::string used() const { return compose().message.content.subject; }

    Instant const at = parse_rfc3339("2026-03-02T12:00:00Z").value();
    Version const version{at, 0, 1};
    Named templates;
    DueStep due;
    SequenceStep step;
};

TEST_F(ComposerTest, TheLanguageIsTheCheckoutsThenThePersonsThenTheShops) {
    EXPECT_EQ(used(), "mail");
    due.shop.own().locale = "fr";
    EXPECT_EQ(used(), "mail.fr");
    due.person.locale.offer("de-AT", version);
    EXPECT_EQ(used(), "mail.de-at");
    due.cart->locale.offer("de-CH", version);
    EXPECT_EQ(used(), "mail.de");
    due.cart->locale.offer("en_GB", Version{at, 0, 2});   // nothing in it: the one without a language, not another's
    EXPECT_EQ(used(), "mail");
}

TEST_F(ComposerTest, ALinkOfTheStoresOwnIsLeftAsItIsAndOursIsMarked) {
    auto const ours = compose();
    EXPECT_EQ(core::link_mark(ours.target_url), core::message_mark(ours.message.id));
    due.cart->recovery_url.offer("https://s.example/checkouts/ac/x/recover?key=1&selling_plan=7", version);
    EXPECT_EQ(compose().target_url, "https://s.example/checkouts/ac/x/recover?key=1&selling_plan=7");
}

}  // namespace
}  // namespace recoup::service
