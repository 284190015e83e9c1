#include "bench/support/load.hpp"

#include "bench/support/http_client.hpp"

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <optional>

namespace recoup::bench {
namespace {

using Time = Ticks::time_point;
using std::chrono::nanoseconds;

constexpr nanoseconds drain_limit = std::chrono::seconds{5};
constexpr nanoseconds dead_limit = std::chrono::seconds{2};   // neither an answer nor a connection

sockaddr_in address_of(LoadPlan const& plan) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(plan.port));
    inet_pton(AF_INET, plan.host.c_str(), &address.sin_addr);
    return address;
}

float milliseconds(nanoseconds span) { return std::chrono::duration<float, std::milli>(span).count(); }

struct Slot {
    explicit Slot(sockaddr_in const& server) : client(server) {}
    HttpClient client;
    Time due, sent;
    bool writing = false;        // registered for EPOLLOUT
};

class Generator {
public:
    Generator(LoadPlan const& plan, std::vector<SignedRequest>& requests, LoadEvents const& events)
        : plan_(plan), requests_(requests), events_(events), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
        for (int i = 0; i < plan.connections; ++i) slots_.push_back(std::make_unique<Slot>(address_of(plan)));
    }
    Generator(Generator const&) = delete;
    Generator& operator=(Generator const&) = delete;
    ~Generator() { ::close(epoll_); }

    LoadOutcome run() {
        begin_ = Ticks::now();
        measured_begin_ = begin_ + plan_.warm_up;
        measured_end_ = measured_begin_ + plan_.measured;
        last_alive_ = begin_;
        for (auto& slot : slots_) open(*slot);
        while (!finished()) {
            wait();
            now_ = Ticks::now();
            pass_marks();
            if (plan_.rate > 0) send_due();
        }
        pass_marks();
        if (phase_ == Phase::measured) end_measured();
        for (auto const& slot : slots_) outcome_.unanswered += slot->client.state() == HttpClient::State::waiting ? 1 : 0;
        outcome_.unanswered += waiting_.size();
        return std::move(outcome_);
    }

