#include "app/cli/commands.hpp"
#include "app/commands/database.hpp"
#include "app/daemon/policy_settings.hpp"
#include "app/sequence_timeline.hpp"
#include "core/fold/merge.hpp"
#include "core/law/place_tables.hpp"

#include <algorithm>

namespace recoup::app {
namespace {

/// "4h", and "13h02m" when no one unit says it.
std::string after_text(Millis after) {
    auto const minutes = std::chrono::floor<std::chrono::minutes>(after);
    if (minutes < std::chrono::hours{1} || minutes % std::chrono::hours{1} == std::chrono::minutes{0}) return to_duration_text(minutes);
    auto const rest = std::to_string((minutes % std::chrono::hours{1}).count());
    return std::to_string(std::chrono::floor<std::chrono::hours>(minutes).count()) + "h" + (rest.size() == 1 ? "0" : "") + rest + "m";
}

constexpr char email[] = "shopper@example.com";

/// A number of the place, so that it says nothing else than the address.
std::string phone_in(std::string const& country, std::string const& region) {
    for (auto const& [name, codes] : core::tables::area_regions)
        if (name == country + "-" + region) return "+1" + std::string(codes.substr(0, 3)) + "5550123";
    for (auto const& [code, of] : core::tables::calling_codes)
        if (of == country) return std::string(code) + "2025550123";
    return "+18005550123";
}

void agree(Person& person, Channel channel, std::string const& address, Version const& version) {
    Consent consent{channel, address, ConsentState::granted, "simulate", version};
    consent.confirmed_at = version.at;
    person.consents[core::consent_key(channel, address)] = consent;
}

Result<core::SendFacts> shopper(SimulateOptions const& options, core::Policy const& policy) {
    auto const at = parse_rfc3339(options.at);
    if (!at) return error(Errc::invalid, "--at: write a time such as 2026-03-02T18:00:00Z");
    auto const minor = parse_minor(options.value, options.currency);
    if (!minor) return error(Errc::invalid, "--value: " + minor.error().message);
    auto const stage = stage_from(options.stage);
    if (!stage) return error(Errc::invalid, "--stage: one of cart, checkout, contact, shipping and payment");
    Version const version{*at, 0, 1};

    core::SendFacts facts;
    facts.shop.own().id = "simulate";
    facts.shop.own().timezone = "UTC";
    facts.shop.own().postal_address = "simulate";
    facts.person.id = "shopper";
    facts.person.email.offer(email, version);
    agree(facts.person, Channel::email, email, version);
    if (!options.no_phone) {
        auto const phone = phone_in(options.country, options.region);
        facts.person.phone.offer(phone, version);
        agree(facts.person, Channel::sms, phone, version);
    }
    facts.person.country.offer(options.country, version);
    facts.person.region.offer(options.region, version);
    for (int i = 0; i < options.orders; ++i)
        facts.person.orders[std::to_string(i)] = PastOrder{*at - std::chrono::days{30}, *minor};
    facts.enrollment.id = "simulate";
    facts.enrollment.person_id = facts.person.id;
    facts.enrollment.anchor_at = *at;
    facts.enrollment.opened_at = *at + policy.idle;
    facts.person.visited_at = options.returned ? facts.enrollment.opened_at + Millis{1} : *at;
    for (auto const& code : options.dead_coupons) facts.coupons[coupon_key(code)] = Coupon{code, false, {}, {}, {}, {}};

    Cart cart;
    cart.id = facts.enrollment.cart_id = "cart";
    cart.stage = *stage;
    cart.last_activity_at = *at;
    CartContent content;
    Line line;
    line.quantity = options.items;
    line.price_minor = *minor / options.items;
    content.lines = {line};
    content.currency = options.currency;
    content.subtotal_minor = *minor;
    cart.content.offer(content, version);
    cart.country.offer(options.country, version);
    cart.region.offer(options.region, version);
    facts.cart = std::move(cart);
    return facts;
}

/// Looked at, and known to the store under the price that was given.
void make_browsing(core::SendFacts& facts) {
    auto& cart = *facts.cart;
    auto& line = cart.content.value.lines.front();
    cart.stage = Stage::browse;
    line.product_id = "product";
    Variant variant;
    variant.variant_id = "variant";
    variant.product_id = line.product_id;
    variant.currency = facts.shop.own().currency = cart.content.value.currency;
    variant.price_minor = cart.content.value.subtotal_minor;
    facts.goods[variant.variant_id].offer(variant, cart.content.version);
}

void make_cancelled(core::SendFacts& facts) {
    facts.person.subscriptions["subscription"].cancelled_at = facts.enrollment.anchor_at;
    facts.enrollment.opened_at = facts.enrollment.anchor_at;
    facts.enrollment.cart_id.clear();
    facts.cart.reset();
}

void make_payment(core::SendFacts& facts, SimulateOptions const& options, PaymentKind kind) {
    Payment payment;
    payment.id = facts.enrollment.payment_id = "payment";
    payment.kind = kind;
    payment.amount.offer({facts.cart->content.value.subtotal_minor, options.currency}, facts.cart->content.version);
    payment.attempts["1"] = PaymentAttempt{facts.enrollment.anchor_at, PaymentState::failed, options.decline};
    facts.payment = std::move(payment);
    facts.enrollment.opened_at = facts.enrollment.anchor_at;
    facts.enrollment.cart_id.clear();
    facts.cart.reset();
}

/// What the sequence's trigger is about.
void make_subject(core::SendFacts& facts, SimulateOptions const& options) {
    switch (facts.enrollment.trigger) {
        case Trigger::cart:
        case Trigger::checkout: return;
        case Trigger::browse: return make_browsing(facts);
        case Trigger::payment_failure: return make_payment(facts, options, PaymentKind::one_off);
        case Trigger::recurring_payment_failure: return make_payment(facts, options, PaymentKind::recurring);
        case Trigger::subscription_cancelled: return make_cancelled(facts);
    }
}

bool has_step(std::vector<Sequence> const& sequences, std::string const& name) {
    return std::any_of(sequences.begin(), sequences.end(), [&](Sequence const& sequence) {
        return std::any_of(sequence.steps.begin(), sequence.steps.end(), [&](SequenceStep const& one) { return one.name == name; });
    });
}

/// The rule that decided is the last that was asked.
std::string why(core::StepVerdict const& verdict) {
    if (verdict.verdict == Verdict::send)
        return verdict.incentive.percent == 0 ? "" : std::to_string(verdict.incentive.percent) + " % with " + verdict.incentive.code;
    auto const& last = verdict.trace.back();
    std::string out(name(verdict.reason));
    out += ": " + core::rule_text(last.rule) + (last.input.empty() ? "" : " (" + last.input + ")");
    return verdict.verdict == Verdict::move ? out + ", moved to " + to_rfc3339(verdict.move_to) : out;
}

}  // namespace

int run_sequence_simulate(SimulateOptions const& options, Context& context) {
    auto const settings = settings_of(context);
    if (!settings) return fail(context, settings.error());
    auto const policy = policy_from(*settings);
    if (!policy) return fail(context, policy.error());
    auto const sequences = sequences_in(options.files, context);
    if (!sequences) return fail(context, sequences.error());
    auto const facts = shopper(options, *policy);
    if (!facts) return fail(context, facts.error());
    for (auto const& [option, steps] : {std::pair("--opened", &options.opened), {"--clicked", &options.clicked}, {"--visited", &options.visited}})
        for (auto const& step : *steps)
            if (!has_step(*sequences, step))
                return fail(context, error(Errc::invalid, std::string(option) + ": no step is named '" + step + "'"));

    Table table({"sequence", "time", "after", "step", "channel", "what", "why"});
    for (auto const& sequence : *sequences) {
        auto mine = *facts;
        mine.enrollment.trigger = sequence.trigger;
        make_subject(mine, options);
        for (auto const& row : timeline(sequence, mine, *policy, {options.opened, options.clicked, options.visited})) {
            auto const& step = sequence.steps[static_cast<std::size_t>(row.step)];
            table.row({sequence.name, to_rfc3339(row.at), after_text(row.at - mine.enrollment.anchor_at), step.name,
                       std::string(name(step.channel)), std::string(name(row.verdict.verdict)), why(row.verdict)});
        }
    }
    show(table, context);
    return exit_ok;
}

}  // namespace recoup::app
