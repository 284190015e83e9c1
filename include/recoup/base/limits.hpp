#pragma once
// Every bound in one place. A queue or an input without a bound here is a defect.

#include <cstddef>
#include <cstdint>

namespace recoup::limits {

// Public listener
inline constexpr std::size_t header_bytes = 16 * 1024;
inline constexpr std::size_t webhook_body_bytes = 1024 * 1024;
inline constexpr std::size_t pixel_body_bytes = 64 * 1024;
inline constexpr std::size_t admin_body_bytes = 1024 * 1024;
inline constexpr std::size_t batch_items = 500;
inline constexpr std::size_t segment_body_bytes = 500 * 1024;
inline constexpr std::size_t segment_message_bytes = 32 * 1024;
inline constexpr std::size_t segment_batch_items = 2500;
inline constexpr std::size_t request_bytes = 4 * 1024;   // what a request in flight weighs beside its body
inline constexpr std::size_t shop_origins = 64;
inline constexpr std::size_t shop_keys = 256;            // active ones
inline constexpr std::size_t rate_buckets = 64 * 1024;   // address prefixes and visitors remembered, each
inline constexpr std::size_t json_depth = 64;
inline constexpr std::size_t connections = 4096;

// Idempotency keys
inline constexpr std::size_t idempotency_queue = 4096;
inline constexpr std::size_t idempotency_answer_bytes = 128 * 1024;   // a longer answer is not kept: asked again, it is made again
inline constexpr std::size_t idempotency_keys_per_shop = 1'000'000;   // the oldest leave first

// Values inside events: longer text is cut at a code point, more items are dropped, both without an error
inline constexpr std::size_t id_bytes = 255;
inline constexpr std::size_t text_bytes = 1024;
inline constexpr std::size_t url_bytes = 2048;
inline constexpr std::size_t cart_lines = 250;
inline constexpr std::int64_t pieces_per_line = 1'000'000;   // of one line; more counts as so many
inline constexpr std::size_t variants_per_product = 250;
inline constexpr std::size_t discount_codes = 16;

// State
inline constexpr std::size_t sessions_per_person = 16;
inline constexpr std::size_t payment_methods_per_session = 16;
inline constexpr std::size_t failures_per_payment = 32;
inline constexpr std::size_t products_viewed = 12;       // of one browsing session
inline constexpr std::size_t subscriptions_per_person = 16;

// Event log
inline constexpr std::size_t append_queue_records = 65536;
inline constexpr std::size_t append_queue_bytes = 64 * 1024 * 1024;
inline constexpr std::size_t track_batch_events = 1'000;

// Dead letters
inline constexpr std::size_t letter_bytes = webhook_body_bytes;   // kept of one
inline constexpr std::size_t letter_names = 64;                   // people a letter is looked through for, for erasure
inline constexpr int poison_tries = 3;                            // of one record, before it is put aside

// Schedule and deliver
inline constexpr std::size_t claim_batch = 1'000;
inline constexpr std::size_t rendered_bytes = 256 * 1024;

// Admin API
inline constexpr std::size_t page_items = 200;

}  // namespace recoup::limits
