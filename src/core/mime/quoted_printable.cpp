#include "core/mime/message.hpp"

namespace recoup::core {
namespace {

constexpr std::size_t encoded_line_limit = 76;

class Writer {
public:
    void put(unsigned char byte, bool literal) {
        std::size_t const width = literal ? 1 : 3;
        if (column_ + width > encoded_line_limit - 1) soft_break();
        if (literal && !(byte == '.' && column_ == 0)) {
            out_ += static_cast<char>(byte);
            column_ += 1;
            return;
        }
        constexpr std::string_view hex = "0123456789ABCDEF";
        out_ += {'=', hex[byte >> 4], hex[byte & 15]};
        column_ += 3;
    }
    void hard_break() {
        out_ += "\r\n";
        column_ = 0;
    }
    std::string take() { return std::move(out_); }

private:
    void soft_break() {
        out_ += "=\r\n";
        column_ = 0;
    }

    std::string out_;
    std::size_t column_ = 0;
};

bool line_end_at(std::string_view text, std::size_t i) {
    return i >= text.size() || text[i] == '\n' || (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n');
}

}  // namespace

std::string quoted_printable(std::string_view text) {
    Writer writer;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        if (byte == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        if (byte == '\n') {
            writer.hard_break();
            continue;
        }
        bool const blank = byte == ' ' || byte == '\t';
        bool const literal = blank ? !line_end_at(text, i + 1) : byte > 0x20 && byte < 0x7f && byte != '=';
        writer.put(byte, literal);
    }
    return writer.take();
}

}  // namespace recoup::core
