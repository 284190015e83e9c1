#include "adapter/postgres/dead_letters.hpp"

#include "adapter/postgres/statement.hpp"

#include "core/codec/utf8.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace recoup::postgres {
namespace {

// An event in the inbox was kept with its first delivery, and may have been dropped since.
constexpr Statement keep_letter{"letter_keep",
                                "insert into dead_letter (shop_id, event_id, letter_id, source, topic, kind, form, "
                                "reason, content_type, call, headers, "
                                "record_key, raw, sealed, raw_bytes, cut, key_hashes, attempts, received_at) "
                                "select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12::bytea, $13::bytea, "
                                "true, $14::bigint, $15::boolean, "
                                "$16::text[], $17::int, "
                                "to_timestamp($18::bigint / 1000.0::float8) "
                                "where ($1 = '' or exists (select 1 from shop s where s.shop_id = $1)) "
                                "and not exists (select 1 from inbox i where i.shop_id = $1 and i.event_id = $2) "
                                "and not exists (select 1 from erasure e where e.shop_id = $1 and (e.key_hash = 'shop' "
                                "or e.key_hash = any($16::text[])) "
                                " and e.erased_at >= to_timestamp($18::bigint / 1000.0::float8)) "
                                "on conflict do nothing"};

constexpr Statement list_letters{
    "letter_list",
    "select letter_id, shop_id, event_id, source, topic, kind, form, reason, content_type, call, headers, raw_bytes, "
    "cut, "
    "attempts, ms_of(received_at), ms_of(tried_at) from dead_letter "
    "where ($1 = '' or shop_id = $1) and ($2 = '' or source = $2) and ($3 = '' or kind = $3 or position($3 in reason) "
    "> 0) "
    "and received_at >= coalesce(at_ms($4), 'epoch') and received_at < coalesce(at_ms($5), 'infinity') "
    "and (received_at, letter_id) > (coalesce(at_ms($6), 'epoch'), $7) order by received_at, letter_id limit $8"};

constexpr Statement find_letter{
    "letter_find",
    "select letter_id, shop_id, event_id, source, topic, kind, form, reason, content_type, call, headers, raw_bytes, "
    "cut, "
    "attempts, ms_of(received_at), ms_of(tried_at), record_key, raw, sealed from dead_letter where letter_id = $1"};

constexpr Statement count_try{
    "letter_tried",
    "update dead_letter set attempts = attempts + 1, tried_at = at_ms($3), reason = $2 where letter_id = $1"};

constexpr Statement end_letter{
    "letter_end",
    "with gone as (delete from dead_letter where letter_id = $1 "
    " returning letter_id, shop_id, source, kind, reason, attempts, received_at) "
    "insert into dead_letter_end (letter_id, shop_id, source, kind, reason, attempts, received_at, ended_at, cause, "
    "note) "
    "select letter_id, shop_id, source, kind, reason, attempts, received_at, at_ms($4), $2, $3 from gone "
    "on conflict do nothing returning letter_id"};

constexpr Statement expire_letters{
    "letter_expire",
    "with gone as (delete from dead_letter where received_at < at_ms($1) "
    " returning letter_id, shop_id, source, kind, reason, attempts, received_at) "
    "insert into dead_letter_end (letter_id, shop_id, source, kind, reason, attempts, received_at, ended_at, cause, "
    "note) "
    "select letter_id, shop_id, source, kind, reason, attempts, received_at, at_ms($2), 'expired', '' from gone "
    "on conflict do nothing"};

constexpr Statement crowd_out_letters{
    "letter_crowd_out",
    "with ranked as (select letter_id, row_number() over (partition by shop_id order by received_at desc, letter_id "
    "desc) as place "
    " from dead_letter), "
    "gone as (delete from dead_letter d using ranked r where r.letter_id = d.letter_id and r.place > $1 "
    " returning d.letter_id, d.shop_id, d.source, d.kind, d.reason, d.attempts, d.received_at) "
    "insert into dead_letter_end (letter_id, shop_id, source, kind, reason, attempts, received_at, ended_at, cause, "
    "note) "
    "select letter_id, shop_id, source, kind, reason, attempts, received_at, at_ms($2), 'crowded_out', '' from gone "
    "on conflict do nothing"};

constexpr Statement forget_ends{"letter_forget_ends",
                                "delete from dead_letter_end where ended_at < at_ms($1) - interval '365 days'"};

constexpr Statement count_letters{
    "letter_stock", "select count(*), coalesce(sum(raw_bytes), 0)::bigint, ms_of(min(received_at)) from dead_letter"};

constexpr Statement find_plain{"letter_find_plain",
                               "select letter_id, shop_id, raw from dead_letter where not sealed order by letter_id "
                               "limit $1 for update skip locked"};

constexpr Statement seal_letter{"letter_seal", "update dead_letter set raw = $2, sealed = true where letter_id = $1"};

constexpr Statement erase_named{"letter_erase_named",
                                "delete from dead_letter where shop_id = $1 and key_hashes && $2::text[]"};

std::string context_of(std::string const& shop_id, std::string const& id) { return shop_id + "/" + id; }

std::string headers_json(Letter const& letter) {
    nlohmann::json json = nlohmann::json::object();
    for (auto const& [name, value] : letter.headers) json[name] = value;
    auto text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return text;
}

std::string binary_of(pqxx::field const& field) {
    pqxx::binarystring const bytes(field);
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

Letter letter_from(pqxx::row const& row) {
    Letter letter;
    letter.id = text(row[0]);
    letter.shop_id = text(row[1]);
    letter.event_id = text(row[2]);
    letter.source = text(row[3]);
    letter.topic = text(row[4]);
    letter.kind = letter_kind(text(row[5])).value_or(LetterKind::unusable);
    letter.form = letter_form(text(row[6])).value_or(LetterForm::body);
    letter.reason = text(row[7]);
    letter.content_type = text(row[8]);
    letter.call = text(row[9]);
    auto const headers = nlohmann::json::parse(text(row[10]), nullptr, false);
    for (auto const& [name, value] : headers.items())
        letter.headers.emplace_back(name, value.is_string() ? value.get<std::string>() : std::string{});
    letter.raw_bytes = row[11].as<std::int64_t>();
    letter.cut = row[12].as<bool>();
    letter.attempts = row[13].as<int>();
    letter.received_at = instant(row[14]);
    letter.tried_at = instant(row[15]);
    return letter;
}

Error no_such_letter() {
    return error(Errc::not_found, "There is no such dead letter; it may have been replayed, dropped or expired.");
}

}  // namespace

std::string PostgresDeadLetters::sealed(std::string const& shop_id, std::string const& id, std::string_view raw) const {
    auto const bytes = key_.seal(raw, context_of(shop_id, id), random_);
    return bytea({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
}

Result<void> PostgresDeadLetters::keep(std::vector<Letter> const& letters) {
    if (letters.empty()) return {};
    return run(pool_, [&](pqxx::work& tx) {
        for (auto const& letter : letters)
            exec(tx, keep_letter, letter.shop_id, core::to_utf8(letter.event_id), letter.id, letter.source,
                 letter.topic, std::string(name(letter.kind)), std::string(name(letter.form)),
                 core::to_utf8(letter.reason), core::to_utf8(letter.content_type), core::to_utf8(letter.call),
                 headers_json(letter), bytea(letter.record_key), sealed(letter.shop_id, letter.id, letter.raw),
                 letter.raw_bytes, letter.cut, text_array(letter.key_hashes), letter.attempts,
                 to_millis(letter.received_at));
    });
}

Result<std::vector<Letter>> PostgresDeadLetters::list(LetterQuery const& query) {
    return run(pool_, [&](pqxx::work& tx) -> std::vector<Letter> {
        std::vector<Letter> letters;
        for (auto const& row : exec(tx, list_letters, query.shop_id, query.source, query.reason, to_millis(query.since),
                                    to_millis(query.before), to_millis(query.after_at), query.after_id,
                                    static_cast<std::int64_t>(query.limit)))
            letters.push_back(letter_from(row));
        return letters;
    });
}

Result<Letter> PostgresDeadLetters::find(std::string_view id) {
    return run(pool_, [&](pqxx::work& tx) -> Result<Letter> {
        auto const rows = exec(tx, find_letter, std::string(id));
        if (rows.empty()) return no_such_letter();
        auto letter = letter_from(rows[0]);
        letter.record_key = binary_of(rows[0][16]);
        letter.raw = binary_of(rows[0][17]);
        if (!rows[0][18].as<bool>()) return letter;
        auto plain = key_.open(as_bytes(letter.raw), context_of(letter.shop_id, letter.id));
        if (!plain)
            return error(Errc::configuration,
                         "the dead letter was sealed with another key; put the old one into dead_letters.key");
        letter.raw = std::move(*plain);
        return letter;
    });
}

Result<void> PostgresDeadLetters::tried(std::string_view id, std::string_view reason, Instant now) {
    return run(pool_, [&](pqxx::work& tx) -> Result<void> {
        auto const counted = exec(tx, count_try, std::string(id), core::to_utf8(reason), to_millis(now));
        if (counted.affected_rows() != 1) return no_such_letter();
        return {};
    });
}

Result<void> PostgresDeadLetters::end(std::string_view id, LetterEnd why, std::string_view note, Instant now) {
    return run(pool_, [&](pqxx::work& tx) -> Result<void> {
        auto const gone =
            exec(tx, end_letter, std::string(id), std::string(name(why)), core::to_utf8(note), to_millis(now));
        if (gone.empty()) return no_such_letter();
        return {};
    });
}

Result<DeadLetterStore::Trimmed> PostgresDeadLetters::trim(Instant before, std::int64_t most, Instant now) {
    return run(pool_, [&](pqxx::work& tx) -> Trimmed {
        Trimmed trimmed;
        trimmed.expired = exec(tx, expire_letters, to_millis(before), to_millis(now)).affected_rows();
        trimmed.crowded_out = exec(tx, crowd_out_letters, most, to_millis(now)).affected_rows();
        exec(tx, forget_ends, to_millis(now));
        return trimmed;
    });
}

Result<LetterStock> PostgresDeadLetters::stock() {
    return run(pool_, [&](pqxx::work& tx) -> LetterStock {
        auto const row = exec(tx, count_letters)[0];
        return {row[0].as<std::int64_t>(), row[1].as<std::int64_t>(), instant(row[2])};
    });
}

Result<std::size_t> PostgresDeadLetters::seal_plain(std::size_t most) {
    return run(pool_, [&](pqxx::work& tx) -> std::size_t {
        auto const rows = exec(tx, find_plain, static_cast<std::int64_t>(most));
        for (auto const& row : rows)
            exec(tx, seal_letter, text(row[0]), sealed(text(row[1]), text(row[0]), binary_of(row[2])));
        return rows.size();
    });
}

void erase_letters_naming(pqxx::work& tx, std::string const& shop_id, std::set<std::string> const& key_hashes) {
    if (!key_hashes.empty()) exec(tx, erase_named, shop_id, text_array(key_hashes));
}

}  // namespace recoup::postgres
