#include "core/sms/segments.hpp"

#include "core/codec/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace recoup::core {
namespace {

/// GSM 03.38 basic set beyond what is plainly ASCII, and the extension set (two septets each).
constexpr std::u32string_view basic = U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
constexpr std::u32string_view extension = U"\f^{}\\[~]|€";

/// Septets of a character; 0 when GSM-7 does not have it.
std::size_t septets(char32_t c) {
    bool const letter = (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9');
    if (letter || basic.find(c) != basic.npos) return 1;
    return extension.find(c) != extension.npos ? 2 : 0;
}

/// Units are packed so that no character is split between segments.
class Counter {
public:
    Counter(std::size_t single, std::size_t part) : single_(single), part_(part) {}
    void add(std::size_t width) {
        units_ += width;
        if (in_part_ + width > part_) {
            ++parts_;
            in_part_ = 0;
        }
        in_part_ += width;
    }
    std::size_t units() const { return units_; }
    std::size_t segments() const { return units_ == 0 ? 0 : units_ <= single_ ? 1 : parts_; }

private:
    std::size_t single_, part_;
    std::size_t units_ = 0, parts_ = 1, in_part_ = 0;
};

std::string_view look_alike(char32_t c) {
    constexpr std::array<std::pair<char32_t, std::string_view>, 20> table{{
        {U'‘', "'"}, {U'’', "'"}, {U'‚', "'"}, {U'′', "'"}, {U'`', "'"}, {U'“', "\""}, {U'”', "\""}, {U'„', "\""},
        {U'«', "\""}, {U'»', "\""}, {U'–', "-"}, {U'—', "-"}, {U'‐', "-"}, {U'‑', "-"}, {U'−', "-"}, {U'…', "..."},
        {U'•', "-"}, {U'\u00a0', " "}, {U'\u202f', " "}, {U'\u2009', " "},
    }};
    auto const found = std::find_if(table.begin(), table.end(), [c](auto const& entry) { return entry.first == c; });
    return found == table.end() ? std::string_view() : found->second;
}

}  // namespace

SmsLength sms_length(std::string_view utf8) {
    Counter gsm(160, 153), wide(70, 67);
    bool fits_gsm = true;
    while (!utf8.empty()) {
        auto const [code, size] = first_code_point(utf8);
        auto const width = septets(code);
        fits_gsm = fits_gsm && width > 0;
        gsm.add(width);
        wide.add(code > 0xffff ? 2 : 1);
        utf8.remove_prefix(size);
    }
    auto const& counter = fits_gsm ? gsm : wide;
    return {fits_gsm, counter.units(), counter.segments()};
}

std::string sms_text(std::string_view utf8) {
    std::string out;
    while (!utf8.empty()) {
        auto const [code, size] = first_code_point(utf8);
        auto const plain = look_alike(code);
        auto piece = plain.empty() ? utf8.substr(0, size) : plain;
        if (code == 0xfffd || code == 0x7f || (code < 0x20 && code != U'\n' && code != U'\t')) piece = {};
        if (code == U'\t') piece = " ";
        bool const after_blank = out.empty() || out.back() == ' ' || out.back() == '\n';
        if (piece == "\n" && !out.empty() && out.back() == ' ') out.back() = '\n';
        else if (!(after_blank && (piece == " " || piece == "\n"))) out += piece;
        utf8.remove_prefix(size);
    }
    while (!out.empty() && (out.back() == ' ' || out.back() == '\n')) out.pop_back();
    return out;
}

std::string_view sms_cut(std::string_view utf8, std::size_t segments) {
    auto cut = utf8;
    while (sms_length(cut).segments > segments) {
        auto last = cut.size() - 1;
        while (last > 0 && (static_cast<unsigned char>(cut[last]) & 0xc0) == 0x80) --last;
        cut = cut.substr(0, last);
    }
    return cut;
}

}  // namespace recoup::core
