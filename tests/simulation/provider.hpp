#pragma once
// Providers that take messages, lose answers, refuse, and are slow. One of the two kinds knows idempotency keys.

#include "simulation/judge.hpp"

#include "recoup/port/channel.hpp"

#include <functional>
#include <map>

namespace recoup::simulation {

/// The far end: one for each channel, shared by all instances, it outlives their crashes.
class Provider {
public:
    Provider(Scene& scene, Judge& judge, bool keyed) : scene_(scene), judge_(judge), keyed_(keyed) {}

    bool keyed() const { return keyed_; }
    bool can_look_up() const { return scene_.options.look_ups; }
    /// Whether it took the message.
    bool has(std::string const& message_id) const { return judge_.has_left(message_id); }

    /// What becomes of a request; `arrived` false = it was lost on the way.
    Outcome take(Message const& message, Claim const& claim, bool arrived);

private:
    void look_at(Message const& message);

    Scene& scene_;
    Judge& judge_;
    bool keyed_;
    std::map<std::string, Outcome> answered_;   // final answers by key, repeated to whoever asks again
};

/// One instance's connection to it.
class ProviderAdapter final : public ChannelAdapter {
public:
    /// How the instance waits, may die, and what it claimed.
    struct Host {
        std::function<void(Millis)> wait;
        std::function<void(char const*)> edge;
        std::function<Claim const&(std::string const& message_id)> claim_of;
    };

    ProviderAdapter(Scene& scene, Judge& judge, Provider& provider, Host host)
        : scene_(scene), judge_(judge), provider_(provider), host_(std::move(host)) {}

    std::string_view name() const override { return provider_.keyed() ? "keyed" : "keyless"; }
    bool serves(Channel) const override { return true; }
    bool idempotent() const override { return provider_.keyed(); }
    Outcome send(Message const& message) override;
    bool can_look_up() const override { return provider_.can_look_up(); }
    std::optional<std::string> look_up(std::string const& message_id) override;

private:
    Scene& scene_;
    Judge& judge_;
    Provider& provider_;
    Host host_;
};

}  // namespace recoup::simulation
