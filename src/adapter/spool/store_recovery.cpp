// What an earlier process left, and small files that are replaced as a whole.
#include "adapter/spool/bytes.hpp"
#include "adapter/spool/store.hpp"

#include "recoup/base/digest.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

namespace recoup::spool {
namespace {

constexpr std::string_view position_magic = "RCPSPPOS";
constexpr std::size_t instance_bytes = 8;

/// The number behind `prefix`, as we write it: a file that goes by another name would not be found again by its number.
std::optional<std::uint64_t> id_of(std::string_view name, std::string_view prefix) {
    constexpr std::size_t digits = 16;
    if (!name.starts_with(prefix)) return std::nullopt;
    name.remove_prefix(prefix.size());
    if (name.size() != digits || name.find_first_not_of("0123456789abcdef") != name.npos) return std::nullopt;
    std::uint64_t id = 0;
    auto const [end, failure] = std::from_chars(name.data(), name.data() + name.size(), id, 16);
    return failure == std::errc{} && end == name.data() + name.size() ? std::optional(id) : std::nullopt;
}

bool has(std::vector<Folder::Entry> const& entries, std::string_view name) {
    return std::ranges::any_of(entries, [&](auto const& entry) { return entry.name == name; });
}

}  // namespace

std::string encode_position(std::uint64_t position) {
    std::string out(position_magic);
    put(out, position);
    std::array const covered{std::string_view(out)};
    put(out, crc32c(covered));
    return out;
}

Result<std::unique_ptr<Store>> Store::open(std::unique_ptr<Folder> folder, Options options, Clock const& clock,
                                           Random& random, Metrics& metrics) {
    std::unique_ptr<Store> store(new Store(std::move(folder), options, clock, random, metrics));
    if (auto recovered = store->recover(); !recovered) return recovered.error();
    return store;
}

Result<void> Store::recover() {
    auto entries = folder_->list();
    if (!entries) return entries.error();
    std::ranges::sort(*entries, {}, &Folder::Entry::name);   // ids have leading zeros: the oldest segment first
    recover_instance(*entries);
    recover_position(*entries);
    next_sequence_ = position_;
    for (auto const& [name, size] : *entries) {
        auto const kept = id_of(name, "damaged-");
        auto const id = kept ? kept : id_of(name, "segment-");
        if (!id) continue;
        next_id_ = std::max(next_id_, *id + 1);
        if (!kept) recover_segment(*id, size);
    }
    if (!segments_.empty())
        spdlog::info("spool: events={} of an earlier run are drained first, segments={}", records(), segments_.size());
    return {};
}

/// One that cannot be read now is tried again when its turn comes.
void Store::recover_segment(std::uint64_t id, std::size_t bytes) {
    Segment segment;
    segment.id = id;
    segment.bytes = bytes;
    segment.inherited = true;
    segment.created_at = clock_.now();
    if (auto const content = folder_->read(segment_name(id))) {
        auto const scan = scan_segment(*content);
        if (scan.header) segment.created_at = scan.header->created_at;
        if (!scan.records.empty()) next_sequence_ = std::max(next_sequence_, scan.records.back().sequence + 1);
        segment.records = static_cast<std::size_t>(
            std::ranges::count_if(scan.records, [&](auto const& record) { return record.sequence >= position_; }));
    }
    segments_.push_back(segment);
}

/// A lost position costs repetitions, which the inbox drops. One that is too high would lose events, hence its CRC.
void Store::recover_position(std::vector<Folder::Entry> const& entries) {
    if (!has(entries, "position")) return;
    auto const content = folder_->read("position");
    std::uint64_t position = 0;
    std::string_view rest = content ? std::string_view(*content) : std::string_view{};
    rest.remove_prefix(std::min(rest.size(), position_magic.size()));
    if (take(rest, position) && *content == encode_position(position)) position_ = position;
    else spdlog::warn("spool: the position is damaged; everything in the folder is drained again");
}

void Store::recover_instance(std::vector<Folder::Entry> const& entries) {
    if (has(entries, "instance"))
        if (auto const content = folder_->read("instance"); content && content->size() == 2 * instance_bytes) {
            instance_ = *content;
            return;
        }
    std::array<std::uint8_t, instance_bytes> name{};
    random_.fill(name);
    instance_ = to_hex(name);
    if (auto kept = replace("instance", instance_); !kept) spdlog::warn("spool: its name is not kept: {}", kept.error().message);
}

Result<void> Store::replace(std::string const& name, std::string_view content) {
    auto const fresh = name + ".new";
    auto file = folder_->create(fresh);
    if (!file && file.error().code == Errc::conflict) {   // a crash left it
        if (auto removed = folder_->remove(fresh); !removed) return removed;
        file = folder_->create(fresh);
    }
    if (!file) return file.error();
    if (auto done = (*file)->append(content); !done) return done;
    if (auto done = (*file)->sync(); !done) return done;
    return folder_->rename(fresh, name);
}

}  // namespace recoup::spool
