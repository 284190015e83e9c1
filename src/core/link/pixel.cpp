#include "core/link/pixel.hpp"

#include "core/web/text.hpp"
#include "core/web/visitor.hpp"

#include <array>

namespace recoup::core {
namespace {

struct Agent {
    std::string_view part, machine;   // part: lower case
};
// Apple's prefetch says "Mozilla/5.0" and no more; Gmail's calls itself an Edge of 2015 (bird.com, "Gmail is prefetching
// images"; mailgun.com, "Bot detection").
constexpr std::array agents{
    Agent{"googleimageproxy", "gmail_proxy"}, Agent{"edge/12.246 mozilla/5.0", "gmail_prefetch"},
    Agent{"yahoomailproxy", "yahoo_proxy"},   Agent{"yahoocachesystem", "yahoo_proxy"},
    Agent{"barracuda", "scanner"},            Agent{"mimecast", "scanner"},
    Agent{"proofpoint", "scanner"},           Agent{"urldefense", "scanner"},
    Agent{"safelinks", "scanner"},            Agent{"cloudmark", "scanner"},
    Agent{"fireeye", "scanner"},              Agent{"symantec", "scanner"},
    Agent{"messagelabs", "scanner"},          Agent{"trendmicro", "scanner"},
    Agent{"forcepoint", "scanner"},           Agent{"sophos", "scanner"},
    Agent{"zscaler", "scanner"},              Agent{"bitdefender", "scanner"},
};
constexpr std::string_view apple_prefetch = "mozilla/5.0";

}  // namespace

void add_pixel(std::string& html, std::string_view url) {
    if (html.empty()) return;
    auto const picture = "<img src=\"" + std::string(url) + "\" width=\"1\" height=\"1\" alt=\"\" style=\"display:block\">\n";
    auto const end = html.rfind("</body>");
    html.insert(end == std::string::npos ? html.size() : end, picture);
}

std::string_view pixel_gif() {
    using namespace std::string_view_literals;
    return "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02"
           "D\x01\x00;"sv;
}

std::string_view machine_of(HttpRequest const& request) {
    if (request.method == "HEAD") return "head";
    auto const agent = lower_ascii(request.header("user-agent"));
    if (agent == apple_prefetch) return "apple_prefetch";
    for (auto const& [part, machine] : agents)
        if (agent.find(part) != std::string::npos) return machine;
    if (agent.empty() || is_named_robot(agent)) return "robot";
    return is_prefetch(request) ? "prefetch" : "";
}

}  // namespace recoup::core
