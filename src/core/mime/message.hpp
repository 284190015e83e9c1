#pragma once
// An email as bytes for the wire (RFC 5322, 2045, 2047, 8058; reference: wire.md 12).

#include "core/mime/header.hpp"
#include "recoup/domain/message.hpp"

namespace recoup::core {

/// "<id@domain of the sender>": the same message always has the same, so that mailboxes can collapse a repeat.
std::string message_id(Message const& message);

/// CRLF lines, multipart/alternative with text before HTML, 7-bit throughout; without dot-stuffing. Errc::invalid
/// names the field that holds a line break or a malformed address, or the part that is missing.
Result<std::string> build_message(Message const& message);

/// Quoted-printable (RFC 2045 section 6.7) with lines of at most 76, of text with any line ends. Never starts a line
/// with a dot.
std::string quoted_printable(std::string_view text);

}  // namespace recoup::core
