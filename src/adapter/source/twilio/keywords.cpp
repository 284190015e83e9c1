#include "adapter/source/twilio/keywords.hpp"

#include "adapter/source/shared/text.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace recoup::source::twilio {
namespace {

constexpr std::array<std::string_view, 12> stop_words{"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END",   "QUIT",
                                                      "REVOKE", "OPTOUT", "OPT OUT",    "OPT-OUT", "ARRET", "ARRETE"};
constexpr std::array<std::string_view, 3> start_words{"START", "YES", "UNSTOP"};
constexpr std::array<std::string_view, 5> revoking{"STOP", "STOPALL", "UNSUBSCRIBE", "REVOKE", "OPTOUT"};

template <class List>
bool in(List const& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        bool const letter = i < text.size() && ((text[i] >= 'A' && text[i] <= 'Z') || static_cast<unsigned char>(text[i]) >= 0x80);
        if (letter) continue;
        if (i > begin) words.push_back(text.substr(begin, i - begin));
        begin = i + 1;
    }
    return words;
}

}  // namespace

Meaning meaning_of(std::string_view opt_out_type, std::string_view body) {
    auto const type = upper_ascii(trimmed(opt_out_type));
    if (type == "STOP") return Meaning::stop;
    if (type == "START") return Meaning::start;
    auto const text = upper_ascii(trimmed(body));
    auto const words = words_of(text);
    if (in(stop_words, text) || (words.size() == 1 && in(stop_words, words[0]))) return Meaning::stop;
    if (words.size() == 1 && in(start_words, words[0])) return Meaning::start;
    for (std::size_t i = 0; i < words.size(); ++i) {
        bool const opt_out = words[i] == "OPT" && i + 1 < words.size() && words[i + 1] == "OUT";
        if (opt_out || in(revoking, words[i])) return Meaning::stop;
    }
    return Meaning::other;
}

}  // namespace recoup::source::twilio
