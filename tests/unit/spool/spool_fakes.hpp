#pragma once
// A log, a board and a disk that behave as a test says.

#include "memory_folder.hpp"

#include "recoup/port/detour_board.hpp"
#include "recoup/port/event_log.hpp"

#include <condition_variable>
#include <algorithm>
#include <future>
#include <set>

namespace recoup::spool {

enum class Mood { takes, refuses, refuses_every_other, refuses_for_good, hangs };

/// What outlives the log, as a broker would.
struct FakeBroker {
    std::mutex mutex;
    Mood mood = Mood::takes;
    std::vector<LogRecord> records;
    std::vector<std::pair<std::vector<LogRecord>, EventLog::Done>> hanging;
    std::string poison;                   // a batch with this value is refused for good
    bool closed = false;
    int calls = 0;

    void set(Mood next) {
        std::lock_guard const lock(mutex);
        mood = next;
    }
    /// Everything that hung comes through, in order.
    void wake() {
        std::vector<std::pair<std::vector<LogRecord>, EventLog::Done>> woken;
        {
            std::lock_guard const lock(mutex);
            mood = Mood::takes;
            woken = std::exchange(hanging, {});
            for (auto const& [batch, done] : woken) records.insert(records.end(), batch.begin(), batch.end());
        }
        for (auto const& [batch, done] : woken) done({});
    }
    std::vector<std::string> values() {
        std::lock_guard const lock(mutex);
        std::vector<std::string> found;
        for (auto const& record : records) found.push_back(record.value);
        return found;
    }
    std::size_t hanging_count() {
        std::lock_guard const lock(mutex);
        return hanging.size();
    }
};

class FakeLog final : public EventLog {
public:
    explicit FakeLog(FakeBroker& broker) : broker_(broker) {}

    void append(std::vector<LogRecord> records, Done done) override {
        Result<void> answer;
        {
            std::lock_guard const lock(broker_.mutex);
            bool const poisoned = std::ranges::any_of(
                records, [&](auto const& record) { return !broker_.poison.empty() && record.value == broker_.poison; });
            auto mood = poisoned ? Mood::refuses_for_good : broker_.mood;
            if (mood == Mood::refuses_every_other) mood = ++broker_.calls % 2 == 1 ? Mood::refuses : Mood::takes;
            switch (mood) {
                case Mood::hangs:
                    if (broker_.closed) answer = error(Errc::unavailable, "closed");
                    else return broker_.hanging.emplace_back(std::move(records), std::move(done)), void();
                    break;
                case Mood::refuses_every_other:
                case Mood::refuses: answer = error(Errc::unavailable, "away"); break;
                case Mood::refuses_for_good: answer = error(Errc::too_large, "too large"); break;
                case Mood::takes: broker_.records.insert(broker_.records.end(), records.begin(), records.end()); break;
            }
        }
        done(answer);
    }
    void close() override {
        std::vector<std::pair<std::vector<LogRecord>, Done>> given_up;
        {
            std::lock_guard const lock(broker_.mutex);
            broker_.closed = true;
            given_up = std::exchange(broker_.hanging, {});
        }
        for (auto const& [batch, done] : given_up) done(error(Errc::unavailable, "closed"));
    }

private:
    FakeBroker& broker_;
};

class FakeBoard final : public DetourBoard {
public:
    Result<void> raise(std::string_view instance, Instant) override {
        std::lock_guard const lock(mutex);
        if (away) return error(Errc::unavailable, "the board is away");
        up.emplace(instance);
        ++raises;
        return {};
    }
    Result<void> lower(std::string_view instance) override {
        {
            std::lock_guard const lock(mutex);
            if (away) return error(Errc::unavailable, "the board is away");
            up.erase(std::string(instance));
        }
        lowered.notify_all();
        return {};
    }
    Result<std::vector<std::string>> raised() override {
        std::lock_guard const lock(mutex);
        if (away) return error(Errc::unavailable, "the board is away");
        return std::vector<std::string>(up.begin(), up.end());
    }
    bool is_up() {
        std::lock_guard const lock(mutex);
        return !up.empty();
    }

    std::mutex mutex;
    std::condition_variable lowered;
    std::set<std::string> up;
    int raises = 0;
    bool away = false;
};

/// Its files stop at sync() until let go.
class StuckFolder final : public Folder {
public:
    StuckFolder(MemoryDisk& disk, std::shared_future<void> let_go) : inner_(disk), let_go_(std::move(let_go)) {}

    Result<std::unique_ptr<File>> create(std::string const& name) override {
        auto file = inner_.create(name);
        if (!file || !name.starts_with("segment-")) return file;
        return std::make_unique<StuckFile>(std::move(*file), let_go_);
    }
    Result<std::string> read(std::string const& name) override { return inner_.read(name); }
    Result<std::vector<Entry>> list() override { return inner_.list(); }
    Result<void> rename(std::string const& from, std::string const& to) override { return inner_.rename(from, to); }
    Result<void> remove(std::string const& name) override { return inner_.remove(name); }
    Result<void> sync() override { return inner_.sync(); }

private:
    class StuckFile final : public File {
    public:
        StuckFile(std::unique_ptr<File> inner, std::shared_future<void> let_go)
            : inner_(std::move(inner)), let_go_(std::move(let_go)) {}
        Result<void> append(std::string_view bytes) override { return inner_->append(bytes); }
        Result<void> sync() override {
            let_go_.wait();
            return inner_->sync();
        }

    private:
        std::unique_ptr<File> inner_;
        std::shared_future<void> let_go_;
    };

    MemoryFolder inner_;
    std::shared_future<void> let_go_;
};

}  // namespace recoup::spool
