#pragma once
// A table that can be taken back: rows are immutable and shared, a change replaces one, and the journal of the running
// transaction remembers what was there.

#include <functional>
#include <map>
#include <memory>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace recoup::memory {

/// Remembers what was there before each change of the running transaction.
class Undoable {
public:
    virtual void take_back_last() = 0;
    virtual void forget() noexcept = 0;

protected:
    ~Undoable() = default;
};

/// Who changed in a transaction, newest last, once for each change.
class Journal {
public:
    void note(Undoable& changed) { changes_.push_back(&changed); }
    void keep() {
        for (auto* const changed : changes_) changed->forget();
        changes_.clear();
    }
    void roll_back() {
        for (; !changes_.empty(); changes_.pop_back()) changes_.back()->take_back_last();
    }

private:
    std::vector<Undoable*> changes_;
};

/// Ordered by key, or with a `Hash` in no order that means anything (but the same one for the same history).
template <class Key, class Row, class Hash = void>
class Table final : public Undoable {
    using Held = std::shared_ptr<Row const>;
    using Rows = typename std::conditional_t<std::is_void_v<Hash>, std::type_identity<std::map<Key, Held>>,
                                             std::type_identity<std::unordered_map<Key, Held, Hash>>>::type;

public:
    /// Told of every change, also of those taken back, so that indexes follow. Null = absent.
    using Watcher = std::function<void(Key const&, Row const* before, Row const* after)>;

    explicit Table(Journal& journal, Watcher watcher = {}) : journal_(journal), watcher_(std::move(watcher)) {}
    Table(Table const&) = delete;
    Table& operator=(Table const&) = delete;

    Row const* find(Key const& key) const {
        auto const it = rows_.find(key);
        return it == rows_.end() ? nullptr : it->second.get();
    }
    bool contains(Key const& key) const { return rows_.contains(key); }
    std::size_t size() const { return rows_.size(); }
    auto begin() const { return rows_.begin(); }
    auto end() const { return rows_.end(); }
    auto lower_bound(Key const& key) const { return rows_.lower_bound(key); }

    void put(Key const& key, Row row) { replace(key, std::make_shared<Row const>(std::move(row))); }
    void erase(Key const& key) { replace(key, nullptr); }
    /// False when there is no such row.
    template <class Change>
    bool change(Key const& key, Change&& change_row) {
        auto const* const held = find(key);
        if (held == nullptr) return false;
        Row row = *held;
        change_row(row);
        put(key, std::move(row));
        return true;
    }

private:
    void take_back_last() override {
        auto [key, before] = std::move(before_.back());
        before_.pop_back();
        set(key, std::move(before));
    }
    void forget() noexcept override { before_.clear(); }

    void replace(Key const& key, Held row) {
        before_.emplace_back(key, set(key, std::move(row)));
        journal_.note(*this);
    }
    Held set(Key const& key, Held row) {
        auto it = rows_.find(key);
        Held before = it == rows_.end() ? nullptr : it->second;
        if (watcher_) watcher_(key, before.get(), row.get());
        if (row == nullptr) {
            if (it != rows_.end()) rows_.erase(it);
        } else if (it == rows_.end()) {
            rows_.emplace(key, std::move(row));
        } else {
            it->second = std::move(row);
        }
        return before;
    }

    Journal& journal_;
    Watcher watcher_;
    std::vector<std::pair<Key, Held>> before_;
    Rows rows_;
};

}  // namespace recoup::memory
