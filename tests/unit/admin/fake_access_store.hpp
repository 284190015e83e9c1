#pragma once
// The keys and origins of the shop `demo` in memory.

#include "recoup/port/access_store.hpp"

namespace recoup::test {

class FakeAccessStore final : public AccessStore {
public:
    Result<std::vector<ShopSecret>> keys(std::string_view shop_id) override {
        if (shop_id != "demo") return missing();
        return held;
    }
    Result<void> add_key(ShopSecret const& key, Instant now) override {
        if (key.shop_id != "demo") return missing();
        held.push_back(key);
        held.back().created_at = now;
        return {};
    }
    Result<void> end_key(ShopSecret const& key, Instant now) override {
        for (auto& one : held)
            if (one.secret == key.secret && (one.not_after == never || one.not_after > now)) one.not_after = now;
        return {};
    }
    Result<std::vector<std::string>> origins(std::string_view shop_id) override {
        if (shop_id != "demo") return missing();
        return allowed;
    }
    Result<void> set_origins(std::string_view shop_id, std::vector<std::string> const& origins) override {
        if (shop_id != "demo") return missing();
        allowed = origins;
        return {};
    }

    std::vector<ShopSecret> held;
    std::vector<std::string> allowed;

private:
    static Error missing() { return error(Errc::not_found, "no such shop"); }
};

}  // namespace recoup::test
