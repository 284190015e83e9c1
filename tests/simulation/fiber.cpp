#include "simulation/fiber.hpp"

#include "recoup/base/assert.hpp"

#include <ucontext.h>

#include <cstddef>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

namespace recoup::simulation {
namespace {
constexpr std::size_t stack_bytes = 1024 * 1024;
}

struct Fiber::Context {
    std::function<void()> body;
    std::vector<std::byte> stack = std::vector<std::byte>(stack_bytes);
    ucontext_t here{}, caller{};
    bool done = false;
    void* fake_stack = nullptr;
    void const* caller_stack = nullptr;
    std::size_t caller_size = 0;

    inline static Context* running = nullptr;

    void enter() {
        running = this;
#if defined(__SANITIZE_ADDRESS__)
        void* fake = nullptr;
        __sanitizer_start_switch_fiber(&fake, stack.data(), stack.size());
        swapcontext(&caller, &here);
        __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
#else
        swapcontext(&caller, &here);
#endif
        running = nullptr;
    }
    void leave() {
#if defined(__SANITIZE_ADDRESS__)
        __sanitizer_start_switch_fiber(done ? nullptr : &fake_stack, caller_stack, caller_size);
        swapcontext(&here, &caller);
        __sanitizer_finish_switch_fiber(fake_stack, &caller_stack, &caller_size);
#else
        swapcontext(&here, &caller);
#endif
    }
    static void start() {
        Context& self = *running;
#if defined(__SANITIZE_ADDRESS__)
        __sanitizer_finish_switch_fiber(nullptr, &self.caller_stack, &self.caller_size);
#endif
        self.body();
        self.done = true;
        self.leave();
    }
};

Fiber::Fiber(std::function<void()> body) : context_(std::make_unique<Context>()) {
    context_->body = std::move(body);
    getcontext(&context_->here);
    context_->here.uc_stack.ss_sp = context_->stack.data();
    context_->here.uc_stack.ss_size = context_->stack.size();
    context_->here.uc_link = nullptr;
    makecontext(&context_->here, &Context::start, 0);
}

Fiber::~Fiber() { RECOUP_ASSERT(context_->done); }

void Fiber::resume() {
    RECOUP_ASSERT(Context::running == nullptr && !context_->done);
    context_->enter();
}

bool Fiber::done() const { return context_->done; }

void Fiber::stop() {
    RECOUP_ASSERT(Context::running != nullptr);
    Context::running->leave();
}

}  // namespace recoup::simulation
