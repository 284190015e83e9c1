#pragma once
// Addresses that nobody is won back by: crawlers, throw-away mail, mailboxes of machines. Data: config/addresses.txt.

#include "recoup/base/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace recoup::core {

class AddressList {
public:
    /// Lines `kind pattern`, the pattern being `*@domain`, `local@*` or a whole address; # begins a comment. A domain holds
    /// its subdomains too. Errc::configuration names the line.
    static Result<AddressList> parse(std::string_view text);

    /// The kind of the pattern that fits, the most exact one first; nullopt = none does. `email` is normalised.
    std::optional<std::string_view> kind_of(std::string_view email) const;

    /// One more pattern, as in a line. False: it is none.
    bool add(std::string_view kind, std::string_view pattern);

private:
    std::map<std::string, std::string, std::less<>> whole_, locals_, domains_;   // to kind
};

}  // namespace recoup::core
