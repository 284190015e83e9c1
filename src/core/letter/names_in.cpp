// Who is named in bytes that nobody could read: a scan for what looks like an address, a phone or a customer's number.
#include "core/letter/letter.hpp"

#include "recoup/base/limits.hpp"
#include "recoup/domain/world.hpp"

#include <set>

namespace recoup::core {
namespace {

constexpr std::size_t longest_email = 254, fewest_phone_digits = 8, longest_number = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool in_email(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-' ||
           c == '+' || static_cast<unsigned char>(c) >= 0x80;
}

bool in_number(char c) { return is_digit(c) || c == ' ' || c == '-' || c == '(' || c == ')' || c == '.'; }

/// Forms and URLs write %40 and %2B.
std::string unescaped(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        auto const escape = bytes.substr(i, 3);
        bool const at = escape == "%40", plus = escape == "%2B" || escape == "%2b";
        if (at || plus) i += 2;
        out += at ? '@' : plus ? '+' : bytes[i];
    }
    return out;
}

class Names {
public:
    explicit Names(std::string_view shop_id) : shop_id_(shop_id) {}

    void add(std::optional<IdentityKey> const& key) {
        if (key && hashes_.size() < limits::letter_names) hashes_.insert(key_hash(shop_id_, *key));
    }
    void add_emails(std::string_view text) {
        for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
            auto from = at, to = at + 1;
            while (from > 0 && at - from < longest_email && in_email(text[from - 1])) --from;
            while (to < text.size() && to - at < longest_email && in_email(text[to])) ++to;
            while (to > at && text[to - 1] == '.') --to;
            add(make_key(KeyKind::email, text.substr(from, to - from)));
        }
    }
    void add_numbers(std::string_view text) {
        for (std::size_t from = 0; from < text.size(); ++from) {
            if (!is_digit(text[from]) && text[from] != '+' && text[from] != '(') continue;
            auto to = from + 1;
            std::size_t digits = is_digit(text[from]) ? 1 : 0;
            for (; to < text.size() && to - from < longest_number && in_number(text[to]); ++to)
                digits += is_digit(text[to]) ? 1 : 0;
            auto const number = text.substr(from, to - from);
            if (digits >= fewest_phone_digits) add(make_key(KeyKind::phone, number, "US"));
            if (digits == number.size()) add(make_key(KeyKind::customer_id, number));
            from = to - 1;
        }
    }
    std::vector<std::string> hashes() const { return {hashes_.begin(), hashes_.end()}; }

private:
    std::string shop_id_;
    std::set<std::string> hashes_;
};

}  // namespace

std::vector<std::string> names_in(std::string_view shop_id, std::string_view bytes,
                                  std::vector<IdentityKey> const& keys) {
    Names names(shop_id);
    for (auto const& key : keys) names.add(key);
    auto const text = unescaped(bytes);
    names.add_emails(text);
    names.add_numbers(text);
    return names.hashes();
}

}  // namespace recoup::core
