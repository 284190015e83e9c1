#pragma once
// Protobuf's wire format (protobuf.dev/programming-guides/encoding) written straight from domain values: an event is
// encoded for each webhook, and building message objects first costs several times as much. Field numbers come from the
// generated classes, which also read what is written here. Defaults are left out, as proto3 wants it.

#include "core/codec/utf8.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace recoup::core {

class WireWriter {
public:
    /// Appends to `out`, which outlives the writer.
    explicit WireWriter(std::string& out) : out_(out) {}

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
        out_ += tag(field, 2);
        out_ += '\0';  // room for a length below 128; close() makes more
        return {*this, out_.size()};
    }
    template <class Write>
    void message(int field, Write&& write) {
        auto const opened = open(field);
        write();
    }

private:
    /// A tag and one number behind it, at most.
    class Digits {
    public:
        void add(std::uint64_t value) {
            for (; value >= 0x80; value >>= 7) bytes_[count_++] = static_cast<char>(value | 0x80);
            bytes_[count_++] = static_cast<char>(value);
        }
        operator std::string_view() const { return {bytes_.data(), count_}; }

    private:
        std::array<char, 20> bytes_;
        std::size_t count_ = 0;
    };

    static Digits tag(int field, unsigned type) {
        Digits digits;
        digits.add(static_cast<std::uint64_t>(field) << 3 | type);
        return digits;
    }
    void number(int field, std::uint64_t value) {
        auto digits = tag(field, 0);
        digits.add(value);
        out_ += digits;
    }
    void put(int field, std::string_view value) {
        auto digits = tag(field, 2);
        digits.add(value.size());
        out_ += digits;
        out_ += value;
    }
    void close(std::size_t begin) {
        Digits length;
        length.add(out_.size() - begin);
        out_.replace(begin - 1, 1, length);
    }

    std::string& out_;
};

}  // namespace recoup::core
