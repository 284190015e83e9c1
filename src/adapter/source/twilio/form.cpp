#include "adapter/source/twilio/form.hpp"

#include "adapter/source/shared/text.hpp"
#include "core/codec/utf8.hpp"

#include <algorithm>

namespace recoup::source::twilio {
namespace {

constexpr std::size_t most_pairs = 256;

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
        if (escape) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

}  // namespace

Form parse_form(std::string_view body) {
    Form form;
    while (!body.empty() && form.size() < most_pairs) {
        auto const pair = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(body.size(), pair.size() + 1));
        auto const equals = pair.find('=');
        auto const content = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
        form.emplace_back(decoded(pair.substr(0, equals)), decoded(content));
    }
    return form;
}

std::string value(Form const& form, std::string_view name) {
    for (auto const& [key, content] : form)
        if (key == name) return core::is_utf8(content) ? content : std::string{};
    return {};
}

}  // namespace recoup::source::twilio
