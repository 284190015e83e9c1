#pragma once
// Text of a data file, decompressed when its name ends in ".xz".

#include "recoup/base/result.hpp"

#include <filesystem>
#include <string>

namespace recoup::app {

/// Errc::not_found and Errc::invalid name the file. At most 1 GiB of text.
Result<std::string> read_data_file(std::filesystem::path const& path);

}  // namespace recoup::app
