#pragma once
// JSON form of values, from the one list of fields each declares. What has its default is not written, for most of what
// there is to know of a person or a cart is not known. Reading is strict about types and forgiving about absent keys (they
// keep their default), so that a document written by an older version still reads. Templates that are slow to compile: the
// documents of the domain are made of them once, in documents.cpp; include documents.hpp for those.

#include "core/codec/json_text.hpp"

#include "recoup/base/time.hpp"
#include "recoup/domain/identity.hpp"
#include "recoup/domain/version.hpp"
#include "recoup/domain/consent.hpp"
#include "recoup/domain/event.hpp"
#include "recoup/domain/sequence.hpp"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace recoup::core {

using Json = simdjson::dom::element;

namespace fields_detail {
struct Nothing {
    template <class T>
    void operator()(char const*, T&) const {}
};
}  // namespace fields_detail

template <class T>
concept HasFields = requires(T& value) { std::remove_const_t<T>::fields(value, fields_detail::Nothing{}); };

template <class T>
concept NamedEnum = std::is_enum_v<T>;

template <class T>
void write_json(std::string& out, T const& value);
template <class T>
void read_json(Json json, T& value);

namespace fields_detail {

inline void parse_enum(std::string_view text, KeyKind& out) { out = key_kind(text).value_or(out); }
inline void parse_enum(std::string_view text, Channel& out) { out = channel_from(text).value_or(out); }
inline void parse_enum(std::string_view text, ConsentState& out) { out = consent_state(text).value_or(out); }
inline void parse_enum(std::string_view text, Stage& out) { out = stage_from(text).value_or(out); }
inline void parse_enum(std::string_view text, Trigger& out) { out = trigger_from(text).value_or(out); }
inline void parse_enum(std::string_view text, Otherwise& out) { out = otherwise_from(text).value_or(out); }
inline void parse_enum(std::string_view text, PaymentKind& out) {
    out = text == "recurring" ? PaymentKind::recurring : PaymentKind::one_off;
}
inline void parse_enum(std::string_view text, PaymentState& out) {
    out = text == "paid" ? PaymentState::paid : PaymentState::failed;
}
inline std::string_view enum_name(PaymentKind kind) { return kind == PaymentKind::recurring ? "recurring" : "one_off"; }
inline std::string_view enum_name(PaymentState state) { return state == PaymentState::paid ? "paid" : "failed"; }
template <class E>
std::string_view enum_name(E value) {
    return name(value);
}

constexpr std::string_view as_of_key = "as_of";

template <class T>
std::vector<void const*> places_of(T const& value) {
    std::vector<void const*> places;
    T::fields(value, [&](char const*, auto const& field) { places.push_back(&field); });
    return places;
}

// Most of what a document knows by words was said by one event. Its version is written once, as the member `as_of`, and a
// text of that version is a mere text.

template <class Field>
constexpr bool is_versioned_text = std::is_same_v<std::remove_cvref_t<Field>, Versioned<std::string>>;

/// Of the texts of `value`; a blank one when it has none.
template <class T>
Version newest_text(T const& value) {
    Version newest;
    T::fields(value, [&](char const*, [[maybe_unused]] auto const& field) {
        if constexpr (is_versioned_text<decltype(field)>) newest = std::max(newest, field.version);
    });
    return newest;
}

template <class T>
void write_fields(std::string& out, T const& value) {
    static T const blank{};
    static auto const defaults = places_of(blank);
    auto const as_of = newest_text(value);
    bool first = true;
    auto const begin_member = [&](std::string_view key) {
        out += std::exchange(first, false) ? "{\"" : ",\"";
        (out += key) += "\":";
    };
    if (as_of != Version{}) {
        begin_member(as_of_key);
        write_json(out, as_of);
    }
    T::fields(value, [&, next = defaults.begin()](char const* key, auto const& field) mutable {
        if (field == *static_cast<std::remove_cvref_t<decltype(field)> const*>(*next++)) return;
        begin_member(key);
        if constexpr (is_versioned_text<decltype(field)>)
            if (field.version == as_of) return append_json(out, field.value);
        write_json(out, field);
    });
    out += first ? "{}" : "}";
}

template <class Field>
void read_member([[maybe_unused]] simdjson::dom::object document, Json json, Field& field) {
    if constexpr (is_versioned_text<Field>)
        if (std::string_view text; !json.get(text)) {
            field.value = text;
            if (Json as_of; !document.at_key(as_of_key).get(as_of)) read_json(as_of, field.version);
            return;
        }
    read_json(json, field);
}

/// Members come in the order of the fields, unless another version or somebody else wrote them.
template <class T>
void read_fields(Json json, T& value) {
    simdjson::dom::object object;
    if (json.get(object)) return;
    auto next = object.begin();
    auto const end = object.end();
    std::string_view name = next == end ? std::string_view{} : next.key();
    auto const step = [&] {
        if (++next != end) name = next.key();
    };
    if (name == as_of_key) step();
    T::fields(value, [&](char const* key, auto& field) {
        if (next == end || name != key) return;
        read_member(object, next.value(), field);
        step();
    });
    if (next == end) return;
    T::fields(value, [&](char const* key, auto& field) {
        if (Json member; !object.at_key(key).get(member)) read_member(object, member, field);
    });
}

/// A list without names, of the first fields that are named here; a list with names is read too.
template <class T, class... Fields>
void read_places(Json json, T& value, Fields&... fields) {
    simdjson::dom::array parts;
    if (json.get(parts)) return read_fields(json, value);
    auto next = parts.begin();
    auto const end = parts.end();
    auto const read = [&](auto& field) {
        if (!(next != end)) return;
        read_json(*next, field);
        ++next;
    };
    (read(fields), ...);
}

template <class T>
struct Convert {
    static void write(std::string& out, T const& value) {
        if constexpr (HasFields<T>) {
            write_fields(out, value);
        } else if constexpr (NamedEnum<T>) {
            append_json(out, enum_name(value));
        } else {
            append_json(out, value);
        }
    }
    static void read(Json json, T& value) {
        if constexpr (HasFields<T>) {
            read_fields(json, value);
        } else if constexpr (NamedEnum<T>) {
            if (std::string_view text; !json.get(text)) parse_enum(text, value);
        } else if constexpr (std::is_same_v<T, std::string>) {
            if (std::string_view text; !json.get(text)) value = text;
        } else if constexpr (std::is_same_v<T, bool>) {
            if (bool flag = false; !json.get(flag)) value = flag;
        } else {
            if (std::int64_t whole = 0; !json.get(whole)) value = static_cast<T>(whole);
            else if (double number = 0; !json.get(number)) value = static_cast<T>(number);
        }
    }
};

template <>
struct Convert<Instant> {
    static void write(std::string& out, Instant const& at) { append_json(out, to_millis(at)); }
    static void read(Json json, Instant& at) {
        if (std::int64_t ms = 0; !json.get(ms)) at = instant_from_millis(ms);
    }
};

/// [at, hint, tie]: nearly everything that a document knows has one.
template <>
struct Convert<Version> {
    static void write_places(std::string& out, Version const& version) {
        append_json(out, to_millis(version.at));
        append_json(out += ',', version.hint);
        append_json(out += ',', version.tie);
    }
    static void write(std::string& out, Version const& version) {
        write_places(out += '[', version);
        out += ']';
    }
    static void read(Json json, Version& version) { read_places(json, version, version.at, version.hint, version.tie); }
};

/// [value, at, hint, tie].
template <>
struct Convert<Versioned<std::string>> {
    static void write(std::string& out, Versioned<std::string> const& text) {
        append_json(out += '[', text.value);
        Convert<Version>::write_places(out += ',', text.version);
        out += ']';
    }
    static void read(Json json, Versioned<std::string>& text) {
        auto& version = text.version;
        read_places(json, text, text.value, version.at, version.hint, version.tie);
    }
};

template <>
struct Convert<Seconds> {
    static void write(std::string& out, Seconds const& value) { append_json(out, std::int64_t{value.count()}); }
    static void read(Json json, Seconds& value) {
        if (std::int64_t count = 0; !json.get(count)) value = Seconds{count};
    }
};

template <class T>
struct Convert<std::optional<T>> {
    static void write(std::string& out, std::optional<T> const& value) {
        if (value) write_json(out, *value);
        else out += "null";
    }
    static void read(Json json, std::optional<T>& value) {
        if (json.is_null()) return value.reset();
        read_json(json, value.emplace());
    }
};

template <class Range>
void write_array(std::string& out, Range const& values) {
    out += '[';
    bool first = true;
    for (auto const& value : values) {
        if (!std::exchange(first, false)) out += ',';
        write_json(out, value);
    }
    out += ']';
}

template <class T>
struct Convert<std::vector<T>> {
    static void write(std::string& out, std::vector<T> const& values) { write_array(out, values); }
    static void read(Json json, std::vector<T>& values) {
        simdjson::dom::array array;
        if (json.get(array)) return;
        values.clear();
        values.reserve(array.size());
        for (Json const item : array) read_json(item, values.emplace_back());
    }
};

template <class T>
struct Convert<std::set<T>> {
    static void write(std::string& out, std::set<T> const& values) { write_array(out, values); }
    static void read(Json json, std::set<T>& values) {
        simdjson::dom::array array;
        if (json.get(array)) return;
        values.clear();
        for (Json const item : array) {
            T value{};
            read_json(item, value);
            values.insert(values.end(), std::move(value));
        }
    }
};

template <class T>
struct Convert<std::map<std::string, T>> {
    static void write(std::string& out, std::map<std::string, T> const& values) {
        out += '{';
        bool first = true;
        for (auto const& [key, value] : values) {
            if (!std::exchange(first, false)) out += ',';
            append_json(out, key);
            out += ':';
            write_json(out, value);
        }
        out += '}';
    }
    static void read(Json json, std::map<std::string, T>& values) {
        simdjson::dom::object object;
        if (json.get(object)) return;
        values.clear();
        for (auto const& [key, item] : object) read_json(item, values[std::string(key)]);
    }
};

}  // namespace fields_detail

template <class T>
void write_json(std::string& out, T const& value) {
    fields_detail::Convert<T>::write(out, value);
}

template <class T>
void read_json(Json json, T& value) {
    fields_detail::Convert<T>::read(json, value);
}

template <class T>
std::string to_json_text(T const& value) {
    std::string out;
    write_json(out, value);
    return out;
}

/// Into a default value; a broken text leaves it one.
template <class T>
void read_json_text(std::string_view text, T& value) {
    constexpr std::size_t kept_bytes = 256 * 1024;   // of the reader, from one text to the next
    thread_local simdjson::dom::parser parser;
    if (Json json; !parser.parse(text.data(), text.size()).get(json)) read_json(json, value);
    if (parser.capacity() > kept_bytes) parser = simdjson::dom::parser();
}

template <class T>
T from_json_text(std::string_view text) {
    T value{};
    read_json_text(text, value);
    return value;
}

}  // namespace recoup::core
