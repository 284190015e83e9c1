#include "core/statistics/other_mail.hpp"

#include "core/mark/mark.hpp"
#include "core/web/text.hpp"

#include <array>

namespace recoup::core {
namespace {

constexpr std::array<std::string_view, 4> tools{"shopify", "klaviyo", "omnisend", "mailchimp"};

struct Campaign {
    std::string source, medium, about;   // lower case; about: campaign, content and term
    std::string_view signed_by;          // a parameter that only one tool sets
};

Campaign campaign_of(std::string_view query) {
    Campaign out;
    while (!query.empty()) {
        auto const pair = query.substr(0, query.find_first_of("&#"));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        auto const name = pair.substr(0, pair.find('='));
        auto const value = lower_ascii(pair.substr(std::min(pair.size(), name.size() + 1)));
        if (name == "utm_source") out.source = value;
        if (name == "utm_medium") out.medium = value;
        if (name == "utm_campaign" || name == "utm_content" || name == "utm_term") (out.about += ' ') += value;
        if (name == "_kx") out.signed_by = "klaviyo";
        if (name == "mc_cid") out.signed_by = "mailchimp";
        if (name == "omnisendContactID") out.signed_by = "omnisend";
    }
    return out;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// Advertisements and newsletters are no reminders of a cart.
bool reminds(Campaign const& campaign) {
    bool const message = campaign.medium.empty() || contains(campaign.medium, "mail") || contains(campaign.medium, "sms") ||
                         contains(campaign.medium, "flow") || contains(campaign.medium, "push");
    bool const cart = contains(campaign.about, "abandon") || contains(campaign.about, "cart") || contains(campaign.source, "abandon");
    return message && cart;
}

}  // namespace

std::string_view other_cart_mail(std::string_view landing_site) {
    auto const mark = landing_site.find('?');
    if (mark == landing_site.npos || !link_mark(landing_site).empty()) return {};
    auto const campaign = campaign_of(landing_site.substr(mark + 1));
    if (!reminds(campaign) || campaign.source == "recoup") return {};
    if (!campaign.signed_by.empty()) return campaign.signed_by;
    for (auto const tool : tools)
        if (contains(campaign.source, tool)) return tool;
    return "other";
}

}  // namespace recoup::core