private:
    enum class Phase : unsigned char { warming, measured, draining };

    bool finished() const {
        bool const nothing_left = in_flight_ == 0 && waiting_.empty();
        if (plan_.requests > 0 && started_ >= plan_.requests && nothing_left) return true;
        if (now_ - last_alive_ > dead_limit && in_flight_ == 0 && idle_.empty()) return true;
        return phase_ == Phase::draining && (nothing_left || now_ - measured_end_ > drain_limit);
    }

    bool sending_allowed() const {
        return phase_ != Phase::draining && (plan_.requests == 0 || started_ < plan_.requests);
    }

    void pass_marks() {
        if (phase_ == Phase::warming && now_ >= measured_begin_) {
            phase_ = Phase::measured;
            measured_since_ = next_tick_ = now_;
            if (events_.on_measured_begin) events_.on_measured_begin();
        }
        if (phase_ == Phase::measured && plan_.tick.count() > 0 && now_ >= next_tick_) {
            next_tick_ += plan_.tick;
            if (events_.on_tick) events_.on_tick(now_);
        }
        if (phase_ == Phase::measured && plan_.requests == 0 && now_ >= measured_end_) end_measured();
    }

    void end_measured() {
        phase_ = Phase::draining;
        outcome_.seconds = std::chrono::duration<double>(now_ - measured_since_).count();
        if (events_.on_measured_end) events_.on_measured_end();
    }

    Time due_time(std::uint64_t number) const {
        return begin_ + nanoseconds{static_cast<std::int64_t>(1e9 / plan_.rate * static_cast<double>(number))};
    }

    void wait() {
        nanoseconds sleep = std::chrono::milliseconds{20};
        if (plan_.rate > 0 && sending_allowed() && !idle_.empty()) sleep = std::min(sleep, nanoseconds{due_time(started_) - Ticks::now()});
        sleep = std::max(sleep, nanoseconds{0});
        timespec const limit{0, static_cast<long>(sleep.count())};
        std::array<epoll_event, 128> ready;
        int const count = epoll_pwait2(epoll_, ready.data(), static_cast<int>(ready.size()), &limit, nullptr);
        now_ = Ticks::now();
        for (int i = 0; i < count; ++i) handle(*static_cast<Slot*>(ready[static_cast<std::size_t>(i)].data.ptr),
                                               ready[static_cast<std::size_t>(i)].events);
    }

    void handle(Slot& slot, std::uint32_t what) {
        if ((what & EPOLLOUT) != 0 && slot.client.wants_to_write()) {
            bool const connecting = slot.client.state() == HttpClient::State::connecting;
            if (!slot.client.writable()) return broke(slot);
            if (connecting) {
                last_alive_ = now_;
                became_idle(slot);
            }
            register_interest(slot);
        }
        if ((what & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) return;
        bool const waiting = slot.client.state() == HttpClient::State::waiting;
        auto const answer = slot.client.readable();
        if (answer) return answered(slot, *answer);
        if (slot.client.state() == HttpClient::State::closed) broke(slot, waiting);
    }

    void answered(Slot& slot, Answer const& answer) {
        --in_flight_;
        last_alive_ = now_;
        note(slot, answer);
        if (answer.closes) return open(slot);
        became_idle(slot);
    }

    void note(Slot const& slot, Answer const& answer) {
        bool const accepted = answer.status >= 200 && answer.status < 300;
        if (phase_ == Phase::measured) {
            ++outcome_.answered;
            outcome_.answer_ms.push_back(milliseconds(now_ - slot.sent));
            ++outcome_.statuses[answer.status];
            outcome_.accepted += accepted ? 1 : 0;
            outcome_.retry_after += answer.retry_after ? 1 : 0;
        }
        if (slot.due < measured_begin_ || (plan_.requests == 0 && slot.due >= measured_end_)) return;
        auto const taken = milliseconds(now_ - slot.due);
        if (accepted) outcome_.accepted_samples.push_back({slot.due, taken});
        else outcome_.refused_ms.push_back(taken);
    }

    void broke(Slot& slot, bool waiting = false) {
        if (waiting || slot.client.state() == HttpClient::State::waiting) {
            --in_flight_;
            ++outcome_.broken;
        }
        open(slot);
    }

    void open(Slot& slot) {
        slot.writing = false;
        std::erase(idle_, &slot);
        if (now_ - last_alive_ > dead_limit || !slot.client.connect()) return;
        epoll_event event{};
        event.events = EPOLLIN | EPOLLOUT;
        event.data.ptr = &slot;
        slot.writing = true;
        epoll_ctl(epoll_, EPOLL_CTL_ADD, slot.client.socket(), &event);
    }

    void register_interest(Slot& slot) {
        bool const wanted = slot.client.wants_to_write();
        if (wanted == slot.writing || slot.client.socket() < 0) return;
        slot.writing = wanted;
        epoll_event event{};
        event.events = wanted ? EPOLLIN | EPOLLOUT : EPOLLIN;
        event.data.ptr = &slot;
        epoll_ctl(epoll_, EPOLL_CTL_MOD, slot.client.socket(), &event);
    }

    void became_idle(Slot& slot) {
        if (plan_.rate > 0) {
            idle_.push_back(&slot);
        } else if (sending_allowed()) {
            ++started_;
            send(slot, now_);
        }
    }

    /// The most recently used connection first would hide slow ones; the longest idle goes first.
    void send_due() {
        for (; sending_allowed() && due_time(started_) <= now_; ++started_) waiting_.push_back(due_time(started_));
        while (!waiting_.empty() && now_ - waiting_.front() > plan_.give_up) {
            waiting_.pop_front();
            ++outcome_.given_up;
        }
        while (!waiting_.empty() && !idle_.empty()) {
            auto const due = waiting_.front();
            waiting_.pop_front();
            auto& slot = *idle_.front();
            idle_.pop_front();
            outcome_.late_ms.push_back(milliseconds(Ticks::now() - due));
            send(slot, due);
        }
    }

    void send(Slot& slot, Time due) {
        auto& request = requests_[numbered_ % requests_.size()];
        request.set_number(numbered_++);
        slot.due = due;
        slot.sent = now_;
        ++in_flight_;
        if (!slot.client.send(request.bytes)) return broke(slot);
        register_interest(slot);
    }

    LoadPlan const& plan_;
    std::vector<SignedRequest>& requests_;
    LoadEvents const& events_;
    int epoll_;
    std::vector<std::unique_ptr<Slot>> slots_;
    std::deque<Slot*> idle_;
    std::deque<Time> waiting_;
    std::uint64_t started_ = 0, numbered_ = 0, in_flight_ = 0;
    Phase phase_ = Phase::warming;
    Time begin_, measured_begin_, measured_end_, measured_since_, now_, next_tick_, last_alive_;
    LoadOutcome outcome_;
};

}  // namespace

LoadOutcome run_load(LoadPlan const& plan, std::vector<SignedRequest>& requests, LoadEvents const& events) {
    return Generator(plan, requests, events).run();
}

}  // namespace recoup::bench
