#pragma once
// JSON form of domain values, from the one list of fields each declares. Used for documents in Postgres and in the
// admin API. Reading is strict about types and forgiving about absent keys (they keep their default), so that a
// document written by an older version still reads.

#include "recoup/base/time.hpp"
#include "recoup/domain/identity.hpp"
#include "recoup/domain/version.hpp"
#include "recoup/domain/consent.hpp"
#include "recoup/domain/event.hpp"
#include "recoup/domain/sequence.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

namespace recoup::core {

using Json = nlohmann::json;

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
Json to_json(T const& value);
template <class T>
void from_json(Json const& json, T& value);

namespace fields_detail {

inline void parse_enum(std::string_view text, KeyKind& out) { out = key_kind(text).value_or(out); }
inline void parse_enum(std::string_view text, Channel& out) { out = channel_from(text).value_or(out); }
inline void parse_enum(std::string_view text, ConsentState& out) { out = consent_state(text).value_or(out); }
inline void parse_enum(std::string_view text, Stage& out) { out = stage_from(text).value_or(out); }
inline void parse_enum(std::string_view text, Trigger& out) { out = trigger_from(text).value_or(out); }
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

template <class T>
struct Convert {
    static Json write(T const& value) {
        if constexpr (HasFields<T>) {
            Json out = Json::object();
            T::fields(value, [&](char const* key, auto const& field) { out[key] = to_json(field); });
            return out;
        } else if constexpr (NamedEnum<T>) {
            return std::string(enum_name(value));
        } else {
            return Json(value);
        }
    }
    static void read(Json const& json, T& value) {
        if constexpr (HasFields<T>) {
            if (!json.is_object()) return;
            T::fields(value, [&](char const* key, auto& field) {
                if (auto const it = json.find(key); it != json.end()) from_json(*it, field);
            });
        } else if constexpr (NamedEnum<T>) {
            if (json.is_string()) parse_enum(json.get_ref<std::string const&>(), value);
        } else if constexpr (std::is_same_v<T, std::string>) {
            if (json.is_string()) value = json.get<std::string>();
        } else if constexpr (std::is_same_v<T, bool>) {
            if (json.is_boolean()) value = json.get<bool>();
        } else {
            if (json.is_number()) value = json.get<T>();
        }
    }
};

template <>
struct Convert<Instant> {
    static Json write(Instant const& at) { return to_millis(at); }
    static void read(Json const& json, Instant& at) {
        if (json.is_number_integer()) at = instant_from_millis(json.get<std::int64_t>());
    }
};

template <>
struct Convert<Seconds> {
    static Json write(Seconds const& value) { return value.count(); }
    static void read(Json const& json, Seconds& value) {
        if (json.is_number_integer()) value = Seconds{json.get<std::int64_t>()};
    }
};

template <class T>
struct Convert<std::optional<T>> {
    static Json write(std::optional<T> const& value) { return value ? to_json(*value) : Json(nullptr); }
    static void read(Json const& json, std::optional<T>& value) {
        if (json.is_null()) return value.reset();
        from_json(json, value.emplace());
    }
};

template <class T>
struct Convert<std::vector<T>> {
    static Json write(std::vector<T> const& values) {
        Json out = Json::array();
        for (auto const& value : values) out.push_back(to_json(value));
        return out;
    }
    static void read(Json const& json, std::vector<T>& values) {
        if (!json.is_array()) return;
        values.clear();
        for (auto const& item : json) from_json(item, values.emplace_back());
    }
};

template <class T>
struct Convert<std::set<T>> {
    static Json write(std::set<T> const& values) {
        Json out = Json::array();
        for (auto const& value : values) out.push_back(to_json(value));
        return out;
    }
    static void read(Json const& json, std::set<T>& values) {
        if (!json.is_array()) return;
        values.clear();
        for (auto const& item : json) {
            T value{};
            from_json(item, value);
            values.insert(std::move(value));
        }
    }
};

template <class T>
struct Convert<std::map<std::string, T>> {
    static Json write(std::map<std::string, T> const& values) {
        Json out = Json::object();
        for (auto const& [key, value] : values) out[key] = to_json(value);
        return out;
    }
    static void read(Json const& json, std::map<std::string, T>& values) {
        if (!json.is_object()) return;
        values.clear();
        for (auto const& [key, item] : json.items()) from_json(item, values[key]);
    }
};

}  // namespace fields_detail

template <class T>
Json to_json(T const& value) {
    return fields_detail::Convert<T>::write(value);
}

template <class T>
void from_json(Json const& json, T& value) {
    fields_detail::Convert<T>::read(json, value);
}

/// Invalid UTF-8 is replaced, never thrown about: documents come from outside bytes.
inline std::string dump(Json const& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

template <class T>
std::string to_json_text(T const& value) {
    return dump(to_json(value));
}

/// A document of our own; a broken one reads as a default value.
template <class T>
T from_json_text(std::string_view text) {
    T value{};
    from_json(Json::parse(text, nullptr, false), value);
    return value;
}

}  // namespace recoup::core
