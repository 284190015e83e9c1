#pragma once
// Composer: turns a decision to send into the message as the shopper will see it, with signed links.

#include "core/link/token.hpp"
#include "core/policy/decide.hpp"

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
        bool open_pixel = false;           // HTML mail carries a picture of ours that tells that it was opened
    };

    Composer(TemplateEngine const& templates, Settings settings) : templates_(templates), settings_(std::move(settings)) {}

    /// `verdict` is to send: with its address, what can be bought and what may be promised. Errc as TemplateEngine::render.
    Result<MessageDraft> compose(DueStep const& due, SequenceStep const& step, core::StepVerdict const& verdict, Instant now) const;

private:
    TemplateEngine const& templates_;
    Settings settings_;
};

}  // namespace recoup::service
