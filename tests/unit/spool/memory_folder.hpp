#pragma once
// A disk that forgets what was not synced and fails at the call it is told to.

#include "adapter/spool/folder.hpp"

#include <map>
#include <mutex>

namespace recoup::spool {

/// Outlives its folders. Thread-safe.
struct MemoryDisk {
    struct Content {
        std::string bytes;
        std::size_t synced = 0;
        bool named = false;          // its name survives a crash
    };

    std::mutex mutex;
    std::map<std::string, Content> files;
    int calls = 0;                         // that may fail, so far
    int fail_at = 0;                       // 0 = never
    bool fail_after = false;               // and every later one too
    Errc failure = Errc::unavailable;
    std::vector<std::string> trace;        // "sync segment-...", "append segment-...", of what was asked

    /// Power is cut: half of what was not synced is there, as it happens.
    void crash() {
        std::lock_guard const lock(mutex);
        std::erase_if(files, [](auto const& file) { return !file.second.named; });
        for (auto& [name, content] : files) content.bytes.resize(content.synced + (content.bytes.size() - content.synced) / 2);
    }
    std::vector<std::string> names(std::string_view prefix) {
        std::lock_guard const lock(mutex);
        std::vector<std::string> found;
        for (auto const& [name, content] : files)
            if (name.starts_with(prefix)) found.push_back(name);
        return found;
    }
    Result<void> call(std::string what) {
        ++calls;
        trace.push_back(std::move(what));
        if (fail_at != 0 && (calls == fail_at || (fail_after && calls > fail_at))) return error(failure, "the disk fails as told");
        return {};
    }
};

class MemoryFile final : public File {
public:
    MemoryFile(MemoryDisk& disk, std::string name) : disk_(disk), name_(std::move(name)) {}

    Result<void> append(std::string_view bytes) override {
        std::lock_guard const lock(disk_.mutex);
        auto& content = disk_.files[name_];
        auto const done = disk_.call("append " + name_);
        content.bytes += done ? bytes : bytes.substr(0, bytes.size() / 3);
        return done;
    }
    Result<void> sync() override {
        std::lock_guard const lock(disk_.mutex);
        auto const done = disk_.call("sync " + name_);
        auto& content = disk_.files[name_];
        if (done) content.synced = content.bytes.size();
        return done;
    }

private:
    MemoryDisk& disk_;
    std::string const name_;
};

class MemoryFolder final : public Folder {
public:
    explicit MemoryFolder(MemoryDisk& disk) : disk_(disk) {}

    Result<std::unique_ptr<File>> create(std::string const& name) override {
        std::lock_guard const lock(disk_.mutex);
        if (auto done = disk_.call("create " + name); !done) return done.error();
        if (!disk_.files.try_emplace(name).second) return error(Errc::conflict, "the name exists");
        return std::make_unique<MemoryFile>(disk_, name);
    }
    Result<std::string> read(std::string const& name) override {
        std::lock_guard const lock(disk_.mutex);
        if (auto done = disk_.call("read " + name); !done) return done.error();
        auto const found = disk_.files.find(name);
        if (found == disk_.files.end()) return error(Errc::unavailable, "there is no such file");
        return found->second.bytes;
    }
    Result<std::vector<Entry>> list() override {
        std::lock_guard const lock(disk_.mutex);
        if (auto done = disk_.call("list"); !done) return done.error();
        std::vector<Entry> entries;
        for (auto const& [name, content] : disk_.files) entries.push_back({name, content.bytes.size()});
        return entries;
    }
    Result<void> rename(std::string const& from, std::string const& to) override {
        std::lock_guard const lock(disk_.mutex);
        if (auto done = disk_.call("rename " + from); !done) return done;
        auto moved = disk_.files.extract(from);
        moved.mapped().named = true;   // file systems keep a rename over a synced file together
        disk_.files.erase(to);
        moved.key() = to;
        disk_.files.insert(std::move(moved));
        return {};
    }
    Result<void> remove(std::string const& name) override {
        std::lock_guard const lock(disk_.mutex);
        if (auto done = disk_.call("remove " + name); !done) return done;
        disk_.files.erase(name);
        return {};
    }
    Result<void> sync() override {
        std::lock_guard const lock(disk_.mutex);
        if (auto done = disk_.call("sync folder"); !done) return done;
        for (auto& [name, content] : disk_.files) content.named = true;
        return {};
    }

private:
    MemoryDisk& disk_;
};

}  // namespace recoup::spool
