#include "simulation/judge.hpp"

#include "core/fold/browse.hpp"

#include <date/tz.h>

#include <algorithm>

namespace recoup::simulation {
namespace {

using std::chrono::hours;

bool has_any(Event const& event, std::set<IdentityKey> const& keys) {
    return std::any_of(event.keys.begin(), event.keys.end(), [&](IdentityKey const& key) { return keys.contains(key); });
}

std::vector<ConsentChanged> consents_of(Event const& event) {
    auto all = event.consents;
    if (auto const* own = std::get_if<ConsentChanged>(&event.body); own != nullptr) all.push_back(*own);
    return all;
}

bool withdraws(ConsentState state) { return state == ConsentState::revoked || state == ConsentState::denied; }

int local_hour(Instant at, std::string const& zone) {
    auto const local = date::locate_zone(zone)->to_local(at);
    return static_cast<int>(std::chrono::floor<hours>(local - date::floor<date::days>(local)).count());
}

/// Of one cart's events, when it was last touched; nullopt: nothing is in it, it was deleted since or bought.
std::optional<Instant> left_open(std::vector<Event const*> const& told) {
    Event const* newest = nullptr;
    Instant activity{}, deleted{};
    for (auto const* event : told) {
        if (std::holds_alternative<OrderPlaced>(event->body)) return std::nullopt;
        if (std::holds_alternative<CartDeleted>(event->body)) deleted = std::max(deleted, event->occurred_at);
        if (!std::holds_alternative<CartChanged>(event->body)) continue;
        activity = std::max(activity, event->occurred_at);
        if (newest == nullptr || event->version() > newest->version()) newest = event;
    }
    if (newest == nullptr || deleted >= activity || std::get<CartChanged>(newest->body).lines.empty()) return std::nullopt;
    return activity;
}

}  // namespace

Judge::Judge(Scene& scene) : scene_(scene), durable_(scene.script.shoppers.size()) {
    for (std::size_t i = 0; i < scene.script.shoppers.size(); ++i) {
        shopper_of_[scene.script.shoppers[i].email] = i;
        shopper_of_[scene.script.shoppers[i].phone] = i;
    }
}

void Judge::violate(std::string invariant, Message const& message, std::string const& detail) {
    scene_.violate(std::move(invariant), std::string(recoup::name(message.channel)) + " " + message.id + " to " + message.to + ": " + detail);
}

void Judge::durable(std::size_t arrival) {
    auto const& [at, shopper, event] = scene_.arrivals[arrival];
    if (shopper != no_shopper) durable_[shopper].emplace_back(scene_.appended, arrival);
    if (auto const* touch = std::get_if<MessageFeedback>(&event.body); touch != nullptr)
        touches_[touch->message_id].emplace_back(scene_.appended, arrival);
}

/// Durable before the barrier, or folded before the claim.
bool Judge::was_known(std::uint64_t sequence, Event const& event, Claim const& claim) const {
    if (sequence <= claim.barrier) return true;
    auto const fold = fold_of_.find(event.id);
    return fold != fold_of_.end() && fold->second <= claim.folds;
}

/// What was durable and, by the keys in it, about the one who has `keys`.
Judge::Known Judge::known(std::size_t shopper, Claim const& claim, std::set<IdentityKey> keys) const {
    std::set<std::size_t> joined;
    for (bool grows = true; grows;) {
        grows = false;
        for (auto const& [sequence, arrival] : durable_[shopper]) {
            auto const& event = scene_.arrivals[arrival].event;
            if (joined.contains(arrival) || !has_any(event, keys) || !was_known(sequence, event, claim)) continue;
            keys.insert(event.keys.begin(), event.keys.end());
            grows = joined.insert(arrival).second;
        }
    }
    Known events;
    for (auto const arrival : joined) events.push_back(&scene_.arrivals[arrival].event);
    return events;
}

void Judge::folded(std::vector<std::string> const& event_ids) {
    ++folds_;
    for (auto const& id : event_ids) fold_of_.emplace(id, folds_);
}

void Judge::called(Message const& message, Claim const& claim) {
    ++scene_.calls;
    if (scene_.now >= claim.lease_ends)
        violate("no call begins after its lease ended", message, "it ended at " + to_rfc3339(claim.lease_ends));
    if (message.date + std::chrono::seconds{5} < claim.claimed_at)
        violate("decisions are of the moment", message,
                "decided for " + to_rfc3339(message.date) + ", claimed at " + to_rfc3339(claim.claimed_at));
}

void Judge::accepted(Message const& message, Claim const& claim) {
    ++effects_;
    accepted_.insert(message.id);
    auto const who = shopper_of_.find(message.to);
    if (who == shopper_of_.end()) return violate("messages go to shoppers", message, "nobody has this address");
    auto& left = left_of_step_[{claim.enrollment_id, claim.step}];
    left.push_back({message.id, scene_.now});
    if (left.size() > 1)
        violate("at most one message a step", message, claim.enrollment_id + " step " + std::to_string(claim.step));
    auto keys = claim.cart_tokens;
    keys.insert({message.channel == Channel::email ? KeyKind::email : KeyKind::phone, message.to});
    auto const events = known(who->second, claim, std::move(keys));
    judge_wishes(message, claim, events);
    if (claim.trigger == Trigger::cart) judge_cart(message, claim, events);
    else if (claim.trigger == Trigger::browse) judge_browse(message, claim, events);
    else judge_payment(message, claim, events);
    judge_reading(message, claim);
    if (scene_.now + scene_.clock_error() < claim.planned_at)
        violate("nothing is sent early", message, "planned at " + to_rfc3339(claim.planned_at));
    if (message.date > claim.useful_until)
        violate("nothing is sent past its usefulness", message, "useful until " + to_rfc3339(claim.useful_until));
    judge_hours(message, scene_.script.shoppers[who->second]);
    auto& seen = seen_by_[who->second];
    judge_caps(message, seen);
    judge_law(message, claim, events, scene_.script.shoppers[who->second], seen);
    seen.push_back({message.channel, message.date, claim.enrollment_id + "/" + std::to_string(claim.step), claim.cart_id});
    decided_.push_back(message.date);
}

/// Erasure, suppression and consent, as the person said them.
void Judge::judge_wishes(Message const& message, Claim const& claim, Known const& events) {
    Instant stopped{}, lifted{};
    std::pair<Instant, int> newest{never, 0};     // at, strictness
    bool granted = false;
    for (auto const* event : events) {
        if (std::holds_alternative<PersonErased>(event->body)) violate("none after an erasure", message, event->id);
        for (auto const& consent : consents_of(*event)) {
            if (consent.channel != message.channel || consent.address != message.to) continue;
            if (consent.suppress) stopped = std::max(stopped, event->occurred_at);
            else if (consent.state == ConsentState::granted && consent.method != "checkout")
                lifted = std::max(lifted, event->occurred_at);
            std::pair const rank{event->occurred_at, withdraws(consent.state) ? 1 : 0};
            if (rank < newest) continue;
            newest = rank;
            granted = consent.state == ConsentState::granted;
        }
    }
    if (stopped != never && lifted <= stopped) violate("none after an unsubscribe", message, "said at " + to_rfc3339(stopped));
    if (!granted) violate("none without consent", message, "the newest word is not a yes");
    auto const refused = refused_.find({message.channel, message.to});
    if (refused != refused_.end() && refused->second < claim.step_of_run) violate("none after a refusal for good", message, "");
}

void Judge::judge_cart(Message const& message, Claim const& claim, Known const& events) {
    Instant activity{};
    CartChanged const* content = nullptr;
    Version content_version{};
    for (auto const* event : events) {
        auto const* body = std::get_if<CartChanged>(&event->body);
        if (body == nullptr || !has_any(*event, claim.cart_tokens)) continue;
        activity = std::max(activity, event->occurred_at);
        if (body->has_content && event->version() > content_version) {
            content = body;
            content_version = event->version();
        }
    }
    if (content != nullptr && content->lines.empty()) violate("none for an emptied cart", message, "");
    for (auto const* event : events) {
        if (std::holds_alternative<CartDeleted>(event->body) && has_any(*event, claim.cart_tokens) && event->occurred_at >= activity)
            violate("none for a deleted checkout", message, event->id);
        auto const* order = std::get_if<OrderPlaced>(&event->body);
        if (order == nullptr) continue;
        if (has_any(*event, claim.cart_tokens) || order->placed_at >= activity)
            violate("none after an order", message, event->id + " placed at " + to_rfc3339(order->placed_at));
    }
}

/// Who looked and bought, or has a cart by now, hears nothing of what they looked at.
void Judge::judge_browse(Message const& message, Claim const& claim, Known const& events) {
    ++browse_effects_;
    Instant looked{};
    std::map<std::string, std::vector<Event const*>> carts;   // by the end of its tokens
    for (auto const* event : events) {
        if (auto const key = core::browse_key(*event); key && claim.cart_tokens.contains(*key)) looked = std::max(looked, event->occurred_at);
        for (auto const& key : event->keys)
            if (key.kind == KeyKind::checkout_token) carts[key.value].push_back(event);
    }
    auto const bought_since = [&](Instant at) {
        return std::any_of(events.begin(), events.end(), [&](Event const* event) {
            auto const* order = std::get_if<OrderPlaced>(&event->body);
            return order != nullptr && order->placed_at >= at;
        });
    };
    if (bought_since(looked)) violate("none after an order", message, "looked at " + to_rfc3339(looked));
    for (auto const& [token, told] : carts)
        if (auto const at = left_open(told); at && !bought_since(*at)) violate("none of what was looked at beside a cart", message, token);
}

/// What the script's sequences ask: no text to who opened the reminder, no last call to who clicked the incentive.
void Judge::judge_reading(Message const& message, Claim const& claim) {
    if (claim.trigger != Trigger::cart || (claim.step != 1 && claim.step != 3)) return;
    auto const earlier = left_of_step_.find({claim.enrollment_id, claim.step - 1});
    if (earlier == left_of_step_.end()) return;
    for (auto const& [message_id, left_at] : earlier->second) {
        auto const touches = touches_.find(message_id);
        if (touches == touches_.end()) continue;
        for (auto const& [sequence, arrival] : touches->second) {
            auto const& event = scene_.arrivals[arrival].event;
            auto const& touch = std::get<MessageFeedback>(event.body);
            bool const enough = touch.kind == FeedbackKind::clicked || claim.step == 1;
            auto const read_after = event.occurred_at - left_at - 2 * scene_.clock_error();   // by an instance's clock
            if (touch.machine || !enough || read_after < machine_quick || !was_known(sequence, event, claim)) continue;
            violate("what was read is answered for", message, event.id);
        }
    }
}

void Judge::judge_payment(Message const& message, Claim const& claim, Known const& events) {
    for (auto const* event : events) {
        auto const* payment = std::get_if<PaymentChanged>(&event->body);
        if (payment != nullptr && payment->payment_id == claim.payment_id && payment->state == PaymentState::paid)
            violate("none after a payment went through", message, event->id);
    }
}

/// By the clock of the instance that decided: a clock that is wrong cannot know better.
void Judge::judge_hours(Message const& message, Shopper const& shopper) {
    if (message.channel != Channel::sms) return;
    auto const hour = local_hour(message.date, shopper.zone);
    if (hour >= 21 || hour < 8)
        violate("quiet hours hold", message, std::to_string(hour) + " o'clock in " + shopper.zone);
}

void Judge::judge_caps(Message const& message, std::vector<Effect> const& before) {
    auto const& policy = scene_.options.policy;
    auto const error = 2 * scene_.clock_error();   // two clocks, one too fast and one too slow
    int within = 0;
    for (auto const& effect : before) {
        auto const gap = std::max(message.date - effect.decided_at, effect.decided_at - message.date);
        if (gap + error < policy.min_gap) violate("messages keep their distance", message, "close to " + effect.what);
        if (gap + error < policy.person_cap.window) ++within;
    }
    auto const of_shop = std::count_if(decided_.begin(), decided_.end(), [&](Instant at) {
        return std::max(message.date - at, at - message.date) + error < policy.shop_cap.window;
    });
    if (!policy.shop_cap.none() && of_shop >= policy.shop_cap.max)
        violate("the cap of the shop holds", message, std::to_string(of_shop + 1) + " of " + std::to_string(policy.shop_cap.max));
    if (within >= policy.person_cap.max)
        violate("the cap holds", message, std::to_string(within + 1) + " of " + std::to_string(policy.person_cap.max));
}

/// What the packs say of the places where shoppers live, once more.
void Judge::judge_law(Message const& message, Claim const& claim, Known const& events, Shopper const& shopper,
                      std::vector<Effect> const& before) {
    if (shopper.country == "DE") judge_confirmed(message, events);
    if (message.channel != Channel::sms || shopper.country != "US") return;
    auto const hour = local_hour(message.date, shopper.zone);
    if ((shopper.region == "IL" || shopper.region == "CA") && hour < 9)
        violate("the hours of the law hold", message, std::to_string(hour) + " o'clock in " + shopper.region);
    if (claim.trigger != Trigger::cart) return;
    auto const two_days = hours{48} + 2 * scene_.clock_error();
    if (message.date - claim.anchor_at > two_days) violate("a text about a cart comes within 48 hours", message, "left at " + to_rfc3339(claim.anchor_at));
    for (auto const& effect : before)
        if (effect.channel == Channel::sms && effect.cart_id == claim.cart_id &&
            message.date - effect.decided_at + 2 * scene_.clock_error() < hours{48})
            violate("one text a cart", message, "after " + effect.what);
}

/// A yes that no double opt-in confirmed is not enough, but for a customer.
void Judge::judge_confirmed(Message const& message, Known const& events) {
    Instant confirmed{}, withdrawn{};
    for (auto const* event : events) {
        if (std::holds_alternative<OrderPlaced>(event->body)) return;
        for (auto const& consent : consents_of(*event)) {
            if (consent.channel != message.channel || consent.address != message.to) continue;
            if (withdraws(consent.state)) withdrawn = std::max(withdrawn, event->occurred_at);
            if (consent.confirmed && consent.state == ConsentState::granted) confirmed = std::max(confirmed, event->occurred_at);
        }
    }
    if (confirmed <= withdrawn) violate("none without a double opt-in where the law wants it", message, "");
}

void Judge::instant_over() {
    auto const& state = scene_.database.state();
    auto const patience = hours{1} + 2 * scene_.clock_error();
    if (!state.leased_steps.empty() && state.leased_steps.begin()->first + patience < scene_.now)
        scene_.violate("every lease ends", state.leased_steps.begin()->second.enrollment_id + " is held since long");
    if (!state.due_steps.empty() && state.due_steps.begin()->first + patience < scene_.now)
        scene_.violate("what is due is done", state.due_steps.begin()->second.enrollment_id + " waits since long");
}

void Judge::world_over() {
    auto const& state = scene_.database.state();
    for (auto const& arrival : scene_.arrivals)
        if (!state.inbox.contains({shop_id, arrival.event.id}))
            return scene_.violate("acknowledged means stored", arrival.event.id + " is not in the inbox");
    if (!state.leased_steps.empty())
        scene_.violate("every lease ends", state.leased_steps.begin()->second.enrollment_id + " is still held");
    if (!state.due_steps.empty())
        scene_.violate("what is due is done", state.due_steps.begin()->second.enrollment_id + " still waits");
    judge_records();
}

/// What is recorded of a message is what happened to it.
void Judge::judge_records() {
    for (auto const& [id, row] : scene_.database.state().messages) {
        bool const left = accepted_.contains(id.second);
        auto const& who = row->draft.message;
        switch (row->status) {
            case MessageStatus::sent:
                if (!left) violate("sent means sent", who, "the provider never took it");
                break;
            case MessageStatus::unknown: break;
            case MessageStatus::rejected:
            case MessageStatus::retry:
                if (left) violate("what left is recorded", who, "recorded as not sent");
                break;
            case MessageStatus::sending: violate("every message gets its outcome", who, "still sending at the end"); break;
        }
    }
    for (auto const& message_id : accepted_)
        if (!scene_.database.state().messages.contains({shop_id, message_id}))
            scene_.violate("what left is recorded", message_id + " has no row");
}

}  // namespace recoup::simulation
