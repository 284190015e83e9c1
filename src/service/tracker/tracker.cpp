#include "service/tracker/tracker.hpp"

#include "core/codec/event_codec.hpp"
#include "core/letter/letter.hpp"
#include "service/tracker/shop_batch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <typeinfo>

namespace recoup::service {

namespace {

bool behind(LogPositions const& folded, LogPositions const& end) {
    for (auto const& [partition, offset] : end) {
        auto const it = folded.find(partition);
        if (offset > 0 && (it == folded.end() || it->second < offset)) return true;
    }
    return false;
}

/// When the scheduler has to look first; Instant::max() = nothing for it.
Instant first_due(TrackWrite const& write, Instant now) {
    auto first = write.reached.empty() ? Instant::max() : now;
    for (auto const& [cart, at] : write.idle_at)
        if (at) first = std::min(first, *at);
    for (auto const& step : write.steps) first = std::min(first, step.due_at);
    return first;
}

Result<Event> read(ReadRecord const& record) {
    if (record.damaged) return error(Errc::invalid, "this part of the event log is damaged");
    auto event = core::decode_event(record.value);
    if (event && (event->shop_id.empty() || event->id.empty()))
        return error(Errc::invalid, "these bytes are not an event of any shop");
    return event;
}

}  // namespace

struct Tracker::Batch {
    LogPositions from, to;
    core::Policy policy;
    std::vector<Letter> letters;
    std::map<std::string, std::unique_ptr<ShopBatch>> shops;
};

Tracker::Tracker(LogReader& reader, Stores stores, Clock const& clock, Metrics& metrics, Scorer scorer, Settings settings)
    : reader_(reader), stores_(stores), clock_(clock), metrics_(metrics), scorer_(std::move(scorer)),
      settings_(std::move(settings)), probation_(stores.probation, settings_.log_name) {}

Result<std::size_t> Tracker::run_once(Millis wait) {
    auto polled = reader_.poll(settings_.batch, wait);
    if (!polled) return polled.error();
    if (polled->empty()) return std::size_t{0};

    auto const started = clock_.ticks();
    LogPositions from;
    for (auto const& record : *polled) from.try_emplace(record.partition, record.offset);
    auto const way = probation_.begin(from);
    if (auto done = way ? fold(*way, *polled) : Result<void>(way.error()); !done) {
        metrics_.add(Metric::track_failures);
        probation_.failed(done.error().code);
        reader_.rewind();
        return done.error();
    }
    probation_.committed();
    metrics_.observe(Metric::track_batch_duration,
                     std::chrono::duration<double>(clock_.ticks() - started).count());
    return polled->size();
}

/// A fold is not to be trusted with whatever values came.
Result<void> Tracker::fold(Probation::Way way, std::vector<ReadRecord> const& records) {
    try {
        return way == Probation::Way::whole ? fold_whole(records) : fold_one_by_one(records);
    } catch (std::exception const& failure) {
        return error(Errc::internal, std::string("folding threw ") + typeid(failure).name());
    }
}

Result<void> Tracker::fold_whole(std::vector<ReadRecord> const& records) {
    auto batch = empty_batch();
    for (auto const& record : records) add(batch, record);
    return settle(batch);
}

Result<void> Tracker::fold_one_by_one(std::vector<ReadRecord> const& records) {
    for (auto const& record : records) {
        auto const tries = probation_.begin_record(record.partition, record.offset);
        if (!tries) return tries.error();
        auto batch = empty_batch();
        if (*tries <= limits::poison_tries) add(batch, record);
        else put_aside(batch, record, *tries - 1);
        if (auto done = settle(batch); !done) return done;
    }
    return {};
}

Tracker::Batch Tracker::empty_batch() const {
    Batch batch;
    batch.policy = policy();
    return batch;
}

void Tracker::add(Batch& batch, ReadRecord const& record) {
    batch.from.try_emplace(record.partition, record.offset);
    batch.to[record.partition] = record.offset + 1;
    auto event = read(record);
    if (!event) {
        if (record.damaged && record.value.empty()) return;   // one letter for the whole stretch
        spdlog::error("component=track msg=\"unreadable record kept as a dead letter\" partition={} offset={}",
                      record.partition, record.offset);
        batch.letters.push_back(
            core::unreadable_letter({settings_.log_name, record}, event.error().message, clock_.now()));
        return;
    }
    if (std::holds_alternative<DeadLettered>(event->body)) batch.letters.push_back(core::letter_of(*event));
    auto& shop = batch.shops[event->shop_id];
    if (!shop) shop = std::make_unique<ShopBatch>(event->shop_id, batch.policy, scorer_, clock_.now());
    shop->add(std::move(*event));
}

/// Its event counts as not folded: a replay, or the sender, may bring it again.
void Tracker::put_aside(Batch& batch, ReadRecord const& record, int tries) {
    batch.from.try_emplace(record.partition, record.offset);
    batch.to[record.partition] = record.offset + 1;
    spdlog::error("component=track msg=\"poison record kept as a dead letter\" partition={} offset={} tries={}",
                  record.partition, record.offset, tries);
    core::LogPlace const place{settings_.log_name, record};
    bool const looked_into = tries <= 2 * limits::poison_tries;   // else it may be that which ends the process
    auto const event = looked_into ? read(record) : Result<Event>(error(Errc::invalid, "reading it ends the process"));
    batch.letters.push_back(event ? core::poison_letter(place, *event, tries, clock_.now())
                                  : core::unreadable_letter(place, event.error().message, clock_.now()));
}

/// Letters first: a crash in between keeps them once all the same, and loses none.
Result<void> Tracker::settle(Batch& batch) {
    if (auto kept = stores_.letters.keep(batch.letters); !kept) return kept;
    if (auto done = commit(batch); !done) return done;
    report(batch);
    return {};
}

Result<void> Tracker::commit(Batch& batch) {
    std::vector<ShopWork> work;
    auto const now = clock_.now();
    auto first = Instant::max();
    for (auto& [id, shop] : batch.shops) {
        ShopWork item;
        item.want = shop->want();
        item.world = &shop->world();
        item.changes = &shop->changes();
        item.fold = [held = shop.get(), now, &first](TrackState const& state) {
            auto write = held->fold(state);
            first = std::min(first, first_due(write, now));
            return write;
        };
        work.push_back(std::move(item));
    }
    auto done = stores_.state.apply(work, settings_.log_name, batch.from, batch.to, now);
    if (!done) return done;
    if (settings_.planned && first != Instant::max()) settings_.planned(first);
    std::lock_guard const lock(mutex_);
    for (auto const& [partition, offset] : batch.to) folded_[partition] = std::max(folded_[partition], offset);
    return {};
}

void Tracker::report(Batch const& batch) {
    for (auto const& [id, shop] : batch.shops) {
        for (auto const& event : shop->events()) metrics_.add(Metric::events_tracked, body_name(event.body));
        if (shop->duplicates() > 0) metrics_.add(Metric::events_duplicate, {}, static_cast<double>(shop->duplicates()));
        if (shop->learned_late() > 0) metrics_.add(Metric::orders_learned_late, {}, static_cast<double>(shop->learned_late()));
        for (auto const tool : shop->other_mail()) metrics_.add(Metric::other_cart_mail, tool);
    }
    for (auto const& letter : batch.letters) metrics_.add(Metric::events_dead_lettered, name(letter.kind));
    metrics_.set(Metric::track_last_success, static_cast<double>(to_millis(clock_.now())) / 1000.0);
}

Result<bool> Tracker::folded_up_to(LogPositions const& end) {
    {
        std::lock_guard const lock(mutex_);
        if (!behind(folded_, end)) return true;
    }
    auto const stored = stores_.state.positions(settings_.log_name);   // others fold too, and so did predecessors
    if (!stored) return stored.error();
    std::lock_guard const lock(mutex_);
    for (auto const& [partition, offset] : *stored) folded_[partition] = std::max(folded_[partition], offset);
    return !behind(folded_, end);
}

void Tracker::set_policy(core::Policy policy) {
    std::lock_guard const lock(mutex_);
    settings_.policy = std::move(policy);
}

core::Policy Tracker::policy() const {
    std::lock_guard const lock(mutex_);
    return settings_.policy;
}

}  // namespace recoup::service
