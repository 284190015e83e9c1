#pragma once
// Composer: turns a decision to send into the message as the shopper will see it, with signed links.

#include "core/link/token.hpp"

#include "recoup/base/result.hpp"
#include "recoup/domain/message.hpp"
#include "recoup/port/schedule_store.hpp"
#include "recoup/port/template_engine.hpp"

#include <string>

namespace recoup::service {

class Composer {
public:
    struct Settings {
        std::string public_url;            // base of links, no trailing slash
        core::LinkKey link_key;            // of this installation
    };

    Composer(TemplateEngine const& templates, Settings settings) : templates_(templates), settings_(std::move(settings)) {}

    /// `lines` are what can still be bought. Errc as TemplateEngine::render.
    Result<MessageDraft> compose(DueStep const& due, SequenceStep const& step, std::string const& address,
                                 std::vector<Line> const& lines, Instant now) const;

private:
    TemplateEngine const& templates_;
    Settings settings_;
};

}  // namespace recoup::service
