#pragma once
// What the risk model may look at. One list: a feature is one function and one line in features.cpp, bound to the
// columns of a model by name. Values are point in time: they use what is known at `now` and nothing later. NaN means
// not known, which is normal: no pixel, no price, no history.

#include "recoup/base/time.hpp"
#include "recoup/domain/cart.hpp"
#include "recoup/domain/person.hpp"

#include <span>
#include <string_view>

namespace recoup::core {

/// The sums of the person's sessions around a cart: those that overlap [cart.created_at - 1 h, now].
struct Visit {
    int sessions = 0;                        // 0 = the pixel saw nothing
    Session seen;                            // merged; first_at and last_at span all of them
};
Visit visit_around(Cart const& cart, Person const& person, Instant now);

/// One cart of one person at one instant; the values live elsewhere.
struct Moment {
    Moment(Cart const& of_cart, Person const& of_person, Instant at)
        : cart(of_cart), person(of_person), now(at), visit(visit_around(of_cart, of_person, at)) {}

    Cart const& cart;
    Person const& person;
    Instant now;
    Visit visit;
};

struct Feature {
    std::string_view name;                   // as in the model; units last
    std::string_view help;                   // one sentence for `recoup model show` and `recoup why`
    double (*value)(Moment const& moment);   // NaN = missing
};

std::span<Feature const> feature_list();
/// nullptr when there is none of that name.
Feature const* find_feature(std::string_view name);

}  // namespace recoup::core
