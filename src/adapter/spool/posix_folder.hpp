#pragma once
// A folder of a real file system: 0700, its files 0600, held by one process at a time.

#include "adapter/spool/folder.hpp"

namespace recoup::spool {

/// Makes the folder when its parent exists. Errc::configuration: it cannot be used, or another process holds it.
Result<std::unique_ptr<Folder>> open_folder(std::string const& path);

}  // namespace recoup::spool
