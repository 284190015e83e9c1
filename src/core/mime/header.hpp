#pragma once
// Header fields of a message: RFC 5322 lines, RFC 2047 encoded words. Nothing a shopper typed can end a line.

#include "recoup/base/result.hpp"

#include <string>
#include <string_view>

namespace recoup::core {

/// No control character, so no CR, LF or NUL.
bool header_safe(std::string_view value);

/// "Name: value\r\n" of human text: encoded words (lines of at most 76) when it is not plain ASCII, else folded at
/// spaces to 78 where it can be. Errc::invalid when not header_safe.
Result<std::string> text_field(std::string_view name, std::string_view value);

/// "Name: value\r\n" taken as it is: ids, URLs and the like. Errc::invalid when not printable ASCII or over 998.
Result<std::string> raw_field(std::string_view name, std::string_view value);

struct Mailbox {
    std::string name;      // as people read it, may be empty
    std::string address;   // local@domain, ASCII
};

/// "a@b", "Name <a@b>" or "\"Name, Inc.\" <a@b>". Errc::invalid otherwise.
Result<Mailbox> parse_mailbox(std::string_view text);

/// "Name: display <address>\r\n". Errc::invalid when not header_safe or the address is malformed.
Result<std::string> mailbox_field(std::string_view name, Mailbox const& mailbox);

}  // namespace recoup::core
