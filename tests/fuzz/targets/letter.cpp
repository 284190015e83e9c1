// Dead letters: what is sealed opens with its key and context only, and any bytes can be kept, looked through and
// shown.
#include "core/letter/letter.hpp"
#include "fuzz/support/input.hpp"
#include "fuzz/support/target.hpp"

#include "core/codec/utf8.hpp"
#include "recoup/base/limits.hpp"
#include "recoup/base/seal.hpp"
#include "recoup/port/http.hpp"

#include <nlohmann/json.hpp>

namespace recoup::fuzz {
namespace {

SealingKey const& key(int which) {
    static SealingKey const first =
        *SealingKey::from_base64_text(to_base64(as_bytes("a key of thirty-two bytes length")));
    static SealingKey const second =
        *SealingKey::from_base64_text(to_base64(as_bytes("another of thirty-two bytes, too")));
    return which == 0 ? first : second;
}

void seal(Input& input) {
    SeededRandom random(input.number(2));
    auto const context = input.text(40), plain = input.text(300);
    auto sealed = key(0).seal(plain, context, random);
    auto const opened = key(0).open(sealed, context);
    check(opened.has_value() && *opened == plain, "what was sealed opens");
    check(!key(1).open(sealed, context), "not with another key");
    check(!key(0).open(sealed, std::string(context) + "x"), "not for another context");
    auto const at = input.below(sealed.size());
    auto const flip = input.byte();
    sealed[at] ^= flip == 0 ? 1 : flip;
    check(!key(0).open(sealed, context), "not when it was changed");
    sealed.resize(input.below(sealed.size()));
    check(!key(0).open(sealed, context), "nor cut");
    check(!key(0).open(as_bytes(input.rest()), context), "nor when it is anything else");
}

void show(std::string_view raw) {
    auto const names = core::names_in("demo", raw, {});
    check(names.size() <= limits::letter_names, "names are bounded");
    auto const shape = core::shape_of(raw);
    check(core::is_utf8(shape), "a shape is text");
}

void keep(Input& input) {
    HeaderList headers;
    for (auto count = input.below(6); count > 0; --count) {
        auto const name = input.text(40), value = input.text(40);
        headers.emplace_back(name, value);
    }
    for (auto const& [name, value] : core::kept_headers(headers)) {
        check(name.find("signature") == name.npos && name.find("hmac") == name.npos && name != "authorization" &&
                  name != "cookie",
              "no credential is kept");
        check(core::is_utf8(value), "what is kept is text");
    }
    ReadRecord record;
    record.key = input.text(40);
    record.offset = static_cast<std::int64_t>(input.number(8));
    record.value = input.rest();
    auto const letter = core::unreadable_letter({"postgres", record}, "why", instant_from_seconds(1'763'633'400));
    check(!letter.id.empty() && letter.raw == record.value && core::is_utf8(letter.shop_id), "any record can be kept");
    show(record.value);
}

void run(std::string_view bytes) {
    Input input(bytes);
    switch (input.byte() % 3) {
        case 0: seal(input); break;
        case 1: keep(input); break;
        default: show(input.rest()); break;
    }
}

std::vector<std::string> seeds() {
    return {fuzz::bytes("\0\1\2\7context\16plain text here\5\1"),
            fuzz::bytes("\1\2\14content-type\20application/json\17x-shopify-hmac-\3abc\6demo/x\0\0\0\0\0\0\0\0{}"),
            "\2{\"email\":\"Jane@Example.com\",\"phone\":\"+1 (212) "
            "555-1234\",\"id\":820982911946154508,\"a\":[1,null,true,{\"b\":\"x\"}]}",
            "\2From=%2B15551234567&Body=jane%40example.com", "\2jane@example.com, 0049 171 1234567 \xff\xfe"};
}

Registration const registered(
    {"letter", seeds, {"@example.com", "+49171", "\"email\":", "content-type", "authorization", "%40", "ce-"}, run});

}  // namespace
}  // namespace recoup::fuzz
