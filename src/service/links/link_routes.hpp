#pragma once
// Signed links on the public listener: /c/ click, /r/ restore, /u/ unsubscribe, /o/ the picture of an opening. A link acts only on its own message,
// redirects only to hosts the shop is known by, and never signs anybody in.

#include "core/link/token.hpp"
#include "recoup/base/clock.hpp"
#include "recoup/port/event_log.hpp"
#include "recoup/port/http.hpp"
#include "recoup/port/link_store.hpp"

#include <vector>

namespace recoup::service {

/// All references outlive the routes made from it.
class LinkService {
public:
    /// `records_opens`: off, the picture is answered and nothing is kept of it.
    LinkService(LinkStore& store, EventLog& log, Clock const& clock, std::vector<core::LinkKey> keys, bool records_opens = false)
        : store_(store), log_(log), clock_(clock), keys_(std::move(keys)), records_opens_(records_opens) {}

    /// GET /c/{token}, GET /r/{token}, GET /o/{token}, GET /u/{token}, POST /u/{token}; they use this object.
    std::vector<Route> routes();

private:
    struct Opened {
        core::LinkClaims claims;
        LinkFacts facts;
    };

    /// Claims and facts of a good link; otherwise answers and returns nullopt.
    std::optional<Opened> open(HttpRequest const& request, core::LinkPurpose purpose, Responder const& respond);
    void follow(HttpRequest const& request, core::LinkPurpose purpose, Responder respond);
    void show_pixel(HttpRequest const& request, Responder respond);
    void show_unsubscribe(HttpRequest const& request, Responder respond);
    void unsubscribe(HttpRequest const& request, Responder respond);

    LinkStore& store_;
    EventLog& log_;
    Clock const& clock_;
    std::vector<core::LinkKey> keys_;
    bool records_opens_;
};

}  // namespace recoup::service
