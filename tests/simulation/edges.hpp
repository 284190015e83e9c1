#pragma once
// The stores and the log as an instance reaches them: at every edge others may run, the instance may die, and answers
// may be lost although the work was done.

#include "simulation/judge.hpp"

#include "recoup/port/event_log.hpp"
#include "recoup/port/probation_store.hpp"
#include "recoup/port/track_store.hpp"

#include <functional>
#include <map>

namespace recoup::simulation {

/// Thrown where an instance dies; unwinds it.
struct Killed {};

struct Edge {
    std::function<void(char const*)> pass;         // others may run, the instance may die
    std::function<void(char const*)> risk;         // the instance may die; inside a transaction
    std::function<Instant()> now;                  // the instance's clock
};

class EdgeReader final : public LogReader {
public:
    EdgeReader(Scene& scene, LogReader& inner) : scene_(scene), inner_(inner) {}
    Result<std::vector<ReadRecord>> poll(std::size_t max, Millis) override { return inner_.poll(max, Millis{0}); }
    void rewind() override { inner_.rewind(); }
    Result<LogPositions> end() override;
    std::uint64_t barrier() const { return barrier_; }

private:
    Scene& scene_;
    LogReader& inner_;
    std::uint64_t barrier_ = 0;
};

class EdgeTrackStore final : public TrackStore {
public:
    EdgeTrackStore(Scene& scene, Judge& judge, TrackStore& inner, Edge edge)
        : scene_(scene), judge_(judge), inner_(inner), edge_(std::move(edge)) {}
    Result<std::int64_t> position(std::string_view log, int partition) override { return inner_.position(log, partition); }
    Result<LogPositions> positions(std::string_view log) override { return inner_.positions(log); }
    Result<void> apply(std::vector<ShopWork>& work, std::string_view log, LogPositions const& from, LogPositions const& to,
                       Instant now) override;

private:
    Scene& scene_;
    Judge& judge_;
    TrackStore& inner_;
    Edge edge_;
};

class EdgeProbation final : public ProbationStore {
public:
    EdgeProbation(ProbationStore& inner, Edge edge) : inner_(inner), edge_(std::move(edge)) {}
    /// Who finds it taken lets others run, one of which has it.
    Result<void> hold(std::string_view log, int partition) override {
        auto held = inner_.hold(log, partition);
        if (!held) edge_.pass("waits for another tracker's probation");
        return held;
    }
    Result<int> begin(std::string_view log, int partition, std::int64_t first, bool excused) override {
        return inner_.begin(log, partition, first, excused);
    }
    void let_go() override { inner_.let_go(); }
    Result<void> clear(std::string_view log, std::vector<int> const& partitions) override {
        return inner_.clear(log, partitions);
    }

private:
    ProbationStore& inner_;
    Edge edge_;
};

class EdgeScheduleStore final : public ScheduleStore {
public:
    EdgeScheduleStore(Scene& scene, Judge& judge, ScheduleStore& inner, EdgeReader const& reader, Edge edge)
        : scene_(scene), judge_(judge), inner_(inner), reader_(reader), edge_(std::move(edge)) {}
    Result<std::optional<Instant>> next_due() override { return inner_.next_due(); }
    Result<std::int64_t> due_count(Instant now) override { return inner_.due_count(now); }
    Result<std::size_t> open_idle(Instant now, OpenSize const& size,
                                  std::function<std::vector<OpenWrite>(std::vector<IdleCart> const&)> const& decide) override;
    Result<Claimed> claim_steps(Instant now, Instant lease_until, ClaimSize const& size,
                                std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const& decide) override;
    Result<void> finish(std::vector<SendResult> const& results, Instant now) override;
    Result<std::size_t> recover_leases(Instant now, LeaseRecovery const& how) override;
    Result<std::vector<UnknownMessage>> unknown_messages(std::vector<std::string> const& adapters, std::string const& after,
                                                         std::size_t max) override {
        return inner_.unknown_messages(adapters, after, max);
    }
    Result<std::size_t> settle_found(std::vector<FoundMessage> const& found, Instant now) override;

    Claim const& claim_of(std::string const& message_id) const { return claims_.at(message_id); }

private:
    void judge_claims(Claimed const& claimed, Instant claimed_at);
    void tell_refusals(std::vector<SendResult> const& results);

    Scene& scene_;
    Judge& judge_;
    ScheduleStore& inner_;
    EdgeReader const& reader_;
    Edge edge_;
    std::map<std::string, Claim> claims_;          // of the running batch, by message id
    std::map<Channel, std::vector<Instant>> claimed_at_;   // all of this life
};

}  // namespace recoup::simulation
