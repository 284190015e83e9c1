#include "service/delivery/composer.hpp"

#include "core/fold/subscriptions.hpp"
#include "core/link/permalink.hpp"
#include "core/link/pixel.hpp"
#include "core/mark/mark.hpp"
#include "core/template/variables.hpp"
#include "core/web/text.hpp"

#include "recoup/base/digest.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace recoup::service {
namespace {

std::string full_name(Person const& person) {
    auto const first = core::clean_name(person.first_name.value);
    auto const last = core::clean_name(person.last_name.value);
    return first.empty() || last.empty() ? first + last : first + " " + last;
}

/// A link lives from the planned time on, so that a repetition is the same request.
std::string link(std::string const& public_url, core::LinkKey const& key, DueStep const& due, std::string const& message_id,
                 core::LinkPurpose purpose) {
    core::LinkClaims claims;
    claims.shop_id = due.shop->id;
    claims.message_id = message_id;
    claims.purpose = purpose;
    claims.expires_at = std::chrono::floor<Seconds>(due.step.planned_at) + core::link_life(purpose);
    return core::link_url(public_url, claims, key);
}

/// "de-AT": the template of that name and language, else of its language alone, else the one without.
std::string in_language(TemplateEngine const& templates, std::string const& name, Channel channel, std::string const& locale) {
    auto language = core::lower_ascii(locale);
    std::replace(language.begin(), language.end(), '_', '-');
    while (!language.empty()) {
        if (auto const own = name + "." + language; templates.exists(own, channel)) return own;
        auto const end = language.rfind('-');
        language.resize(end == language.npos ? 0 : end);
    }
    return name;
}

/// Of the checkout, else of the person, else of the shop.
std::string locale_of(DueStep const& due) {
    if (due.cart && due.cart->locale.known()) return due.cart->locale.value;
    return due.person.locale.known() ? due.person.locale.value : due.shop->locale;
}

/// Of everything that the provider gets but the time of the call.
std::string request_hash(Message const& message) {
    std::string all;
    for (auto const& part : {std::string(name(message.channel)), message.to, message.from, message.reply_to, message.content.subject,
                             message.content.text, message.content.html})
        all += std::to_string(part.size()) + ":" + part;
    return to_hex(sha256(all));
}

}  // namespace

Result<MessageDraft> Composer::compose(DueStep const& due, SequenceStep const& step, core::StepVerdict const& verdict,
                                       Instant now) const {
    MessageDraft draft;
    Message& message = draft.message;
    message.id = stable_id("msg", {due.shop->id, due.enrollment.id, std::to_string(due.step.step)});
    message.shop_id = due.shop->id;
    message.channel = step.channel;
    message.to = verdict.address;
    message.to_name = full_name(due.person);
    message.date = now;
    message.from = step.channel == Channel::sms ? due.shop->sms_from : due.shop->email_from;

    core::MessageLinks links;
    links.restore_url = link(settings_.public_url, settings_.link_key, due, message.id, core::LinkPurpose::restore);
    links.unsubscribe_url = link(settings_.public_url, settings_.link_key, due, message.id, core::LinkPurpose::unsubscribe);
    if (step.channel == Channel::email) {
        message.unsubscribe_url = links.unsubscribe_url;
        message.list_id = "recovery." + due.shop->domain;
        message.feedback_id = due.enrollment.sequence + "-" + step.name + ":" + due.shop->id + ":recovery:recoup";
    }

    Cart cart = due.cart.value_or(Cart{});
    cart.content.value = verdict.cart;   // only what can still be bought, at the price of today
    auto const* subscription = due.enrollment.trigger == Trigger::subscription_cancelled ? core::newest_cancelled(due.person) : nullptr;
    core::TemplateInput const input{due.shop, due.person, step, links, verdict.incentive, due.cart ? &cart : nullptr,
                                    due.payment ? &*due.payment : nullptr, subscription, core::pieces_of(due.goods)};
    auto content = templates_.render(in_language(templates_, step.template_name, step.channel, locale_of(due)), step.channel, core::variables(input));
    if (!content) return content.error();
    message.content = std::move(*content);
    if (settings_.open_pixel && step.channel == Channel::email)
        core::add_pixel(message.content.html, link(settings_.public_url, settings_.link_key, due, message.id, core::LinkPurpose::open));

    draft.enrollment_id = due.enrollment.id;
    draft.person_id = due.person.id;
    draft.cart_id = due.enrollment.cart_id;
    draft.sequence = due.enrollment.sequence;
    draft.step_name = step.name;
    draft.step = due.step.step;
    draft.target_url = core::link_target(due.shop, {input.cart, input.payment, input.subscription}, verdict.incentive.code);
    // A link of the store's own leads back to its own checkout, and stays as it is.
    bool const ours = !(input.payment && draft.target_url == input.payment->recovery_url.value) &&
                      !(input.cart && draft.target_url == input.cart->recovery_url.value) &&
                      !(input.subscription && draft.target_url == input.subscription->recovery_url.value);
    if (ours) draft.target_url = core::with_mark(std::move(draft.target_url), message.id);
    draft.incentive_percent = static_cast<int>(verdict.incentive.percent);
    draft.planned_at = due.step.planned_at;
    draft.request_hash = request_hash(message);
    return draft;
}

}  // namespace recoup::service
