#include "app/demo/player.hpp"

#include <ostream>
#include <thread>

namespace recoup::demo {
namespace {

constexpr int lanes = 4;
constexpr std::chrono::hours overlap{1};
constexpr std::chrono::hours telling{12};

std::string path_in(std::string_view text, std::string_view prefix) {
    auto const begin = text.find(prefix);
    if (begin == text.npos) return {};
    auto const end = text.find_first_of(" \t\r\n\"'<>)]", begin);
    return std::string(text.substr(begin, end == text.npos ? text.npos : end - begin));
}

SentMessage const* newest_with_link(std::vector<SentMessage> const& messages, std::string_view prefix, Instant at) {
    SentMessage const* newest = nullptr;
    for (auto const& message : messages) {
        if (message.sent_at == never || message.sent_at > at || link_path(message, prefix).empty()) continue;
        if (newest == nullptr || message.sent_at > newest->sent_at) newest = &message;
    }
    return newest;
}

HttpCall link_call(std::string url, bool one_click) {
    HttpCall call;
    call.method = one_click ? "POST" : "GET";
    call.url = std::move(url);
    if (!one_click) return call;
    call.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    call.body = "List-Unsubscribe=One-Click";
    return call;
}

}  // namespace

std::string link_path(SentMessage const& message, std::string_view prefix) {
    auto path = path_in(message.text, prefix);
    return path.empty() ? path_in(message.html, prefix) : path;
}

Result<void> Player::run(Instant now) {
    told_at_ = now;
    auto const& actions = plan_.actions;
    for (std::size_t begin = 0; begin < actions.size();) {
        auto const done = plan_.done_at(actions[begin]);
        auto end = begin;
        while (end < actions.size() && plan_.done_at(actions[end]) == done) ++end;
        Bucket const bucket{actions.data() + begin, end - begin};
        begin = end;
        if (done + overlap < now) continue;
        auto const moved = daemon_.advance_to(done);
        if (!moved) return moved.error();
        now = *moved;
        if (auto const result = deliver(bucket, now); !result) return result.error();
        tell(now);
    }
    auto const last = daemon_.advance_to(plan_.end);
    if (!last) return last.error();
    return {};
}

Result<void> Player::deliver(Bucket bucket, Instant now) {
    {
        std::vector<std::jthread> threads;
        for (int lane = 1; lane < lanes; ++lane)
            threads.emplace_back([this, bucket, lane, now] { deliver_lane(bucket, lane, now); });
        deliver_lane(bucket, 0, now);
    }
    std::lock_guard const lock(mutex_);
    if (failure_) return *failure_;
    return {};
}

void Player::deliver_lane(Bucket bucket, int lane, Instant now) {
    for (auto const& action : bucket) {
        if (stop_) return;
        if ((action.shopper + 1) % lanes != lane) continue;
        auto const done = perform(action, now);
        if (done) continue;
        stop_ = true;
        std::lock_guard const lock(mutex_);
        if (!failure_) failure_ = done.error();
    }
}

Result<void> Player::perform(Action const& action, Instant now) {
    if (!action.only_if_contacted) return send(action, now);
    auto const& shopper = plan_.shoppers[static_cast<std::size_t>(action.shopper)];
    auto const messages = messages_of(daemon_, shopper.email);
    if (!messages) return messages.error();
    if (!happens(plan_, action, *messages)) return {};
    if (action.kind == ActionKind::click || action.kind == ActionKind::unsubscribe) return follow_link(action, *messages);
    return send(action, now);
}

Result<void> Player::send(Action const& action, Instant now) const {
    auto const& store = daemon_.store();
    auto call = [&]() -> Result<HttpCall> {
        switch (action.kind) {
            case ActionKind::shopify:
                return shopify_call(store, action.topic, action.id, action.body, action.occurred_at);
            case ActionKind::custom: return event_call(store, action.id, action.body, now);
            case ActionKind::pixel: return pixel_call(store, action.body);
            case ActionKind::unsubscribe:
            case ActionKind::click: break;
        }
        return error(Errc::internal, "a link is not a delivery");
    }();
    if (!call) return call.error();
    auto const answer = daemon_.deliver(*call);
    if (!answer) return answer.error();
    if (answer->status / 100 == 2) return {};
    return error(Errc::invalid, action.topic + " was answered with " + std::to_string(answer->status) + ": " +
                                    answer->body.substr(0, 300));
}

Result<void> Player::follow_link(Action const& action, std::vector<SentMessage> const& messages) {
    bool const one_click = action.kind == ActionKind::unsubscribe;
    std::string_view const prefix = one_click ? "/u/" : "/r/";
    auto const* message = newest_with_link(messages, prefix, plan_.done_at(action));
    std::string problem = "no link in any message";
    if (message != nullptr) {
        // The host in the link may be the address of an earlier process; its path is what is signed.
        auto const answer = daemon_.deliver(link_call(daemon_.store().public_url + link_path(*message, prefix), one_click));
        if (!answer) return answer.error();
        if (answer->status < 400) return {};
        problem = message->id + " answered " + std::to_string(answer->status);
    }
    std::lock_guard const lock(mutex_);
    if (links_.broken++ == 0) links_.example = problem;
    return {};
}

Check Player::links_check() const {
    std::lock_guard const lock(mutex_);
    return links_;
}

void Player::tell(Instant now) {
    if (now - told_at_ < telling) return;
    told_at_ = now;
    talk_ << "demo: " << to_rfc3339(now) << '\n';
}

}  // namespace recoup::demo
