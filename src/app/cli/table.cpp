#include "app/cli/table.hpp"

#include "recoup/base/assert.hpp"

#include <algorithm>
#include <ostream>

namespace recoup::app {
namespace {

struct Span {
    char32_t first, last;
};
constexpr Span narrow_none[] = {{0x300, 0x36F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};
constexpr Span wide[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
                         {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};

template <std::size_t N>
bool within(Span const (&spans)[N], char32_t c) {
    return std::ranges::any_of(spans, [c](Span const& span) { return c >= span.first && c <= span.last; });
}

/// The code point at `at`, which moves behind it; a stray byte counts as itself.
char32_t next_code_point(std::string_view text, std::size_t& at) {
    auto const lead = static_cast<unsigned char>(text[at++]);
    int const more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    char32_t c = more == 3 ? lead & 0x07 : more == 2 ? lead & 0x0F : more == 1 ? lead & 0x1F : lead;
    for (int i = 0; i < more && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; ++i, ++at)
        c = (c << 6) | (static_cast<unsigned char>(text[at]) & 0x3F);
    return c;
}

std::string shown(nlohmann::json const& cell) {
    if (cell.is_null()) return "-";
    if (!cell.is_string()) return cell.dump();
    auto text = cell.get<std::string>();
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return text;
}

std::string heading(std::string name) {
    for (char& c : name) c = c == '_' ? ' ' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return name;
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        auto const c = next_code_point(text, at);
        width += within(narrow_none, c) ? 0 : within(wide, c) ? 2 : 1;
    }
    return width;
}

void Table::row(std::vector<nlohmann::json> cells) {
    RECOUP_ASSERT(cells.size() == columns_.size());
    rows_.push_back(std::move(cells));
}

void Table::print(std::ostream& out) const {
    std::vector<std::size_t> widths;
    for (auto const& column : columns_) widths.push_back(display_width(column));
    for (auto const& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(shown(row[i])));
    auto const line = [&](auto const& text_at, auto const& right_at) {
        std::string text;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            std::string const cell = text_at(i);
            std::string const fill(widths[i] - display_width(cell), ' ');
            text += (i == 0 ? "" : "  ") + (right_at(i) ? fill + cell : cell + fill);
        }
        text.erase(text.find_last_not_of(' ') + 1);
        out << text << '\n';
    };
    auto const numeric = [&](std::size_t i) {
        return !rows_.empty() &&
               std::ranges::all_of(rows_, [i](auto const& row) { return row[i].is_number() || row[i].is_null(); });
    };
    line([&](std::size_t i) { return heading(columns_[i]); }, numeric);
    for (auto const& row : rows_) line([&](std::size_t i) { return shown(row[i]); }, numeric);
}

void Table::print_json(std::ostream& out) const {
    auto array = nlohmann::ordered_json::array();
    for (auto const& row : rows_) {
        nlohmann::ordered_json object;
        for (std::size_t i = 0; i < columns_.size(); ++i) object[columns_[i]] = row[i];
        array.push_back(std::move(object));
    }
    out << array.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

}  // namespace recoup::app
