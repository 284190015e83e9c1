#include "adapter/kafka/turns.hpp"

#include "adapter/kafka/append.hpp"

namespace recoup::kafka {

void Turns::add(Ticket& ticket) {
    auto& lane = lanes_[ticket.lane];
    lane.waiting.push_back(&ticket);
    if (lane.waiting.size() == 1 && lane.in_flight == 0) order_.push_back(ticket.lane);
}

std::vector<Ticket*> Turns::next(bool impatient) {
    std::vector<Ticket*> tickets;
    if (order_.empty() || (under_way() && !impatient)) return tickets;
    ++turn_;
    for (std::size_t i = 0; i < at_once_ && !order_.empty(); ++i) {
        auto& lane = lanes_[order_.front()];
        order_.pop_front();
        lane.in_flight = lane.waiting.size();
        tickets.insert(tickets.end(), lane.waiting.begin(), lane.waiting.end());
        lane.waiting.clear();
    }
    for (auto* ticket : tickets) ticket->turn = turn_;
    in_flight_ = tickets.size();
    return tickets;
}

void Turns::over(Ticket const& ticket) {
    auto& lane = lanes_[ticket.lane];
    if (ticket.turn == turn_) --in_flight_;
    if (--lane.in_flight == 0 && !lane.waiting.empty()) order_.push_back(ticket.lane);
}

}  // namespace recoup::kafka
