#pragma once
// An instance: one process of the daemon with the real services in it, its own clock and its own deaths. It runs on a
// fiber, so that it can stop at any edge while others go on.

#include "simulation/edges.hpp"
#include "simulation/fiber.hpp"
#include "simulation/provider.hpp"

#include "recoup/base/clock.hpp"
#include "service/scheduler/engine.hpp"

#include <optional>
#include <string>

namespace recoup::simulation {

/// The true time plus an error.
class InstanceClock final : public Clock {
public:
    explicit InstanceClock(Scene const& scene) : scene_(scene) {}
    Instant now() const override { return scene_.now + error_; }
    std::chrono::nanoseconds ticks() const override { return scene_.now.time_since_epoch(); }
    bool manual() const override { return false; }
    Millis error() const { return error_; }
    void set_error(Millis error) { error_ = error; }

private:
    Scene const& scene_;
    Millis error_{0};
};

class Instance {
public:
    struct World {
        Scene& scene;
        Judge& judge;
        Provider& email;
        Provider& sms;
    };

    Instance(World world, std::string name, bool delivers);
    ~Instance();

    /// Has it something to do now?
    bool ready() const;
    /// When it has something to do if nothing else happens.
    std::optional<Instant> ready_at() const;
    void step() { fiber_.resume(); }
    InstanceClock& clock() { return clock_; }

private:
    struct Life;

    void lives();
    Result<void> turn(service::Engine& engine);
    bool behind() const;
    std::optional<Instant> next_due() const;
    void wait(Millis time);
    void pass(char const* edge);
    void risk(char const* edge);
    void stop();

    World world_;
    Scene& scene_;
    std::string const name_;
    bool const delivers_;
    InstanceClock clock_;
    bool idle_ = false, ending_ = false;
    Instant resumes_at_{};                 // unless idle
    Fiber fiber_;
};

}  // namespace recoup::simulation
