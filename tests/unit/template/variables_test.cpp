#include "core/template/variables.hpp"

#include "app/templates.hpp"
#include "core/sms/segments.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace recoup {
namespace {

struct Scene {
    Shop shop;
    Person person;
    Cart cart;
    Payment payment;
    SequenceStep step;
    Incentive incentive{10, "COMEBACK10"};
    Subscription subscription;
    core::MessageLinks links{"https://r.example/r/" + std::string(70, 't'), "https://r.example/u/token"};

    Scene() {
        shop.name = "Demo & Sons";
        shop.domain = "demo.myshopify.com";
        shop.postal_address = "1 Main Street, Springfield";
        person.first_name.value = "Ann";
        Line line;
        line.variant_id = "1";
        line.title = "Blue hat";
        line.price_minor = 4200;
        line.quantity = 2;
        line.image_url = "https://cdn.example/hat.jpg";
        cart.content.value = {{line}, "USD", 8400, 8900, {}};
        cart.content.value.lines.push_back(line);
        cart.content.value.lines.back().variant_id = "2";
        cart.content.value.lines.back().title = "Red scarf";
        payment.amount.value = {125000, "JPY"};
        payment.attempts["a"] = {instant_from_seconds(5), PaymentState::failed, "expired_card"};
        step.name = "incentive";
        subscription.title.value = "Coffee, monthly";
    }
    nlohmann::json with(core::Stock stock = {}) const {
        return core::variables({shop, person, step, links, incentive, &cart, &payment, &subscription, std::move(stock)});
    }
};

app::FileTemplates const& shipped() {
    static auto const templates = app::FileTemplates::load();
    if (!templates) ADD_FAILURE() << templates.error().message;
    return *templates;
}

TEST(Templates, EveryShippedOneRendersWithItsLinksAndAddress) {
    auto const variables = Scene().with();
    EXPECT_EQ(shipped().names().size(), 9U);
    for (auto const& name : shipped().names()) {
        bool const mail = name.ends_with("_email");
        auto const content = shipped().render(name, mail ? Channel::email : Channel::sms, variables);
        ASSERT_TRUE(content) << content.error().message;
        EXPECT_NE(content->text.find("https://r.example/r/"), std::string::npos) << name;
        EXPECT_EQ(content->text.find("{{"), std::string::npos) << name;
        EXPECT_EQ(content->text.find("\n\n\n"), std::string::npos) << name << content->text;
        if (!mail) {
            EXPECT_LE(core::sms_length(content->text).segments, 2U) << name;
            EXPECT_NE(content->text.find("STOP"), std::string::npos) << name;
            continue;
        }
        EXPECT_NE(content->subject, "") << name;
        for (auto const* part : {&content->text, &content->html}) {
            EXPECT_NE(part->find("https://r.example/u/token"), std::string::npos) << name;
            EXPECT_NE(part->find("1 Main Street, Springfield"), std::string::npos) << name;
        }
        EXPECT_NE(content->html.find("Demo &amp; Sons"), std::string::npos) << name;
    }
}

TEST(Templates, LastCallSaysHowManyAreLeftOnlyWhenThatIsTrue) {
    Scene const scene;
    auto const text = [&](core::Stock stock) {
        auto const content = shipped().render("cart_last_call_email", Channel::email, scene.with(std::move(stock)));
        return content ? content->text + content->html : content.error().message;
    };
    auto const left = text({{"1", 3}, {"2", 50}});
    EXPECT_NE(left.find("only 3 left"), std::string::npos);
    EXPECT_NE(left.find("Only 3 left"), std::string::npos);
    EXPECT_EQ(left.find("50 left"), std::string::npos);
    EXPECT_EQ(text({}).find(" left</span>"), std::string::npos);
}

TEST(Templates, PromiseNothingWhenThereIsNoIncentive) {
    Scene scene;
    scene.incentive = {};
    for (auto const* name : {"cart_incentive_email", "subscription_winback_email"}) {
        auto const content = shipped().render(name, Channel::email, scene.with());
        ASSERT_TRUE(content);
        auto const all = content->subject + content->text + content->html;
        EXPECT_EQ(all.find("% off"), std::string::npos) << name;
        EXPECT_EQ(all.find("code"), std::string::npos) << name;
        EXPECT_EQ(content->text.find("\n\n\n"), std::string::npos) << name << content->text;
    }
}

TEST(Templates, ReminderDoesNotPressWithStock) {
    auto const content = shipped().render("cart_reminder_email", Channel::email, Scene().with({{"1", 2}}));
    ASSERT_TRUE(content);
    EXPECT_EQ((content->text + content->html).find("nly 2 left"), std::string::npos);
}

TEST(Templates, DeclinedPaymentNeverSaysWhy) {
    Scene scene;
    for (auto const* code : {"fraudulent", "lost_card", "stolen_card", "insufficient_funds", "do_not_honor"}) {
        scene.payment.attempts["a"].decline_code = code;
        auto const variables = scene.with();
        EXPECT_EQ(variables["payment"]["code_class"], "general");
        EXPECT_EQ(variables.dump().find(code), std::string::npos);
    }
}

TEST(Templates, NobodyIsAskedToTryAgainOverASuspicionOfFraud) {
    Scene scene;
    for (auto const* code : {"fraudulent", "stolen_card", "pickup_card"}) {
        scene.payment.attempts["a"].decline_code = code;
        for (auto const* name : {"payment_failed_email", "payment_last_email", "payment_failed_sms"}) {
            bool const mail = std::string_view(name).ends_with("_email");
            auto const content = shipped().render(name, mail ? Channel::email : Channel::sms, scene.with());
            ASSERT_TRUE(content);
            for (auto const* words : {"try again", "Try again", "fraud", "stolen"})
                EXPECT_EQ((content->text + content->html).find(words), std::string::npos) << name << " " << code << ": " << words;
        }
    }
}

TEST(Templates, WithoutItsIncentiveTheMailOnlyReminds) {
    Scene scene;
    scene.incentive = {};
    auto const content = shipped().render("cart_incentive_email", Channel::email, scene.with());
    ASSERT_TRUE(content);
    for (auto const* part : {&content->subject, &content->text, &content->html}) {
        EXPECT_EQ(part->find("% off"), std::string::npos) << *part;
        EXPECT_EQ(part->find("discount"), std::string::npos) << *part;
    }
    EXPECT_NE(content->subject.find("Demo"), std::string::npos);
}

TEST(Templates, LongOrExoticTitlesStillFitTwoSegments) {
    Scene scene;
    scene.cart.content.value.lines[0].title = "🧢 Überlange Mütze mit ganz besonders langem Namen für kalte Tage";
    auto const content = shipped().render("cart_reminder_sms", Channel::sms, scene.with());
    ASSERT_TRUE(content) << content.error().message;
    EXPECT_LE(core::sms_length(content->text).segments, 2U);
    EXPECT_NE(content->text.find(scene.links.restore_url), std::string::npos);
    EXPECT_NE(content->text.find("STOP"), std::string::npos);
}

TEST(Templates, HostileTitlesAndNamesStayText) {
    Scene scene;
    scene.cart.content.value.lines[0].title = "<script>alert(1)</script>\r\nBcc: a@b.c{{ shop.name }}\x01\xe2\x80\xae" "gnp.exe";
    scene.cart.content.value.lines[0].image_url = "javascript:alert(1)";
    scene.person.first_name.value = "http://evil.example click";
    auto const variables = scene.with();
    EXPECT_TRUE(variables["customer"]["first_name"].is_null());
    EXPECT_TRUE(variables["cart"]["line_items"][0]["image"].is_null());
    auto const content = shipped().render("cart_reminder_email", Channel::email, variables);
    ASSERT_TRUE(content);
    EXPECT_EQ(content->html.find("<script>"), std::string::npos);
    EXPECT_NE(content->html.find("&lt;script&gt;"), std::string::npos);
    EXPECT_EQ(content->text.find('\r'), std::string::npos);
    EXPECT_EQ(content->text.find("\xe2\x80\xae"), std::string::npos);
    EXPECT_NE(content->text.find("{{ shop.name }}"), std::string::npos);   // data is never a template
    EXPECT_EQ(content->subject, "Your cart at Demo & Sons is saved");
}

TEST(CleanName, LetsNamesThroughAndLinksNot) {
    for (auto const* good : {"Ann", "J. R.", "Ann-Marie O'Neil", "Zoë", "李"}) EXPECT_EQ(core::clean_name(good), good);
    for (auto const* bad : {"evil.example", "www.x.y", "a@b", "http://x", "12345", "", "<b>"})
        EXPECT_EQ(core::clean_name(bad), "") << bad;
}

}  // namespace
}  // namespace recoup
