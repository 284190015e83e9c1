#pragma once
// Fields of what operators handle: keys, origins, dead letters, unknown messages, pauses. Part of the table in api_schema.cpp.

#include "service/admin/api_schema.hpp"

namespace recoup::service::schema {

using enum FieldInfo::Type;
inline constexpr bool may_be_null = true;

inline constexpr FieldInfo shop_key_fields[] = {
    {"id", text},
    {"source", text, false, "The source it is for"},
    {"kind", text, false, "bearer: only a hash is kept; write_key: public"},
    {"name", text, may_be_null, "For people"},
    {"hint", text, may_be_null, "How it begins"},
    {"scopes", list, false, "Types it may send: order.completed, cart.* or *"},
    {"active", boolean, false, "Neither revoked nor expired"},
    {"created_at", time, may_be_null},
    {"expires_at", time, may_be_null, "When it ends or ended"},
    {"last_used_at", time, may_be_null, "Within about a second"},
    {"key", text, false, "The key itself, when it is made and never again", {}, true},
};
inline constexpr FieldInfo key_wish_fields[] = {
    {"source", text, false, "events, segment or bigcommerce"},
    {"scopes", list, false, "For events: types it may send, order.completed or cart.*; left out = everything", {}, true},
    {"name", text, may_be_null, "For people", {}, true},
    {"expires_at", time, may_be_null, "When it ends; left out = when it is revoked", {}, true},
};
inline constexpr FieldInfo origins_fields[] = {
    {"origins", list, false, "Like https://shop.example, or null for sandboxed frames; at most 64"},
};
inline constexpr FieldInfo letter_fields[] = {
    {"id", text},
    {"shop", text, may_be_null, "null = the record did not tell"},
    {"source", text, may_be_null},
    {"topic", text, may_be_null, "As the sender named it"},
    {"kind", text, false, "unusable, unreadable or poison"},
    {"reason", text, false, "Of the last attempt"},
    {"event_id", text, false, "Of the event on the log, or its place there"},
    {"received_at", time, may_be_null},
    {"attempts", integer, false, "The first included"},
    {"tried_at", time, may_be_null, "Last replay that failed"},
    {"form", text, false, "body: of the sender's request; record: of the event log"},
    {"content_type", text},
    {"call", text, may_be_null, "Rest of the sender's path behind the source"},
    {"headers", object, false, "Of the request; never credentials, signatures, cookies"},
    {"bytes", integer, false, "Original size"},
    {"cut", boolean, false, "Kept in part only, so that it cannot be replayed"},
    {"shape", text, may_be_null, "What there is in the bytes, without what it says", {}, true},
    {"raw", text, false, "The original bytes in base64", {}, true},
};
inline constexpr FieldInfo outcome_fields[] = {
    {"id", text},
    {"outcome", text, false, "replayed; usable (dry run); failed: it stays, with one attempt more; dropped"},
    {"dry_run", boolean},
    {"reason", text, may_be_null},
    {"events", list, false, "Kinds of the events that it yields"},
};

inline constexpr FieldInfo unknown_message_fields[] = {
    {"id", text},
    {"shop", text},
    {"enrollment_id", text},
    {"channel", text},
    {"adapter", text, false, "Who may have sent it"},
    {"sequence", text},
    {"step", integer, false, "Place in the sequence, from 1"},
    {"step_name", text},
    {"attempt", integer, false, "From 1"},
    {"planned_at", time, may_be_null},
    {"created_at", time, may_be_null, "When sending was decided"},
    {"provider_code", text, may_be_null, "What is known of the call"},
    {"repeated", boolean, false, "It is asked again under its key by itself"},
};
inline constexpr FieldInfo resolution_fields[] = {
    {"id", text},
    {"shop", text},
    {"status", text, false, "sent; retry: it is planned again; rejected: it was not sent and will not be"},
    {"planned_again", boolean},
    {"reason", text, false, "ok, or why it is not planned again"},
};
inline constexpr FieldInfo pause_fields[] = {
    {"shop", text, may_be_null, "null = every shop"},
    {"channel", text, may_be_null, "null = every channel"},
    {"sequence", text, may_be_null, "null = every sequence"},
    {"incentives", boolean, false, "true: messages go on, without incentives, while the shop has a sale"},
    {"since", time, may_be_null, "null in the answer that ends it"},
    {"note", text, may_be_null},
    {"steps", integer, false, "Steps that waited, in the answer that ends it", {}, true},
};

}  // namespace recoup::service::schema
