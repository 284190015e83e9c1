#include "core/law/shown.hpp"

#include <algorithm>
#include <array>

namespace recoup::core {
namespace {

/// Letters and digits alone, small: line breaks, commas and escapes make no difference. Bytes above ASCII count as letters.
std::string letters_of(std::string_view text) {
    std::string out;
    for (unsigned char const byte : text) {
        if (byte >= 'A' && byte <= 'Z') out += static_cast<char>(byte - 'A' + 'a');
        else if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte >= 0x80) out += static_cast<char>(byte);
    }
    return out;
}

bool is_within(std::string_view text, std::string_view wanted) { return letters_of(text).find(letters_of(wanted)) != std::string::npos; }

constexpr std::size_t enough_of_a_name = 12;   // a short text may cut it
constexpr std::size_t enough_of_an_address = 200;
// How a text may say that it can be stopped, in the languages of the shipped packs.
constexpr std::array<std::string_view, 8> opt_out_words{"stop", "unsubscribe", "optout", "abmelden", "désabonner", "baja", "annulla", "afmelden"};

}  // namespace

bool shows(Message const& message, Need need, Shop const& shop) {
    auto const& content = message.content;
    switch (need) {
        case Need::postal_address: return is_within(content.text, std::string_view(shop.postal_address).substr(0, enough_of_an_address));
        case Need::unsubscribe_link:
            return !message.unsubscribe_url.empty() && (content.text.find(message.unsubscribe_url) != std::string::npos ||
                                                        content.html.find(message.unsubscribe_url) != std::string::npos);
        case Need::opt_out_words: {
            auto const text = letters_of(content.text);
            return std::any_of(opt_out_words.begin(), opt_out_words.end(),
                               [&](std::string_view word) { return text.find(word) != std::string::npos; });
        }
        case Need::sender_name: return is_within(content.text, std::string_view(shop.name).substr(0, enough_of_a_name));
    }
    return false;
}

}  // namespace recoup::core
