#include "fuzz/support/mutate.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace recoup::fuzz {
namespace {

using std::string_view_literals::operator""sv;

// What breaks parsers of text and of binary formats alike.
constexpr std::array edges{"\0"sv,
                           "\xFF"sv,
                           "\xC3"sv,
                           "\xF0\x9F\x9B\x92"sv,
                           "\r\n"sv,
                           "\r\n\r\n"sv,
                           "\n"sv,
                           "-1"sv,
                           "0"sv,
                           "9223372036854775807"sv,
                           "9223372036854775808"sv,
                           "18446744073709551616"sv,
                           "1e400"sv,
                           "null"sv,
                           "[]"sv,
                           "{}"sv,
                           "[[[[[[[["sv,
                           "\""sv,
                           "\\"sv,
                           "%"sv,
                           "{{"sv,
                           "{%"sv,
                           "\xFF\xFF\xFF\xFF"sv,
                           "\xFF\xFF\xFF\x7F"sv,
                           "\0\0\0\0"sv};
constexpr std::size_t most_bytes = 16 * 1024;

class Mutation {
public:
    Mutation(std::string& text, SeededRandom& random) : text_(text), random_(random) {}

    std::size_t place() { return static_cast<std::size_t>(random_.below(text_.size() + 1)); }
    std::size_t length() { return static_cast<std::size_t>(random_.below(random_.below(4) == 0 ? 256 : 8) + 1); }

    void change_byte(bool one_bit) {
        if (text_.empty()) return;
        auto& byte = text_[std::min(place(), text_.size() - 1)];
        byte = static_cast<char>(one_bit ? byte ^ (1 << random_.below(8)) : static_cast<int>(random_.below(256)));
    }
    void put(std::string_view word) {
        auto const at = place();
        if (random_.below(2) == 0) text_.insert(at, word);
        else text_.replace(at, word.size(), word);
    }
    void erase() { text_.erase(place(), length()); }
    void repeat() {
        auto const piece = text_.substr(place(), length());
        auto const at = place();
        for (auto times = random_.below(4) + 1; times > 0; --times) text_.insert(at, piece);
    }
    void cut() { text_.resize(place()); }

private:
    std::string& text_;
    SeededRandom& random_;
};

}  // namespace

std::string mutated(std::string text, std::vector<std::string> const& samples, std::vector<std::string> const& words,
                    SeededRandom& random) {
    for (auto changes = random.below(4) + 1; changes > 0; --changes) {
        Mutation mutation(text, random);
        switch (random.below(8)) {
            case 0: mutation.change_byte(true); break;
            case 1: mutation.change_byte(false); break;
            case 2: mutation.put(edges[random.below(edges.size())]); break;
            case 3:
                if (!words.empty()) mutation.put(words[random.below(words.size())]);
                break;
            case 4: mutation.erase(); break;
            case 5: mutation.repeat(); break;
            case 6: mutation.cut(); break;
            default: {
                auto const& other = samples[random.below(samples.size())];
                mutation.put(std::string_view(other).substr(random.below(other.size() + 1), mutation.length()));
                break;
            }
        }
    }
    if (text.size() > most_bytes) text.resize(most_bytes);
    return text;
}

}  // namespace recoup::fuzz
