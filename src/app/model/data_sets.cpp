#include "app/model/data_sets.hpp"

#include "app/model/data_file.hpp"

#include <algorithm>

namespace recoup::app {
namespace {

class Recorded final : public EventStream {
public:
    Recorded(DataInfo info, std::vector<Event> events) : info_(std::move(info)), events_(std::move(events)) {
        std::stable_sort(events_.begin(), events_.end(),
                         [](Event const& a, Event const& b) { return a.received_at < b.received_at; });
    }
    DataInfo info() const override { return info_; }
    Result<void> each(std::function<void(Event const&)> const& see) override {
        for (auto const& event : events_) see(event);
        return {};
    }

private:
    DataInfo info_;
    std::vector<Event> events_;
};

Result<std::unique_ptr<EventStream>> open_file(std::filesystem::path const& path) {
    auto text = read_data_file(path);
    if (!text) return text.error();
    for (auto const& set : data_sets()) {
        if (!text->starts_with(set.beginning)) continue;
        auto events = set.parse(*text, set.info.name);
        if (!events) return error(events.error().code, path.string() + ": " + events.error().message);
        return std::unique_ptr<EventStream>(std::make_unique<Recorded>(set.info, std::move(*events)));
    }
    return error(Errc::invalid, path.string() + " is none of the known data sets with event streams");
}

}  // namespace

std::vector<DataSet> const& data_sets() {
    static std::vector<DataSet> const sets = {
        {{"retentioneering_ecom_synthetic", "Apache-2.0",
          "Synthetic shop click-stream with payment errors; no prices, tabs, scrolls or payment methods."},
         "retentioneering_ecom_synthetic.csv", "user_id,session_id,event,timestamp", parse_retentioneering},
        {{"otto_sample_20_sessions", "CC BY 4.0",
          "Twenty real sessions of a large shop (OTTO); clicks, carts and orders only."},
         "otto_sample_20_sessions.jsonl", "{\"session\":", parse_otto},
    };
    return sets;
}

Result<std::vector<std::unique_ptr<EventStream>>> open_data(std::filesystem::path const& path) {
    std::vector<std::unique_ptr<EventStream>> streams;
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored)) {
        auto stream = open_file(path);
        if (!stream) return stream.error();
        streams.push_back(std::move(*stream));
        return streams;
    }
    std::string names;
    for (auto const& set : data_sets()) {
        names += (names.empty() ? "" : ", ") + std::string(set.file);
        auto file = path / set.file;
        if (!std::filesystem::exists(file, ignored)) file += ".xz";
        if (!std::filesystem::exists(file, ignored)) continue;
        auto stream = open_file(file);
        if (!stream) return stream.error();
        streams.push_back(std::move(*stream));
    }
    if (streams.empty())
        return error(Errc::not_found, "no data set in " + path.string() + "; looked for " + names +
                                          ", each plain or .xz; name a file or folder with --data");
    return streams;
}

}  // namespace recoup::app
