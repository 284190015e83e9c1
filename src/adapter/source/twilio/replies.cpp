#include "adapter/source/twilio/replies.hpp"

#include "core/sms/segments.hpp"
#include "core/template/filters.hpp"

namespace recoup::source::twilio {

std::string reply_to(Meaning meaning, Shop const& shop) {
    auto const name = core::sms_text(shop.name.empty() ? shop.domain : shop.name);
    switch (meaning) {
        case Meaning::stop: return name + ": you are unsubscribed and will get no more texts. Reply START to get them again.";
        case Meaning::start: return name + ": you will get cart reminders again. Msg&data rates may apply. Reply HELP for help, STOP to cancel.";
        case Meaning::help: return name + ": for help visit https://" + shop.domain + ". Msg&data rates may apply. Reply STOP to cancel.";
        case Meaning::other: return {};
    }
    return {};
}

std::string answer_text(std::string const& reply) {
    return reply.empty() ? "<Response/>" : "<Response><Message>" + core::liquid::escape_html(reply) + "</Message></Response>";
}

}  // namespace recoup::source::twilio
