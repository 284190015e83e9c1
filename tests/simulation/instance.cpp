#include "simulation/instance.hpp"

#include "simulation/breakages.hpp"
#include "simulation/stand_ins.hpp"

#include "adapter/memory/dead_letters.hpp"
#include "adapter/memory/probation.hpp"
#include "adapter/memory/schedule_store.hpp"
#include "adapter/memory/track_store.hpp"

#include <algorithm>

namespace recoup::simulation {
namespace {

constexpr char log_name[] = "memory";

service::Tracker::Settings track_settings(Options const& options) {
    service::Tracker::Settings settings;
    settings.log_name = log_name;
    settings.batch = options.track_batch;
    settings.policy = options.policy;
    return settings;
}

service::Dispatcher::Settings dispatch_settings(Options const& options) {
    service::Dispatcher::Settings settings;
    settings.batch = options.claim_batch;
    settings.concurrency = 1;              // one thread is the whole world
    if (auto rate = options.rate) {
        if (options.breakage == Breakage::rate_of_another) rate->per_second *= 10;
        for (auto const channel : {Channel::email, Channel::sms}) settings.gates.rates[channel] = *rate;
    }
    return settings;
}

service::Composer::Settings compose_settings() {
    service::Composer::Settings settings;
    settings.public_url = "https://recoup.example";
    settings.link_key = core::LinkKey{1, Bytes(32, 7)};
    return settings;
}

}  // namespace

/// Everything that a death takes away.
struct Instance::Life {
    explicit Life(Instance& self)
        : edge{[&self](char const* what) { self.pass(what); }, [&self](char const* what) { self.risk(what); },
               [&self] { return self.clock_.now(); }},
          plain_track(self.scene_.database),
          plain_schedule(self.scene_.database),
          plain_reader(self.scene_.log, [this](int partition) { return plain_track.position(log_name, partition); }),
          broken(broken_store(self.scene_, plain_schedule, [&self](Millis time) { self.wait(time); })),
          reader(self.scene_, plain_reader),
          track(self.scene_, self.world_.judge, plain_track, edge),
          schedule(self.scene_, self.world_.judge, broken ? *broken : static_cast<ScheduleStore&>(plain_schedule), reader, edge),
          host{[&self](Millis time) { self.wait(time); }, edge.pass,
               [this](std::string const& id) -> Claim const& { return schedule.claim_of(id); }},
          email(self.scene_, self.world_.judge, self.world_.email, host),
          sms(self.scene_, self.world_.judge, self.world_.sms, host),
          broken_email(broken_channel(self.scene_.options, email)),
          broken_sms(broken_channel(self.scene_.options, sms)),
          channels{{Channel::email, broken_email ? broken_email.get() : &email}, {Channel::sms, broken_sms ? broken_sms.get() : &sms}},
          composer(templates, compose_settings()),
          plain_letters(self.scene_.database),
          plain_probation(self.scene_.database),
          probation(plain_probation, edge),
          tracker(reader, {track, plain_letters, probation}, self.clock_, metrics, {}, track_settings(self.scene_.options)),
          opener(schedule, metrics, {}),
          dispatcher(schedule, channels, composer, self.clock_, metrics, {}, dispatch_settings(self.scene_.options)),
          engine({&reader, &tracker, &opener, &dispatcher, &schedule, &metrics, &self.clock_}, broken_policy(self.scene_.options)) {}

    NoMetrics metrics;
    PlainTemplates templates;
    Edge edge;
    memory::MemoryTrackStore plain_track;
    memory::MemoryScheduleStore plain_schedule;
    memory::MemoryLogReader plain_reader;
    std::unique_ptr<ScheduleStore> broken;
    EdgeReader reader;
    EdgeTrackStore track;
    EdgeScheduleStore schedule;
    ProviderAdapter::Host host;
    ProviderAdapter email, sms;
    std::unique_ptr<ChannelAdapter> broken_email, broken_sms;
    service::Channels channels;
    service::Composer composer;
    memory::MemoryDeadLetters plain_letters;
    memory::MemoryProbation plain_probation;
    EdgeProbation probation;
    service::Tracker tracker;
    service::Opener opener;
    service::Dispatcher dispatcher;
    service::Engine engine;
};

Instance::Instance(World world, std::string name, bool delivers)
    : world_(world),
      scene_(world.scene),
      name_(std::move(name)),
      delivers_(delivers),
      clock_(world.scene),
      resumes_at_(world.scene.now),
      fiber_([this] {
          while (!ending_) {
              try {
                  lives();
              } catch (Killed const&) {
              }
              if (ending_) return;
              resumes_at_ = scene_.now + scene_.chance.millis(Millis{0}, Millis{120'000});
              Fiber::stop();
          }
      }) {
    auto const skew = scene_.options.faults.skew;
    clock_.set_error(scene_.chance.millis(-skew, skew));
}

Instance::~Instance() {
    ending_ = true;
    while (!fiber_.done()) fiber_.resume();
}

/// As the daemon's loops do it: fold, schedule, sleep until something is due; wait after an error, but for a conflict
/// only shortly.
void Instance::lives() {
    scene_.note(name_, "starts");
    auto const life = std::make_unique<Life>(*this);
    Millis back_off{100};
    for (;;) {
        if (auto done = turn(life->engine); !done) {
            scene_.note(name_, "fails", done.error().message);
            if (done.error().code == Errc::conflict) ++scene_.conflicts;
            wait(back_off);
            back_off = std::min(back_off * 2, Millis{5'000});
            continue;
        }
        back_off = Millis{100};
        idle_ = true;
        stop();
        idle_ = false;
    }
}

Result<void> Instance::turn(service::Engine& engine) {
    if (behind())
        if (auto done = engine.track(Millis{0}); !done) return done.error();
    if (!delivers_) return {};
    if (auto done = engine.schedule(); !done) return done.error();
    return {};
}

bool Instance::behind() const {
    std::uint64_t folded = 0;
    for (auto const& [id, offset] : scene_.database.state().positions) folded += static_cast<std::uint64_t>(*offset);
    return folded < scene_.appended;
}

/// In the true time at which this instance's clock shows it.
std::optional<Instant> Instance::next_due() const {
    if (!delivers_) return std::nullopt;
    auto const& state = scene_.database.state();
    std::optional<Instant> next;
    auto const offer = [&](auto const& index) {
        if (!index.empty() && (!next || index.begin()->first < *next)) next = index.begin()->first;
    };
    offer(state.idle_carts);
    offer(state.due_steps);
    offer(state.leased_steps);
    if (next) *next -= clock_.error();
    return next;
}

bool Instance::ready() const {
    if (!idle_) return resumes_at_ <= scene_.now;
    if (behind()) return true;
    auto const due = next_due();
    return due && *due <= scene_.now;
}

std::optional<Instant> Instance::ready_at() const { return idle_ ? next_due() : std::optional(resumes_at_); }

void Instance::wait(Millis time) {
    resumes_at_ = scene_.now + time;
    stop();
}

void Instance::stop() {
    Fiber::stop();
    if (ending_ || scene_.violation) throw Killed{};
}

void Instance::pass(char const* edge) {
    risk(edge);
    if (scene_.chance.hit(scene_.options.faults.yield)) wait(Millis{0});
}

void Instance::risk(char const* edge) {
    scene_.note(name_, edge);
    if (scene_.violation) throw Killed{};
    if (!scene_.chance.hit(scene_.options.faults.crash)) return;
    ++scene_.crashes;
    scene_.note(name_, "dies");
    throw Killed{};
}

}  // namespace recoup::simulation
