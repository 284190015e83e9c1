#pragma once
// The few pages a shopper may meet on our host. No script, no outside resource, nothing cached.

#include "recoup/port/http.hpp"

#include <string_view>

namespace recoup::service {

HttpResponse confirm_page(std::string_view shop_name);
HttpResponse unsubscribed_page(std::string_view shop_name);
HttpResponse already_ordered_page(std::string_view shop_name, std::string_view shop_domain);
HttpResponse bad_link_page();       // 404
HttpResponse expired_link_page();   // 410
HttpResponse try_again_page();      // 503 with Retry-After

/// One transparent point, from memory, that nobody may keep.
HttpResponse pixel();

HttpResponse redirect(std::string_view url);

}  // namespace recoup::service
