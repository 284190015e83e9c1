#include "service/tracker/tracker.hpp"

#include "core/codec/event_codec.hpp"
#include "service/tracker/shop_batch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>

namespace recoup::service {

namespace {

bool behind(LogPositions const& folded, LogPositions const& end) {
    for (auto const& [partition, offset] : end) {
        auto const it = folded.find(partition);
        if (offset > 0 && (it == folded.end() || it->second < offset)) return true;
    }
    return false;
}

}  // namespace

struct Tracker::Batch {
    std::size_t records = 0;
    std::size_t unreadable = 0;
    LogPositions from, to;
    core::Policy policy;
    std::map<std::string, std::unique_ptr<ShopBatch>> shops;
};

Tracker::Tracker(LogReader& reader, TrackStore& store, Clock const& clock, Metrics& metrics, Scorer scorer, Settings settings)
    : reader_(reader), store_(store), clock_(clock), metrics_(metrics), scorer_(std::move(scorer)),
      settings_(std::move(settings)) {}

Result<std::size_t> Tracker::run_once(Millis wait) {
    auto polled = reader_.poll(settings_.batch, wait);
    if (!polled) return polled.error();
    if (polled->empty()) return std::size_t{0};

    auto const started = clock_.ticks();
    Batch batch;
    batch.records = polled->size();
    batch.policy = policy();
    for (auto const& record : *polled) {
        batch.from.try_emplace(record.partition, record.offset);
        batch.to[record.partition] = record.offset + 1;
        auto event = core::decode_event(record.value);
        if (!event) {
            ++batch.unreadable;
            spdlog::error("component=track msg=\"unreadable record skipped\" partition={} offset={}", record.partition,
                          record.offset);
            continue;
        }
        auto& shop = batch.shops[event->shop_id];
        if (!shop) shop = std::make_unique<ShopBatch>(event->shop_id, batch.policy, scorer_, clock_.now());
        shop->add(std::move(*event));
    }
    if (auto done = commit(batch); !done) {
        metrics_.add(Metric::track_failures);
        reader_.rewind();
        return done.error();
    }
    metrics_.observe(Metric::track_batch_duration,
                     std::chrono::duration<double>(clock_.ticks() - started).count());
    report(batch);
    return batch.records;
}

Result<void> Tracker::commit(Batch& batch) {
    std::vector<ShopWork> work;
    for (auto& [id, shop] : batch.shops) {
        ShopWork item;
        item.want = shop->want();
        item.world = &shop->world();
        item.changes = &shop->changes();
        item.fold = [held = shop.get()](TrackState const& state) { return held->fold(state); };
        work.push_back(std::move(item));
    }
    auto done = store_.apply(work, settings_.log_name, batch.from, batch.to, clock_.now());
    if (!done) return done;
    std::lock_guard const lock(mutex_);
    for (auto const& [partition, offset] : batch.to) folded_[partition] = std::max(folded_[partition], offset);
    return {};
}

void Tracker::report(Batch const& batch) {
    for (auto const& [id, shop] : batch.shops) {
        for (auto const& event : shop->events()) {
            metrics_.add(Metric::events_tracked, body_name(event.body));
            if (std::holds_alternative<DeadLettered>(event.body)) metrics_.add(Metric::events_dead_lettered);
        }
        if (shop->duplicates() > 0) metrics_.add(Metric::events_duplicate, {}, static_cast<double>(shop->duplicates()));
    }
    metrics_.set(Metric::track_last_success, static_cast<double>(to_millis(clock_.now())) / 1000.0);
}

Result<bool> Tracker::folded_up_to(LogPositions const& end) {
    {
        std::lock_guard const lock(mutex_);
        if (!behind(folded_, end)) return true;
    }
    auto const stored = store_.positions(settings_.log_name);   // others fold too, and so did predecessors
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
