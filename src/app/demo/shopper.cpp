#include "app/demo/shopper.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/base/random.hpp"

#include <array>

namespace recoup::demo {
namespace {

struct Share {
    Persona persona;
    int percent;
};
constexpr std::array<Share, 9> shares{{{Persona::buyer, 26},
                                       {Persona::browser, 10},
                                       {Persona::emptier, 6},
                                       {Persona::declined, 5},
                                       {Persona::stranded, 4},
                                       {Persona::responder, 17},
                                       {Persona::organic, 7},
                                       {Persona::leaver, 20},
                                       {Persona::objector, 5}}};

constexpr std::array<Region, 10> regions{{{"US", "NY", "10001", "New York"},
                                          {"US", "CA", "94103", "San Francisco"},
                                          {"US", "TX", "78701", "Austin"},
                                          {"US", "CO", "80202", "Denver"},
                                          {"US", "WA", "98101", "Seattle"},
                                          {"US", "FL", "33101", "Miami"},
                                          {"US", "IL", "60601", "Chicago"},
                                          {"DE", "BE", "10115", "Berlin"},
                                          {"DE", "BY", "80331", "Munich"},
                                          {"GB", "ENG", "EC1A 1BB", "London"}}};

constexpr std::array<std::string_view, 12> first_names{"Ada",  "Ben",  "Cleo", "Dan",  "Eva",  "Finn",
                                                       "Gwen", "Hugo", "Ines", "Jane", "Kurt", "Lea"};
constexpr std::array<std::string_view, 8> last_names{"Moss", "Stone", "Reed", "Hill", "Brook", "Field", "Frost", "Vale"};

template <class List>
auto const& any_of(Random& random, List const& list) {
    return list[random.below(list.size())];
}

bool chance(Random& random, int percent) { return random.below(100) < static_cast<std::uint64_t>(percent); }

Millis between(Random& random, std::chrono::minutes low, std::chrono::minutes high) {
    auto const width = static_cast<std::uint64_t>(Millis{high - low}.count());
    return Millis{low} + Millis{static_cast<std::int64_t>(random.below(width))};
}

Persona draw_persona(Random& random) {
    auto left = static_cast<int>(random.below(100));
    for (auto const& share : shares) {
        if (left < share.percent) return share.persona;
        left -= share.percent;
    }
    return Persona::leaver;
}

Basket draw_basket(Random& random) {
    Basket basket;
    auto const picks = 1 + random.below(3);
    for (std::uint64_t i = 0; i < picks; ++i) {
        auto const article = static_cast<std::size_t>(random.below(catalog().size()));
        bool known = false;
        for (auto const& pick : basket) known = known || pick.article == article;
        if (!known) basket.push_back({article, 1 + static_cast<std::int64_t>(random.below(2))});
    }
    return basket;
}

std::string token(std::string_view what, std::string const& who) {
    return to_hex(sha256(std::string(what) + who)).substr(0, 32);
}

void draw_contact(Random& random, std::uint64_t seed, Shopper& shopper) {
    auto const tag = std::to_string(shopper.number) + (seed == 1 ? "" : "." + std::to_string(seed));
    shopper.email = "shopper" + tag + "@example.com";
    shopper.email_consent = chance(random, 84);
    bool const gives_phone = chance(random, 55);
    shopper.sms_consent = gives_phone && chance(random, 80);
    shopper.consent_by_topic = !shopper.custom_store && chance(random, 30);
    if (!gives_phone) return;
    auto const digits = std::to_string(10'000'000 + (seed % 100) * 100'000 + static_cast<std::uint64_t>(shopper.number));
    shopper.phone = "+1555" + digits.substr(1);
}

void name_tokens(std::uint64_t seed, Shopper& shopper) {
    auto const who = ":" + std::to_string(seed) + ":" + std::to_string(shopper.number);
    auto const offset = static_cast<std::int64_t>(stable_hash("ids" + who) % 1'000'000'000) * 1000;
    shopper.customer_id = 603'851'000'000'000'000 + offset;
    shopper.order_id = 820'982'000'000'000'000 + offset;
    shopper.cart_token = "Z2Nw" + token("cart", who).substr(0, 24);
    shopper.checkout_token = token("checkout", who);
    shopper.order_token = token("order", who);
    shopper.anonymous_id = "anon-" + token("anonymous", who).substr(0, 16);
    shopper.session_id = "sess-" + token("session", who).substr(0, 16);
}

}  // namespace

std::string_view name(Persona persona) {
    switch (persona) {
        case Persona::buyer: return "buyer";
        case Persona::browser: return "browser";
        case Persona::emptier: return "emptier";
        case Persona::declined: return "declined";
        case Persona::stranded: return "stranded";
        case Persona::responder: return "responder";
        case Persona::organic: return "organic";
        case Persona::leaver: return "leaver";
        case Persona::objector: return "objector";
    }
    return "";
}

std::string order_name(Shopper const& shopper) {
    return (shopper.custom_store ? "C-" : "") + std::to_string(shopper.order_id);
}

Shopper draw_shopper(std::uint64_t seed, int number) {
    SeededRandom random{stable_hash("demo shopper " + std::to_string(seed) + " " + std::to_string(number))};
    using std::chrono::minutes;
    Shopper shopper;
    shopper.number = number;
    shopper.persona = draw_persona(random);
    shopper.custom_store = chance(random, 50);
    shopper.first_name = any_of(random, first_names);
    shopper.last_name = any_of(random, last_names);
    shopper.region = any_of(random, regions);
    if (shopper.persona != Persona::browser) draw_contact(random, seed, shopper);
    name_tokens(seed, shopper);
    shopper.basket = draw_basket(random);
    shopper.edits = chance(random, 25);
    shopper.refunds = shopper.persona != Persona::stranded && chance(random, 10);
    shopper.cancels = !shopper.refunds && chance(random, 9);
    shopper.clicks = shopper.persona == Persona::responder || chance(random, 20);
    shopper.arrives = between(random, minutes{5}, minutes{10 * 60});
    shopper.answers_step = 1 + static_cast<int>(random.below(4));
    shopper.hesitates = between(random, minutes{12}, minutes{170});
    return shopper;
}

}  // namespace recoup::demo
