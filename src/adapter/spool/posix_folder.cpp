#include "adapter/spool/posix_folder.hpp"

#include <cerrno>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace recoup::spool {
namespace {

/// Owns a descriptor.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int get() const { return number_; }
    bool valid() const { return number_ >= 0; }

private:
    int number_;
};

Error disk_failure(std::string_view what, int code) {
    bool const full = code == ENOSPC || code == EDQUOT || code == EFBIG;
    auto const why = std::generic_category().message(code);
    return error(code == EEXIST ? Errc::conflict : full ? Errc::overloaded : Errc::unavailable,
                 "spool: cannot " + std::string(what) + ": " + why);
}

class PosixFile final : public File {
public:
    explicit PosixFile(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

    Result<void> append(std::string_view bytes) override {
        while (!bytes.empty()) {
            auto const written = ::write(descriptor_.get(), bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return disk_failure("write", errno);
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }
    Result<void> sync() override {
        if (::fdatasync(descriptor_.get()) != 0) return disk_failure("sync a file", errno);
        return {};
    }

private:
    Descriptor descriptor_;
};

class PosixFolder final : public Folder {
public:
    PosixFolder(Descriptor folder, Descriptor lock) : folder_(std::move(folder)), lock_(std::move(lock)) {}

    Result<std::unique_ptr<File>> create(std::string const& name) override {
        Descriptor made(::openat(folder_.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
        if (!made.valid()) return disk_failure("create a file", errno);
        return std::make_unique<PosixFile>(std::move(made));
    }

    Result<std::string> read(std::string const& name) override {
        Descriptor const file(::openat(folder_.get(), name.c_str(), O_RDONLY | O_CLOEXEC));
        struct stat status {};
        if (!file.valid() || ::fstat(file.get(), &status) != 0) return disk_failure("open a file", errno);
        ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);   // clean pages go: what is read comes from the disk
        std::string content(static_cast<std::size_t>(status.st_size), '\0');
        std::size_t filled = 0;
        while (filled < content.size()) {
            auto const got = ::read(file.get(), content.data() + filled, content.size() - filled);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return disk_failure("read", errno);
            if (got == 0) break;
            filled += static_cast<std::size_t>(got);
        }
        content.resize(filled);
        return content;
    }

    Result<std::vector<Entry>> list() override {
        Descriptor again(::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        DIR* const stream = again.valid() ? ::fdopendir(::dup(again.get())) : nullptr;
        if (stream == nullptr) return disk_failure("list the folder", errno);
        std::vector<Entry> entries;
        while (auto const* found = ::readdir(stream)) {
            struct stat status {};
            if (::fstatat(folder_.get(), found->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode))
                entries.push_back({found->d_name, static_cast<std::size_t>(status.st_size)});
        }
        ::closedir(stream);
        return entries;
    }

    Result<void> rename(std::string const& from, std::string const& to) override {
        if (::renameat(folder_.get(), from.c_str(), folder_.get(), to.c_str()) != 0) return disk_failure("rename a file", errno);
        return {};
    }
    Result<void> remove(std::string const& name) override {
        if (::unlinkat(folder_.get(), name.c_str(), 0) != 0) return disk_failure("remove a file", errno);
        return {};
    }
    Result<void> sync() override {
        if (::fsync(folder_.get()) != 0) return disk_failure("sync the folder", errno);
        return {};
    }

private:
    Descriptor folder_, lock_;
};

}  // namespace

Result<std::unique_ptr<Folder>> open_folder(std::string const& path) {
    auto const refused = [&](std::string const& why) {
        return error(Errc::configuration, "spool.folder " + path + ": " + why);
    };
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return refused(std::generic_category().message(errno) + "; make its parent, or choose another");
    Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.valid()) return refused(std::generic_category().message(errno));
    if (::fchmod(folder.get(), 0700) != 0) return refused("it must belong to the user of the daemon: it holds personal data");
    Descriptor lock(::openat(folder.get(), "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock.valid()) return refused(std::generic_category().message(errno));
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return refused("another process uses it; each needs its own");
    return std::make_unique<PosixFolder>(std::move(folder), std::move(lock));
}

}  // namespace recoup::spool
