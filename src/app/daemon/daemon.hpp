#pragma once
// Daemon: the composition root. Owns every part in the order in which they depend on each other; stop() ends them in
// the one right order. `recoup serve` and `recoup dev` differ only in what they give it.

#include "app/cli/commands.hpp"

#include "recoup/base/clock.hpp"
#include "recoup/base/random.hpp"
#include "recoup/base/settings.hpp"

#include <memory>
#include <string>

namespace recoup::app {

struct DaemonOptions {
    Settings settings;                 // database.url and admin.token are set
    ServeRoles roles;
    bool create_topics = false;        // dev: makes what the event log needs
    bool take_over_leases = false;     // dev: nobody else works on this data
    std::string version;
};

class Daemon {
public:
    struct Parts;

    /// Connects, checks the schema, loads model, templates and shops. Errors name the fix.
    static Result<std::unique_ptr<Daemon>> make(DaemonOptions options, Clock& clock, Random& random);
    ~Daemon();

    /// Binds the listeners and starts the loops.
    Result<void> start();
    /// Readiness off, stop accepting, drain, flush, end. Idempotent.
    void stop(Millis drain);

    /// Takes what may change at run time from new settings; keeps the old ones on error.
    Result<void> reload(Settings settings);

    /// "host:port" as bound; empty while the role is off.
    std::string const& public_address() const;
    std::string const& admin_address() const;
    std::string const& public_url() const;
    /// One line on the model in force, for the start transcript.
    std::string model_line() const;

private:
    explicit Daemon(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace recoup::app
