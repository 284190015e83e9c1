#pragma once
// A fiber: a call with a stack of its own that can stop in the middle and go on later, on the same thread. So the real,
// blocking services of several instances take turns at any of their edges.

#include <functional>
#include <memory>

namespace recoup::simulation {

class Fiber {
public:
    /// `body` must not throw.
    explicit Fiber(std::function<void()> body);
    Fiber(Fiber const&) = delete;
    Fiber& operator=(Fiber const&) = delete;
    /// Only once done: nothing unwinds a stack that is left behind.
    ~Fiber();

    /// Runs until it stops or is done. Not from inside a fiber.
    void resume();
    bool done() const;

    /// Stops the running fiber; returns when it is resumed. Not while an exception is handled.
    static void stop();

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace recoup::simulation
