#include "service/ingest/admission.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

namespace recoup::service::ingest {

struct ShopLoad {
    std::size_t bytes = 0;
    core::TokenBucket bucket;
};

struct House {
    std::mutex mutex;
    AdmissionLimits limits;
    std::size_t bytes = 0;
    std::size_t busy_shops = 0;                           // that have something in flight
    std::map<std::string, ShopLoad, std::less<>> shops;   // its nodes stay where they are

    /// Under the mutex.
    std::optional<Refusal> room_for(ShopLoad const& shop, std::size_t wanted) const {
        auto const free = limits.bytes - std::min(limits.bytes, bytes);
        if (shop.bytes + wanted > limits.shop_bytes) return Refusal::shop_bytes;
        if (wanted > free) return Refusal::full;
        if (shop.bytes + wanted > free) return Refusal::share;
        return std::nullopt;
    }
    bool has_its_part(ShopLoad const& shop) const { return shop.bytes == bytes || shop.bytes * busy_shops > bytes; }
    void hold(ShopLoad& shop, std::size_t wanted) {
        if (shop.bytes == 0 && wanted > 0) ++busy_shops;
        shop.bytes += wanted;
        bytes += wanted;
    }
    void give_back(ShopLoad& shop, std::size_t held) {
        shop.bytes -= held;
        bytes -= held;
        if (shop.bytes == 0 && held > 0) --busy_shops;
    }
};

namespace {

constexpr std::int64_t soon = 1;   // seconds: what is in flight is answered by then, or is not going to be

}  // namespace

std::string_view name(Refusal refusal) {
    switch (refusal) {
        case Refusal::shop_rate: return "shop_rate";
        case Refusal::shop_bytes: return "shop_bytes";
        case Refusal::share: return "share";
        case Refusal::full: return "full";
        case Refusal::crowded: return "crowded";
    }
    return "full";
}

Admission::Place& Admission::Place::operator=(Place&& other) noexcept {
    if (this == &other) return *this;
    release();
    house_ = std::move(other.house_);
    shop_ = other.shop_;
    bytes_ = other.bytes_;
    return *this;
}

std::optional<Refusal> Admission::Place::grow(std::size_t bytes) {
    if (!house_) return std::nullopt;
    std::lock_guard const lock(house_->mutex);
    auto const refused = house_->room_for(*shop_, bytes);
    if (refused) return refused;
    house_->hold(*shop_, bytes);
    bytes_ += bytes;
    return std::nullopt;
}

void Admission::Place::charge(double events, std::chrono::nanoseconds now) {
    if (!house_) return;
    std::lock_guard const lock(house_->mutex);
    shop_->bucket.take(house_->limits.shop_events, events, now);
}

void Admission::Place::release() {
    auto const house = std::exchange(house_, nullptr);
    if (!house) return;
    std::lock_guard const lock(house->mutex);
    house->give_back(*shop_, bytes_);
}

Admission::Admission(AdmissionLimits limits) : house_(std::make_shared<House>()) { house_->limits = limits; }

void Admission::set_limits(AdmissionLimits limits) {
    std::lock_guard const lock(house_->mutex);
    house_->limits = limits;
}

Admission::Answer Admission::admit(std::string_view shop_id, std::size_t bytes, std::chrono::nanoseconds now, bool crowded) {
    Answer answer;
    std::lock_guard const lock(house_->mutex);
    auto shop = house_->shops.find(shop_id);
    if (shop == house_->shops.end()) shop = house_->shops.try_emplace(std::string(shop_id)).first;
    auto const wait = shop->second.bucket.wait(house_->limits.shop_events, now);
    answer.refused = wait.count() > 0 ? std::optional(Refusal::shop_rate) : house_->room_for(shop->second, bytes);
    if (!answer.refused && crowded && house_->has_its_part(shop->second)) answer.refused = Refusal::crowded;
    answer.retry_seconds = wait.count() > 0 ? core::retry_seconds(wait) : soon;
    if (answer.refused) return answer;
    house_->hold(shop->second, bytes);
    answer.place.house_ = house_;
    answer.place.shop_ = &shop->second;
    answer.place.bytes_ = bytes;
    return answer;
}

bool Admission::yields(std::string_view shop_id, std::chrono::nanoseconds now) const {
    std::lock_guard const lock(house_->mutex);
    auto const shop = house_->shops.find(shop_id);
    if (shop == house_->shops.end() || shop->second.bucket.wait(house_->limits.shop_events, now).count() > 0) return false;
    return house_->has_its_part(shop->second);
}

std::size_t Admission::bytes_in_flight() const {
    std::lock_guard const lock(house_->mutex);
    return house_->bytes;
}

}  // namespace recoup::service::ingest
