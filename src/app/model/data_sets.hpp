#pragma once
// The data sets with event streams that `recoup model train` and `eval` can read. Explicit list: a data set is one
// dataset_*.cpp and one line in data_sets.cpp.

#include "app/model/event_stream.hpp"

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace recoup::app {

struct DataSet {
    DataInfo info;
    std::string_view file;        // its usual name, without .xz
    std::string_view beginning;   // what its text starts with, to know it under any name
    /// Errc::invalid with the line.
    Result<std::vector<Event>> (*parse)(std::string_view text, std::string const& name);
};

std::vector<DataSet> const& data_sets();

Result<std::vector<Event>> parse_retentioneering(std::string_view text, std::string const& name);
Result<std::vector<Event>> parse_otto(std::string_view text, std::string const& name);

/// A file, or a folder that holds known data sets under their usual names (with or without .xz). Errc::not_found names
/// what was looked for; Errc::invalid when a file is of no known kind.
Result<std::vector<std::unique_ptr<EventStream>>> open_data(std::filesystem::path const& path);

}  // namespace recoup::app
