#include "send_model.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <tuple>

namespace recoup::core::model {
namespace {

constexpr int last_second = 5;        // time ends here; every lease is shorter
constexpr int lease_seconds = 2;
constexpr int most_attempts = 2;      // of the sender's back-off
constexpr std::int64_t most_tokens = 4;

Instant at(int second) { return instant_from_seconds(1'000'000 + second); }

/// A worker dies by forgetting everything; what it asked for may still arrive.
struct Worker {
    enum class Stage : unsigned char { idle, claimed, asked, heard };
    Stage stage = Stage::idle;
    std::int64_t token = 0;
    OutcomeKind outcome = OutcomeKind::unknown;
    friend auto operator<=>(Worker const&, Worker const&) = default;
};

struct Model {
    SendState row;
    int now = 0;
    std::array<Worker, 2> workers;
    int in_flight = 0;               // requests of dead workers
    int effects = 0;                 // what the shopper saw
    std::optional<OutcomeKind> known;   // a keyed provider's answer
    bool told = false;               // a person said that the provider has nothing

    auto rank() const {
        return std::tie(row.step, row.message, row.due_at, row.attempt, row.lease_token, row.lease_until, row.came_back, now,
                        workers, in_flight, effects, known, told);
    }
    friend bool operator<(Model const& a, Model const& b) { return a.rank() < b.rank(); }
};

struct Step {
    Model to;
    std::string what;
    std::string violation;
};

class Explorer {
public:
    explicit Explorer(Setting const& setting) : setting_(setting) {}

    Finding run() {
        Model first;
        first.row.due_at = at(0);
        add(first, {}, nullptr);
        while (!queue_.empty() && finding_.violation.empty()) {
            auto const* from = queue_.front();
            queue_.pop_front();
            steps_.clear();
            visit(*from);
            for (auto& step : steps_) {
                if (auto broken = step.violation.empty() ? judged(step.to) : step.violation; !broken.empty()) {
                    finding_.violation = broken;
                    tell(from, step.what);
                    break;
                }
                add(step.to, step.what, from);
            }
        }
        finding_.states = seen_.size();
        return finding_;
    }

private:
    struct Origin {
        Model const* from = nullptr;
        std::string what;
    };

    void add(Model const& model, std::string what, Model const* from) {
        auto const [place, fresh] = seen_.emplace(model, Origin{from, std::move(what)});
        if (fresh) queue_.push_back(&place->first);
    }
    void tell(Model const* last, std::string what) {
        finding_.path.push_back(std::move(what));
        for (auto const* model = last; model != nullptr; model = seen_.at(*model).from)
            if (auto const& origin = seen_.at(*model); origin.from != nullptr) finding_.path.push_back(origin.what);
        std::reverse(finding_.path.begin(), finding_.path.end());
    }
    Step& step(Model to, std::string what) { return steps_.emplace_back(Step{std::move(to), std::move(what), {}}); }

    /// What must hold in every state.
    std::string judged(Model const& model) const {
        if (model.effects > 1) return "the shopper saw it twice";
        bool const sending = model.row.step == StepState::sending;
        if (sending != (model.row.lease_until != never)) return "a lease without a send, or a send without a lease";
        // Whatever else happens, somebody looks once its time is over.
        if (sending && !setting_.next(model.row, LeaseEnded{std::max(at(model.now), model.row.lease_until), setting_.keyed}))
            return "a lease never ends";
        if (model.row.message == MessageStatus::sent && model.effects == 0 && !calls(model)) return "sent, and nothing was";
        return {};
    }
    static bool calls(Model const& model) {
        return model.in_flight > 0 || std::any_of(model.workers.begin(), model.workers.end(), [](Worker const& worker) {
                   return worker.stage == Worker::Stage::asked;
               });
    }

    void visit(Model const& model) {
        for (std::size_t i = 0; i < model.workers.size(); ++i) work(model, i);
        if (model.in_flight > 0) arrive(model, std::nullopt);
        recover(model);
        tell_apart(model);
        if (auto const cancelled = setting_.next(model.row, Cancelled{})) {
            auto& taken = step(model, "its plan is superseded");
            taken.to.row = *cancelled;
        }
        if (model.now < last_second) ++step(model, "a second passes").to.now;
    }

    void work(Model const& model, std::size_t index) {
        auto const& worker = model.workers[index];
        auto const who = "worker " + std::to_string(index);
        switch (worker.stage) {
            case Worker::Stage::idle: claim(model, index, who); return;
            case Worker::Stage::claimed:
                if (at(model.now) < lease_of(model, worker)) {
                    auto& asked = step(model, who + " asks the provider");
                    asked.to.workers[index].stage = Worker::Stage::asked;
                    bool const blind = model.row.message == MessageStatus::unknown && !setting_.keyed;
                    if (blind) asked.violation = "an unknown one is sent again blindly";
                }
                break;
            case Worker::Stage::asked:
                arrive(model, index);
                step(model, who + " hears nothing, nothing arrived").to.workers[index] = heard(worker, OutcomeKind::unknown);
                {
                    auto& lost = step(model, who + " hears nothing, it may arrive later");
                    lost.to.workers[index] = heard(worker, OutcomeKind::unknown);
                    ++lost.to.in_flight;
                }
                break;
            case Worker::Stage::heard: finish(model, index, who); break;
        }
        auto& dead = step(model, who + " dies");
        dead.to.workers[index] = {};
        if (worker.stage == Worker::Stage::asked) ++dead.to.in_flight;
    }

