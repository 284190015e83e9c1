#include "adapter/postgres/sequence_moves.hpp"
#include "adapter/postgres/shop_store.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/table.hpp"
#include "app/commands/database.hpp"

#include "recoup/base/clock.hpp"

namespace recoup::app {
namespace {

Result<std::vector<std::string>> shop_ids(SequenceOptions const& options, postgres::ShopStore& shops) {
    auto const all = shops.list();
    if (!all) return all.error();
    std::vector<std::string> ids;
    for (auto const& shop : *all)
        if (options.shop.empty() || shop.id == options.shop) ids.push_back(shop.id);
    if (ids.empty()) return error(Errc::not_found, "no such shop; `recoup shop list` names them");
    return ids;
}

std::string incentive_of(SequenceStep const& step) {
    if (!step.slot.empty()) return "slot " + step.slot;
    return step.incentive.percent == 0 ? "" : std::to_string(step.incentive.percent) + " % " + step.incentive.code;
}

std::string conditions_of(SequenceStep const& step) {
    std::string out;
    auto const add = [&](std::string const& text) { out.append(out.empty() ? "" : ", ").append(text); };
    for (auto const& condition : step.when) add(condition);
    if (!step.window.empty()) add(step.window);
    for (auto const& day : step.days) add(day);
    return out;
}

/// A clock that is moved by hand (`recoup dev`) says when it is there.
Result<Instant> present(postgres::ShopStore& shops) {
    auto const manual = shops.fact("clock");
    if (!manual) return manual.error();
    auto const at = parse_rfc3339(manual->value_or(""));
    return at ? *at : SystemClock().now();
}

int migrate(SequenceOptions const& options, std::vector<std::string> const& shop_ids, postgres::Pool& pool, postgres::ShopStore& shops,
            Context& context) {
    auto const now = present(shops);
    if (!now) return fail(context, now.error());
    Table table({"shop", "sequence", "version", "moved", "completed", "busy", "in_the_way", "steps"});
    std::optional<Error> missing;
    for (auto const& id : shop_ids) {
        auto const moved = postgres::move_enrollments(pool, id, options.sequence, options.version, options.dry_run, *now);
        if (!moved && moved.error().code == Errc::not_found) {
            missing = moved.error();
            continue;
        }
        if (!moved) return fail(context, moved.error());
        table.row({id, options.sequence, moved->version, moved->enrollments[0], moved->enrollments[1], moved->enrollments[2],
                   moved->enrollments[3], moved->steps});
    }
    if (table.size() == 0 && missing) return fail(context, *missing);
    show(table, context);
    return exit_ok;
}

}  // namespace

int run_sequence(SequenceOptions const& options, Context& context) {
    auto const database = database_of(context, options.data_dir);
    if (!database) return fail(context, database.error());
    auto pool = verb_pool(*database);
    postgres::ShopStore shops(pool);
    auto const ids = shop_ids(options, shops);
    if (!ids) return fail(context, ids.error());

    if (options.action == SequenceOptions::Action::migrate) return migrate(options, *ids, pool, shops, context);
    if (options.action == SequenceOptions::Action::apply) {
        auto const sequences = sequences_in(options.files, context);
        if (!sequences) return fail(context, sequences.error());
        for (auto const& id : *ids)
            for (auto const& sequence : *sequences)
                if (auto applied = shops.apply_sequence(id, sequence, SystemClock().now()); !applied)
                    return fail(context, applied.error());
    }
    Table table({"shop", "sequence", "version", "trigger", "step", "after", "channel", "template", "useful for", "incentive", "when"});
    for (auto const& id : *ids) {
        auto const active = shops.active_sequences(id);
        if (!active) return fail(context, active.error());
        for (auto const& sequence : *active)
            for (auto const& step : sequence.steps)
                table.row({id, sequence.name, std::to_string(sequence.version), std::string(name(sequence.trigger)), step.name,
                           to_duration_text(step.delay), std::string(name(step.channel)), step.template_name,
                           to_duration_text(step.useful_for),
                           incentive_of(step),
                           conditions_of(step)});
    }
    show(table, context);
    return exit_ok;
}

}  // namespace recoup::app
