#pragma once
// Words as people text them, made comparable: capital letters without accents, whatever the phone made of them.

#include <string>
#include <string_view>
#include <vector>

namespace recoup::source::twilio {

/// Words of well-formed UTF-8: runs of letters, in capitals, accents of Latin letters taken off ("Désabonner" and its
/// decomposed form are DESABONNER), Greek and Cyrillic in capitals, other scripts as they are. Bytes that are no UTF-8 end a word.
std::vector<std::string> plain_words(std::string_view utf8);

}  // namespace recoup::source::twilio
