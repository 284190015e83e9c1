#include "adapter/source/twilio/plain_words.hpp"

#include "core/codec/utf8.hpp"

#include <cstddef>
#include <utility>

namespace recoup::source::twilio {
namespace {

// U+00C0 to U+017F without their accents, two bytes of room each where one letter becomes two ("ß", "Æ"); '-' is no letter.
constexpr std::string_view latin =
    "AAAAAAÆCEEEEIIII" "DNOOOOO-OUUUUYTß" "AAAAAAÆCEEEEIIII" "DNOOOOO-OUUUUYTY"   // C0 D0 E0 F0
    "AAAAAACCCCCCCCDD" "DDEEEEEEEEEEGGGG" "GGGGHHHHIIIIIIII" "IIĲĲJJKKKLLLLLLL"   // 100 110 120 130
    "LLLNNNNNNNNNOOOO" "OOŒŒRRRRRRSSSSSS" "SSTTTTTTUUUUUUUU" "UUUUWWYYYZZZZZZS";  // 140 150 160 170

/// The letter of `latin` at a place, which counts letters and not bytes.
std::string_view latin_letter(std::size_t place) {
    std::size_t at = 0;
    for (; place > 0; --place) at += core::first_code_point(latin.substr(at)).size;
    return latin.substr(at, core::first_code_point(latin.substr(at)).size);
}

/// As two letters where people write two.
std::string_view spelled(std::string_view letter) {
    if (letter == "Æ") return "AE";
    if (letter == "Œ") return "OE";
    if (letter == "Ĳ") return "IJ";
    if (letter == "ß") return "SS";
    return letter == "-" ? std::string_view{} : letter;
}

void append(std::string& word, char32_t two_bytes) {
    word += static_cast<char>(0xC0U | two_bytes >> 6);
    word += static_cast<char>(0x80U | (two_bytes & 0x3FU));
}

/// Small Greek letters with a tonos, in the order of their code points from U+03AC and from U+03CC.
char32_t without_tonos(char32_t c) {
    constexpr std::u32string_view first = U"ΑΕΗΙ", second = U"ΟΥΩ";
    if (c >= 0x3AC && c <= 0x3AF) return first[c - 0x3AC];
    if (c >= 0x3CC && c <= 0x3CE) return second[c - 0x3CC];
    return 0;
}

bool is_ascii_letter(char32_t c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// Punctuation and blanks of the blocks that phones use: general, CJK, full width.
bool separates(char32_t c) {
    return (c >= 0x80 && c < 0xC0) || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c < 0x2070) || (c >= 0x3000 && c < 0x3005) ||
           (c >= 0xFF00 && c < 0xFF10) || c == 0xFF1A || c == 0xFF1F || (c >= 0xFE00 && c < 0xFE10) || c == 0xFEFF || c == 0xFFFD ||
           (c >= 0x1F000 && c < 0x20000);
}

/// Adds what the code point spells; false: it ends the word.
bool spell(std::string& word, char32_t c, std::string_view bytes) {
    if (c < 0x80) {
        if (!is_ascii_letter(c)) return false;
        word += static_cast<char>(c & ~0x20U);
        return true;
    }
    if (c >= 0x300 && c < 0x370) return true;   // an accent of its own, behind its letter
    if (separates(c)) return false;
    if (c >= 0xC0 && c < 0x180) word += spelled(latin_letter(c - 0xC0));
    else if (auto const greek = without_tonos(c); greek != 0) append(word, greek);
    else if (c >= 0x3B1 && c <= 0x3C9) append(word, c == 0x3C2 ? U'\u03A3' : c - 0x20);   // Greek; a final sigma is one
    else if (c >= 0x430 && c <= 0x44F) append(word, c - 0x20);                             // Cyrillic
    else if (c == 0x451 || c == 0x401) append(word, U'\u0415');                            // its yo is written as ye
    else word += bytes;
    return true;
}

}  // namespace

std::vector<std::string> plain_words(std::string_view utf8) {
    std::vector<std::string> words;
    std::string word;
    auto const end_word = [&] {
        if (!word.empty()) words.push_back(std::exchange(word, {}));
    };
    while (!utf8.empty()) {
        auto const [code, size] = core::first_code_point(utf8);
        if (!spell(word, code, utf8.substr(0, size))) end_word();
        utf8.remove_prefix(size);
    }
    end_word();
    return words;
}

}  // namespace recoup::source::twilio
