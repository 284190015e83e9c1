#pragma once
// The recorded events of one shop, read from the Postgres event log from its beginning.

#include "app/model/event_stream.hpp"

namespace recoup::app {

class RecordedEvents final : public EventStream {
public:
    RecordedEvents(std::string database_url, std::string shop_id)
        : database_url_(std::move(database_url)), shop_id_(std::move(shop_id)) {}

    DataInfo info() const override;
    Result<void> each(std::function<void(Event const&)> const& see) override;

private:
    std::string database_url_, shop_id_;
};

}  // namespace recoup::app
