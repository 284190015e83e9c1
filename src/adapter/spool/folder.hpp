#pragma once
// What the spool needs of a disk, small enough to be made to fail at any call.

#include "recoup/base/result.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::spool {

/// A new file being written, by one thread. After an error of append() or sync() it is of no more use: what is on the disk is
/// unknown, and a second sync() could report success for pages that the kernel has thrown away.
class File {
public:
    virtual ~File() = default;
    virtual Result<void> append(std::string_view bytes) = 0;
    /// The bytes are on the disk when it returns.
    virtual Result<void> sync() = 0;
};

/// One folder and the files directly in it. Thread-safe as long as one name has one user. Errc::overloaded: the disk is
/// full; Errc::unavailable: it failed.
class Folder {
public:
    struct Entry {
        std::string name;
        std::size_t bytes = 0;
    };

    virtual ~Folder() = default;
    /// Errc::conflict when the name exists.
    virtual Result<std::unique_ptr<File>> create(std::string const& name) = 0;
    /// The whole file, through a descriptor of its own and, where the system can, from the disk and not from its cache.
    virtual Result<std::string> read(std::string const& name) = 0;
    virtual Result<std::vector<Entry>> list() = 0;
    virtual Result<void> rename(std::string const& from, std::string const& to) = 0;
    virtual Result<void> remove(std::string const& name) = 0;
    /// What was created, renamed and removed survives a crash when it returns.
    virtual Result<void> sync() = 0;
};

}  // namespace recoup::spool
