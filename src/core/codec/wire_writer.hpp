#pragma once
// Protobuf's wire format (protobuf.dev/programming-guides/encoding) written straight from domain values: an event is
// encoded for each webhook, and building message objects first costs several times as much. Field numbers come from the
// generated classes, which also read what is written here. Defaults are left out, as proto3 wants it.

#include "core/codec/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace recoup::core {

class WireWriter {
public:
    /// Writes over what is in `room`, which outlives the writer, grows as needed and is never made smaller: one that is
    /// used again costs nothing to grow.
    explicit WireWriter(std::string& room) : room_(room) {}

    /// Valid until more is written.
    std::string_view written() const { return {room_.data(), used_}; }

    /// int32, int64, bool and enumerations.
    void integer(int field, std::int64_t value) {
        if (value != 0) number(field, static_cast<std::uint64_t>(value));
    }
    /// sint64.
    void amount(int field, std::int64_t value) {
        if (value != 0) present_amount(field, value);
    }
    /// optional sint64 that is there.
    void present_amount(int field, std::int64_t value) {
        number(field, (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
    }
    /// string; what is not UTF-8 becomes replacement characters.
    void text(int field, std::string_view value) {
        if (!value.empty()) element(field, value);
    }
    /// One element of a repeated string.
    void element(int field, std::string_view value) {
        if (is_utf8(value)) put(field, value);
        else put(field, to_utf8(value));
    }
    void bytes(int field, std::string_view value) {
        if (!value.empty()) put(field, value);
    }

    /// A message that is open until this ends.
    class Message {
    public:
        Message(Message const&) = delete;
        Message& operator=(Message const&) = delete;
        ~Message() { writer_.close(begin_); }

    private:
        friend class WireWriter;
        Message(WireWriter& writer, std::size_t begin) : writer_(writer), begin_(begin) {}

        WireWriter& writer_;
        std::size_t begin_;
    };
    [[nodiscard]] Message open(int field) {
        char* at = add(tag(field, 2), space(most_digits + 1));
        *at++ = '\0';  // room for a length below 128; close() makes more
        end_at(at);
        return {*this, used_};
    }
    template <class Write>
    void message(int field, Write&& write) {
        auto const opened = open(field);
        write();
    }

private:
    static constexpr std::size_t most_digits = 10;

    static std::uint64_t tag(int field, unsigned type) { return static_cast<std::uint64_t>(field) << 3 | type; }
    static char* add(std::uint64_t value, char* at) {
        for (; value >= 0x80; value >>= 7) *at++ = static_cast<char>(value | 0x80);
        *at++ = static_cast<char>(value);
        return at;
    }
    /// Where `count` bytes fit.
    char* space(std::size_t count) {
        if (room_.size() - used_ < count) [[unlikely]] grow(count);
        return room_.data() + used_;
    }
    [[gnu::noinline]] void grow(std::size_t count) { room_.resize(std::max(2 * room_.size(), used_ + count + 1024)); }
    void end_at(char const* at) { used_ = static_cast<std::size_t>(at - room_.data()); }

    void number(int field, std::uint64_t value) { end_at(add(value, add(tag(field, 0), space(2 * most_digits)))); }
    void put(int field, std::string_view value) {
        auto* const at = add(value.size(), add(tag(field, 2), space(2 * most_digits + value.size())));
        std::memcpy(at, value.data(), value.size());
        end_at(at + value.size());
    }
    void close(std::size_t begin) {
        auto const length = used_ - begin;
        std::size_t more = 0;
        for (auto rest = length >> 7; rest != 0; rest >>= 7) ++more;
        if (more > 0) {
            space(more);
            std::memmove(room_.data() + begin + more, room_.data() + begin, length);
            used_ += more;
        }
        add(length, room_.data() + begin - 1);
    }

    std::string& room_;
    std::size_t used_ = 0;
};

}  // namespace recoup::core