    static Worker heard(Worker worker, OutcomeKind outcome) {
        worker.stage = Worker::Stage::heard;
        worker.outcome = outcome;
        return worker;
    }
    /// As the worker reckons it: from its claim on. A claim is of the second at which its lease began.
    static Instant lease_of(Model const& model, Worker const& worker) {
        return worker.token == model.row.lease_token && model.row.lease_until != never ? model.row.lease_until : never;
    }

    void claim(Model const& model, std::size_t index, std::string const& who) {
        if (model.row.step != StepState::planned && model.row.step != StepState::done) return;
        if (model.row.lease_token >= most_tokens) return;
        auto const next = setting_.next(model.row, Decided{at(model.now), Verdict::send, at(model.now + lease_seconds), {}, setting_.keyed});
        if (!next) return;
        auto& claimed = step(model, who + " claims it");
        claimed.to.row = *next;
        claimed.to.workers[index] = {Worker::Stage::claimed, next->lease_token, OutcomeKind::unknown};
        if (model.row.message == MessageStatus::unknown && !setting_.keyed)
            claimed.violation = "an unknown one is sent again blindly";
    }

    /// The request of a worker, or one without a worker, reaches the provider.
    void arrive(Model const& model, std::optional<std::size_t> index) {
        auto const take = [&](OutcomeKind answer, char const* what) {
            auto& taken = step(model, what);
            if (setting_.keyed && model.known) answer = *model.known;
            else if (answer == OutcomeKind::sent) ++taken.to.effects;
            if (setting_.keyed && answer != OutcomeKind::retry_later) taken.to.known = answer;
            if (!index) {
                --taken.to.in_flight;
                return;
            }
            taken.to.workers[*index] = heard(model.workers[*index], answer);
            auto& unheard = step(taken.to, std::string(what) + ", its answer is lost");
            unheard.to.workers[*index] = heard(model.workers[*index], OutcomeKind::unknown);
        };
        take(OutcomeKind::sent, "the provider takes it");
        take(OutcomeKind::rejected, "the provider refuses it");
        take(OutcomeKind::retry_later, "the provider is busy");
    }

    void finish(Model const& model, std::size_t index, std::string const& who) {
        auto const& worker = model.workers[index];
        Finished finished;
        finished.lease_token = worker.token;
        finished.outcome = worker.outcome;
        finished.idempotent = setting_.keyed;
        bool const again = worker.outcome == OutcomeKind::retry_later ||
                           (worker.outcome == OutcomeKind::unknown && setting_.repeats_unknown);
        if (again && model.row.attempt < most_attempts) finished.again_at = at(model.now);
        auto const next = setting_.next(model.row, finished);
        auto& done = step(model, who + " records what it heard: " + std::string(name(worker.outcome)));
        done.to.workers[index] = {};
        if (!next) return;
        done.to.row = *next;
        bool const own = model.row.step == StepState::sending && worker.token == model.row.lease_token;
        if (!own) done.violation = "a completion with a stale token counts";
    }

    void recover(Model const& model) {
        auto const next = setting_.next(model.row, LeaseEnded{at(model.now), setting_.keyed});
        if (!next) return;
        auto& recovered = step(model, "its lease is taken over");
        recovered.to.row = *next;
        if (model.row.step != StepState::sending || model.row.lease_until > at(model.now))
            recovered.violation = "a lease is taken over while it runs";
    }

    /// A callback comes only for what was taken. A person looks when no request can arrive any more, and sees what is so.
    void tell_apart(Model const& model) {
        if (model.effects > 0 && !model.row.came_back) {
            auto& back = step(model, "a callback speaks of it");
            back.to.row.came_back = true;
        }
        if (model.row.came_back)
            if (auto const next = setting_.next(model.row, Resolved{true, std::nullopt}))
                step(model, "the callback settles it").to.row = *next;
        if (calls(model) || model.row.message != MessageStatus::unknown) return;
        if (std::any_of(model.workers.begin(), model.workers.end(),
                        [](Worker const& worker) { return worker.stage == Worker::Stage::claimed; }))
            return;
        if (model.effects > 0) {
            if (auto const next = setting_.next(model.row, Resolved{true, std::nullopt}))
                step(model, "a person says it was sent").to.row = *next;
            return;
        }
        if (model.told) return;
        if (auto const next = setting_.next(model.row, Resolved{false, at(model.now)})) {
            auto& resolved = step(model, "a person says it was not sent");
            resolved.to.row = *next;
            resolved.to.told = true;
        }
    }

    Setting const& setting_;
    std::map<Model, Origin> seen_;
    std::deque<Model const*> queue_;
    std::vector<Step> steps_;
    Finding finding_;
};

}  // namespace

Finding explore(Setting const& setting) { return Explorer(setting).run(); }

}  // namespace recoup::core::model
