#pragma once
// The deliberate mistakes: wrappers around the stores and channels of an instance. Nothing in src knows of them.

#include "simulation/scene.hpp"

#include "recoup/port/channel.hpp"
#include "recoup/port/schedule_store.hpp"

#include <functional>
#include <memory>

namespace recoup::simulation {

/// `inner`, broken as the options say; `wait` lets others run. Null when nothing of it is broken.
std::unique_ptr<ScheduleStore> broken_store(Scene& scene, ScheduleStore& inner, std::function<void(Millis)> wait);
std::unique_ptr<ChannelAdapter> broken_channel(Options const& options, ChannelAdapter& inner);
/// The policy the services are given; the judge keeps the true one.
core::Policy broken_policy(Options const& options);

}  // namespace recoup::simulation
