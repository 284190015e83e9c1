// Stripe webhooks (docs.stripe.com/webhooks): failed payments, one-off and recurring, and what ends them.
#include "adapter/source/list.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"
#include "adapter/source/stripe/notice.hpp"
#include "adapter/source/stripe/signature.hpp"

#include <array>

namespace recoup::source {
namespace {

constexpr std::array<std::string_view, 1> kinds{"hmac"};

class Stripe final : public Source {
public:
    std::string_view name() const override { return "stripe"; }
    std::size_t body_limit() const override { return limits::webhook_body_bytes; }
    bool accepts(std::string_view type) const override { return type.empty() || type == "application/json"; }
    std::span<std::string_view const> secret_kinds() const override { return kinds; }

    Result<void> authenticate(SourceRequest const& request) const override { return stripe::verify(request); }

    Result<Delivery> parse(SourceRequest const& request) const override {
        auto const document = JsonDocument::parse(request.http.body);
        if (!document) return document.error();
        auto const root = document->root();
        auto const id = root["id"].id(), type = root["type"].text(limits::id_bytes);
        if (!is_header_id(id) || type.empty())
            return error(Errc::invalid, "The body must be an event with its id and type.");
        Event event = new_event(request, "stripe", id, type);
        set_occurred(event, root["created"].unix_instant());
        auto const livemode = root["livemode"];
        stripe::Notice const notice{root["data"]["object"], root["data"]["previous_attributes"], request.shop, type,
                                    livemode.present() && !livemode.is_true()};
        std::optional<Event> second;
        if (auto const read = stripe::reader_of(type)) {
            auto missing = read(notice, event);
            if (!missing.empty()) dead_letter(event, std::move(missing), request.http.body);
            second = stripe::finished_cart(notice, event);
        }
        Delivery delivery;
        delivery.items.push_back({id, std::move(event)});
        if (second) delivery.items.push_back({id + ":cart", *std::move(second)});
        return delivery;
    }

    HttpResponse answer(Delivery const&) const override { return accepted(); }
    HttpResponse preflight(SourceRequest const&) const override { return no_preflight(); }
};

}  // namespace

std::unique_ptr<Source> stripe_source() {
    return std::make_unique<Stripe>();
}

}  // namespace recoup::source
