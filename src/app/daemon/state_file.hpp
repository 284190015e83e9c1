#pragma once
// The state file of a running `recoup dev` (<data>/daemon.json, readable by its owner only): how the other verbs find it.

#include "recoup/base/result.hpp"

#include <filesystem>
#include <string>

namespace recoup::app {

struct DaemonState {
    std::string public_url, admin_url, admin_token;
    std::string shop, shop_domain;
    std::string shopify_secret, events_secret, pixel_key;
    std::string database_url;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("public", self.public_url);
        v("admin", self.admin_url);
        v("admin_token", self.admin_token);
        v("shop", self.shop);
        v("shop_domain", self.shop_domain);
        v("shopify_secret", self.shopify_secret);
        v("events_secret", self.events_secret);
        v("pixel_key", self.pixel_key);
        v("database", self.database_url);
    }
};

Result<void> write_state(std::filesystem::path const& data_dir, DaemonState const& state);
/// Errc::not_found says how to start one.
Result<DaemonState> read_state(std::filesystem::path const& data_dir);
void remove_state(std::filesystem::path const& data_dir);

}  // namespace recoup::app
