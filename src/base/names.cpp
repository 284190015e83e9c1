// The closed sets and their names, once for code, SQL, API, metrics and docs.
#include "recoup/domain/decision.hpp"
#include "recoup/domain/enrollment.hpp"
#include "recoup/domain/event.hpp"
#include "recoup/domain/letter.hpp"
#include "recoup/domain/message.hpp"
#include "recoup/domain/pause.hpp"
#include "recoup/domain/sequence.hpp"

#include <array>

namespace recoup {
namespace {

template <class Enum, std::size_t N>
std::optional<Enum> find(std::array<std::string_view, N> const& names, std::string_view text) {
    for (std::size_t i = 0; i < N; ++i)
        if (names[i] == text) return static_cast<Enum>(i);
    return std::nullopt;
}

constexpr std::array<std::string_view, 4> channels{"email", "sms", "push", "ads"};
constexpr std::array<std::string_view, 5> consents{"unknown", "granted", "pending", "denied", "revoked"};
constexpr std::array<std::string_view, 6> stages{"browse", "cart", "checkout", "contact", "shipping", "payment"};
constexpr std::array<std::string_view, 12> behaviours{
    "page_viewed",       "product_viewed",          "cart_viewed",         "cart_changed",
    "checkout_viewed",   "checkout_scrolled",       "payment_method_selected", "payment_error_shown",
    "tab_hidden",        "tab_shown",               "step_timed",          "identified"};
constexpr std::array<std::string_view, 7> feedbacks{"delivered", "bounced", "complained", "opened",
                                                    "clicked",   "restored", "failed"};
constexpr std::array<std::string_view, 6> triggers{"cart",     "payment_failure", "recurring_payment_failure",
                                                   "checkout", "browse",          "subscription_cancelled"};
constexpr std::array<std::string_view, 2> otherwises{"skip", "send"};
constexpr std::array<std::string_view, 6> verdicts{"send", "skip", "move", "end", "open", "hold"};
constexpr std::array<std::string_view, 4> outcomes{"sent", "retry_later", "rejected", "unknown"};
constexpr std::array<std::string_view, 5> message_statuses{"sending", "sent", "retry", "rejected", "unknown"};
constexpr std::array<std::string_view, 5> step_waits{"none", "paused", "resumed", "rate_limited", "provider_down"};
constexpr std::array<std::string_view, 5> step_states{"planned", "sending", "done", "skipped", "void"};
constexpr std::array<std::string_view, std::variant_size_v<EventBody>> bodies{
    "unknown",        "cart_changed",   "cart_deleted", "order_placed",     "order_refunded",  "payment_changed",
    "customer_changed", "consent_changed", "person_erased", "data_requested", "shop_erased",  "shop_uninstalled",
    "product_changed", "stock_changed", "behaviour_seen", "message_feedback", "dead_lettered",  "subscription_changed",
    "coupon_changed"};

constexpr std::array<std::string_view, 3> letter_kinds{"unusable", "unreadable", "poison"};
constexpr std::array<std::string_view, 2> letter_forms{"body", "record"};
constexpr std::array<std::string_view, 4> letter_ends{"dropped", "replayed", "expired", "crowded_out"};

struct ReasonInfo {
    std::string_view name;
    std::string_view sentence;
    bool healthy;
};
constexpr std::array<ReasonInfo, reason_count> reasons{{
    {"ok", "Nothing forbade it.", true},
    {"idle", "The cart saw no activity for the idle time, so it counts as abandoned.", true},
    {"predicted", "The model expected the person to leave, so the enrollment opened early.", true},
    {"payment_failed", "A payment failed.", true},
    {"holdout", "The person is in the control group, which gets nothing, so that the lift can be measured.", true},
    {"ordered", "The person bought.", true},
    {"paid", "The failed payment went through.", true},
    {"erased", "The data of this person or shop was erased on request.", true},
    {"uninstalled", "The shop uninstalled the app.", true},
    {"no_address", "There was no address for this channel.", true},
    {"no_consent", "The person has not consented to this channel.", true},
    {"suppressed", "The address must not be contacted on this channel (unsubscribe, STOP, bounce or complaint).", true},
    {"condition", "The step's own condition did not hold.", true},
    {"exit_rule", "The sequence says that it ends in this case.", true},
    {"send_window", "It was outside the hours or days that the step is meant for, so the step moved.", true},
    {"quiet_hours", "It was outside the allowed hours where the person lives, so the step moved.", true},
    {"too_late", "It would have come too late to be useful, so the step was dropped.", true},
    {"frequency_cap", "The person had got as many messages as the cap allows.", true},
    {"sms_once_per_cart", "The cart had as many SMS as the law allows for one cart.", true},
    {"cart_emptied", "The shopper emptied the cart.", true},
    {"cart_deleted", "The store deleted the checkout.", true},
    {"below_floor", "The cart is worth less than the floor.", true},
    {"sold_out", "Nothing in the cart can be bought any more.", true},
    {"superseded", "A newer cart of the same person took over, or the cart changed and its plan was made anew.", true},
    {"decline_hard", "This decline must not be followed up.", true},
    {"no_adapter", "No adapter is configured for this channel; set channel.<name>.", false},
    {"template_error", "The template could not be rendered; run the named template through a preview.", false},
    {"rejected", "The provider refused the message for good.", false},
    {"retry_exhausted", "The provider kept failing until the step was no longer useful.", false},
    {"outcome_unknown", "The provider may or may not have sent it; it is never sent again blindly.", false},
    {"completed", "Every step is done.", true},
    {"paused", "Sending is paused for this shop, channel or sequence; the step waits until it is resumed or of no use.", true},
    {"rate_limited", "The rate of this channel's account was used up, so the step got a later place in its queue.", true},
    {"provider_down", "The provider kept failing, so it is left alone for a while and the step waits.", false},
    {"overdue", "It was due long before anything could be sent, so it got a moment of its own, apart from the others.", true},
    {"law_hours", "The law where the person lives allows no such message at that hour or day, so the step moved.", true},
    {"law_cap", "The person had got as many messages as the law where they live allows.", true},
    {"past_deadline", "The law allows such a message only for a time after the cart was left, and that is over.", true},
    {"not_confirmed", "The law or the policy wants a confirmed (double) opt-in, and there is none.", true},
    {"consent_expired", "The consent is older than the law or the policy lets it be.", true},
    {"under_age", "The person was too young to consent by themselves.", true},
    {"shop_cap", "The shop had sent as many messages as policy.cap_shop allows; raise it when that is too few.", false},
    {"no_postal_address", "The law wants the shop's postal address in the message; set it with `recoup shop set --postal-address`.",
     false},
    {"content_missing", "The law wants something in the message that its template does not show; the trace names it.", false},
    {"subscription_cancelled", "A subscription of the person ended.", true},
    {"subscribed", "The person has a subscription again.", true},
    {"no_incentive", "The discount that the step is about cannot be given now, so it was not promised.", true},
    {"other_channel", "It comes from a sales channel that is not recovered (track.sources), or the store itself made a draft order.", true},
    {"not_a_customer", "It is a test, one of the staff, a crawler or an address that nobody reads (track.addresses, track.staff).", true},
    {"bought_elsewhere", "An order under another name went to the same postal address or came by a link of ours.", true},
    {"restarts_used", "The cart was changed more often than track.max_restarts, so its plan stands.", true},
    {"order_cancelled", "The order that was to be paid was cancelled.", true},
    {"card_testing", "It is one of a burst of failed payments, as thieves make who try out cards (track.card_testing).", true},
}};

}  // namespace

std::string_view name(Channel channel) { return channels[static_cast<std::size_t>(channel)]; }
std::optional<Channel> channel_from(std::string_view text) { return find<Channel>(channels, text); }
std::string_view name(ConsentState state) { return consents[static_cast<std::size_t>(state)]; }
std::optional<ConsentState> consent_state(std::string_view text) { return find<ConsentState>(consents, text); }
constexpr int first_stage = static_cast<int>(Stage::browse);
std::string_view name(Stage stage) { return stages[static_cast<std::size_t>(static_cast<int>(stage) - first_stage)]; }
std::optional<Stage> stage_from(std::string_view text) {
    for (std::size_t i = 0; i < stages.size(); ++i)
        if (stages[i] == text) return static_cast<Stage>(static_cast<int>(i) + first_stage);
    return std::nullopt;
}
std::string_view name(BehaviourKind kind) { return behaviours[static_cast<std::size_t>(kind)]; }
std::optional<BehaviourKind> behaviour_kind(std::string_view text) { return find<BehaviourKind>(behaviours, text); }
std::string_view name(FeedbackKind kind) { return feedbacks[static_cast<std::size_t>(kind)]; }
std::string_view name(Trigger trigger) { return triggers[static_cast<std::size_t>(trigger)]; }
std::optional<Trigger> trigger_from(std::string_view text) { return find<Trigger>(triggers, text); }
Trigger lane(Trigger trigger) {
    return trigger == Trigger::checkout || trigger == Trigger::browse ? Trigger::cart : trigger;
}
std::string_view name(Otherwise otherwise) { return otherwises[static_cast<std::size_t>(otherwise)]; }
std::optional<Otherwise> otherwise_from(std::string_view text) { return find<Otherwise>(otherwises, text); }
std::string_view name(Verdict verdict) { return verdicts[static_cast<std::size_t>(verdict)]; }
std::string_view name(OutcomeKind kind) { return outcomes[static_cast<std::size_t>(kind)]; }
std::string_view name(MessageStatus status) { return message_statuses[static_cast<std::size_t>(status)]; }
std::optional<MessageStatus> message_status_from(std::string_view text) { return find<MessageStatus>(message_statuses, text); }
std::string_view name(StepState state) { return step_states[static_cast<std::size_t>(state)]; }
std::optional<StepState> step_state_from(std::string_view text) { return find<StepState>(step_states, text); }
std::string_view name(StepWait wait) { return step_waits[static_cast<std::size_t>(wait)]; }
std::optional<StepWait> step_wait_from(std::string_view text) { return find<StepWait>(step_waits, text); }
std::optional<StepWait> wait_for(Reason reason) {
    if (reason == Reason::paused) return StepWait::paused;
    if (reason == Reason::rate_limited) return StepWait::rate_limited;
    if (reason == Reason::provider_down) return StepWait::provider_down;
    if (reason == Reason::overdue) return StepWait::resumed;
    return std::nullopt;
}
std::string scope_text(Pause const& pause) {
    std::string text;
    auto const add = [&](std::string_view what, std::string_view of) {
        if (!of.empty()) text += (text.empty() ? "" : ", ") + std::string(what) + " " + std::string(of);
    };
    add("shop", pause.shop_id);
    add("channel", pause.channel ? name(*pause.channel) : std::string_view{});
    add("sequence", pause.sequence);
    return text.empty() ? "everything" : text;
}
std::string_view name(LetterKind kind) { return letter_kinds[static_cast<std::size_t>(kind)]; }
std::optional<LetterKind> letter_kind(std::string_view text) { return find<LetterKind>(letter_kinds, text); }
std::string_view name(LetterForm form) { return letter_forms[static_cast<std::size_t>(form)]; }
std::optional<LetterForm> letter_form(std::string_view text) { return find<LetterForm>(letter_forms, text); }
std::string_view name(LetterEnd end) { return letter_ends[static_cast<std::size_t>(end)]; }
std::string_view body_name(EventBody const& body) { return bodies[body.index()]; }

std::string_view name(Reason reason) { return reasons[static_cast<std::size_t>(reason)].name; }
std::string_view sentence(Reason reason) { return reasons[static_cast<std::size_t>(reason)].sentence; }
bool reason_is_healthy(Reason reason) { return reasons[static_cast<std::size_t>(reason)].healthy; }
std::optional<Reason> reason_from(std::string_view text) {
    for (std::size_t i = 0; i < reasons.size(); ++i)
        if (reasons[i].name == text) return static_cast<Reason>(i);
    return std::nullopt;
}

}  // namespace recoup
