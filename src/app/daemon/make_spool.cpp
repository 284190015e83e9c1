// The spool in front of the event log, and the barrier that knows of it and of others.
#include "app/daemon/parts.hpp"

#include "adapter/spool/posix_folder.hpp"

namespace recoup::app {
namespace {

constexpr Millis least_after{10}, most_after{600};   // the rest of the second is the disk's and the board's
constexpr std::size_t least_segment = 4 * 1024, most_segment = 256 * 1024 * 1024;

Result<spool::Store::Options> store_options(Settings const& settings) {
    spool::Store::Options options;
    options.max_bytes = settings.size("spool.bytes");
    options.segment_bytes = settings.size("spool.segment_bytes");
    if (options.segment_bytes < least_segment || options.segment_bytes > most_segment)
        return error(Errc::configuration, "spool.segment_bytes must be between 4KiB and 256MiB");
    if (options.max_bytes < options.segment_bytes)
        return error(Errc::configuration, "spool.bytes must be at least spool.segment_bytes");
    return options;
}

}  // namespace

Result<void> Daemon::Parts::add_spool() {
    auto const& settings = options.settings;
    auto const path = settings.text("spool.folder");
    if (options.roles.ingest && !path.empty() && path != "none") {
        auto const store_settings = store_options(settings);
        if (!store_settings) return store_settings.error();
        spool::SpooledLog::Options log_options;
        log_options.after = settings.duration("spool.after");
        if (log_options.after < least_after || log_options.after > most_after)
            return error(Errc::configuration, "spool.after must be between 10ms and 600ms");
        auto folder = spool::open_folder(path);
        if (!folder) return folder.error();
        auto store = spool::Store::open(std::move(*folder), *store_settings, clock, random, metrics);
        if (!store) return error(Errc::configuration, "spool.folder: " + store.error().message);
        auto spooled = std::make_unique<spool::SpooledLog>(log_options, std::move(log), std::move(*store), &detours, clock, metrics);
        spool = spooled.get();
        log = std::move(spooled);
    }
    auto spooled = std::make_unique<spool::SpooledReader>(spool::SpooledReader::Options{}, std::move(reader), spool, &detours, clock);
    barrier = spooled.get();
    reader = std::move(spooled);
    return {};
}

service::ReadinessCheck Daemon::Parts::spool_readiness() {
    service::ReadinessCheck check;
    check.name = "spool";
    check.ask = [this]() -> Result<void> {
        if (spool != nullptr && spool->refusing())
            return error(Errc::unavailable, "neither the event log nor the spool takes events; see recoup_spool_*");
        return {};
    };
    check.note = [this]() -> std::string {
        if (spool == nullptr) return "off";
        if (!spool->holding()) return {};
        return "in use, " + std::to_string(spool->store().records()) + " events wait for the event log";
    };
    return check;
}

}  // namespace recoup::app
