#include "app/commands/recorded_events.hpp"

#include "adapter/postgres/log_reader.hpp"
#include "core/codec/event_codec.hpp"

#include <set>

namespace recoup::app {

DataInfo RecordedEvents::info() const {
    DataInfo info;
    info.name = "shop " + shop_id_;
    info.licence = "the shop's own";
    info.note = "Recorded events of the shop's event log.";
    return info;
}

Result<void> RecordedEvents::each(std::function<void(Event const&)> const& see) {
    SystemClock const clock;
    postgres::Nudge nudge;
    postgres::ConnectionOptions connection;
    connection.connection_string = database_url_;
    connection.application_name = "recoup model";
    postgres::PostgresLogReader reader(connection, [](int) { return Result<std::int64_t>(-1); }, clock, nudge);
    auto const end = reader.end();
    if (!end) return end.error();
    std::set<std::string> seen;   // the log keeps duplicates; the inbox is what drops them
    std::int64_t next = 0;
    while (!end->empty() && next < end->begin()->second) {
        auto const records = reader.poll(500, Millis{100});
        if (!records) return records.error();
        for (auto const& record : *records) {
            next = record.offset + 1;
            auto const event = core::decode_event(record.value);
            if (event && event->shop_id == shop_id_ && seen.insert(event->id).second) see(*event);
        }
    }
    return {};
}

}  // namespace recoup::app
