#include "app/daemon/ingest_settings.hpp"

namespace recoup::app {

service::ingest::AdmissionLimits admission_from(Settings const& settings) {
    return {{settings.real("ingest.shop_rate"), settings.real("ingest.shop_burst")},
            settings.size("ingest.shop_bytes"),
            settings.size("ingest.bytes")};
}

service::ingest::BrowserLimits browsers_from(Settings const& settings) {
    return {{settings.real("pixel.key_rate"), settings.real("pixel.key_burst")},
            {settings.real("pixel.address_rate"), settings.real("pixel.address_burst")},
            {settings.real("pixel.visitor_rate"), settings.real("pixel.visitor_burst")},
            settings.list("public.proxies")};
}

}  // namespace recoup::app
