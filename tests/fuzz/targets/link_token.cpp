// Signed links: nothing that we did not sign verifies, what we signed comes back as it was, and any payload under a
// right signature is read without harm.
#include "core/link/token.hpp"
#include "fuzz/support/input.hpp"
#include "fuzz/support/target.hpp"

#include <array>

namespace recoup::fuzz {
namespace {

using namespace recoup::core;

Instant const now = instant_from_seconds(1'763'633'400);
constexpr std::string_view secret = "a secret of thirty-two bytes....";

std::array<LinkKey, 2> const& keys() {
    static std::array<LinkKey, 2> const both{link_key(7, secret), link_key(8, "another secret of thirty-two by.")};
    return both;
}

void arbitrary(Input& input) {
    auto const refused = verify(input.rest(), keys(), now);
    check(!refused && refused.error().code == Errc::unauthorized, "nobody signs but us");
}

void round_trip(Input& input) {
    constexpr std::array purposes{LinkPurpose::click, LinkPurpose::restore, LinkPurpose::unsubscribe};
    LinkClaims claims;
    claims.purpose = purposes[input.below(purposes.size())];
    claims.target = static_cast<int>(input.below(65535)) - 1;
    claims.expires_at = instant_from_seconds(static_cast<std::int64_t>(input.number(4)));
    claims.shop_id = input.text(255);
    claims.message_id = "m" + std::string(input.text(120));
    auto token = sign(claims, keys()[input.below(2)]);
    auto const read = verify(token, keys(), now);
    if (token.size() > 600) check(!read, "a token over the limit is refused");  // ids of ours are far shorter
    else if (claims.expires_at <= now) check(!read && read.error().code == Errc::not_found, "it expires");
    else check(read.has_value() && *read == claims, "what was signed comes back as it was");
    auto const at = input.below(token.size());
    auto const byte = static_cast<char>(input.byte());
    if (token[at] == byte) return;
    token[at] = byte;
    check(!verify(token, keys(), now), "one other character and it is not ours");
}

/// As only a holder of the key could write it.
void signed_payload(Input& input) {
    auto payload = fuzz::bytes("\1\7") + std::string(input.text(200));
    auto const full = hmac_sha256(keys()[0].secret, "recoup.link.v1:" + payload);
    payload.append(full.begin(), full.begin() + 16);
    if (auto const read = verify(to_base64url(as_bytes(payload)), keys(), now)) {
        check(read->expires_at > now && !read->message_id.empty() && read->target >= -1, "claims make sense");
        auto const again = verify(sign(*read, keys()[0]), keys(), now);
        check(again.has_value() && *again == *read, "and can be signed again");
    }
}

void run(std::string_view bytes) {
    Input input(bytes);
    switch (input.byte() % 3) {
        case 0: arbitrary(input); break;
        case 1: round_trip(input); break;
        default: signed_payload(input); break;
    }
}

std::vector<std::string> seeds() {
    return {std::string(1, '\0') + "AQdjAAAAAAAABGRlbW9t", fuzz::bytes("\1\0\5\0\377\377\377\377\4demo\3abc\0\11x"),
            fuzz::bytes("\1\2\0\0\1\0\0\0\4demo\3abc\0\11x"), fuzz::bytes("\2\20c\377\377\377\377\0\1\4demom_1")};
}

Registration const registered({"link_token", seeds, {}, run});

}  // namespace
}  // namespace recoup::fuzz
