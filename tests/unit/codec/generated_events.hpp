#pragma once
// Events with every field filled from a seed, and their comparison. Each struct is taken apart by a structured binding,
// so that a field added to the domain does not compile here until it is filled and compared (and hence encoded).

#include "recoup/base/random.hpp"
#include "recoup/domain/event.hpp"

#include <tuple>

namespace recoup::test {

inline auto fields(Money& m) { auto& [a, b] = m; return std::tie(a, b); }
inline auto fields(IdentityKey& k) { auto& [a, b] = k; return std::tie(a, b); }
inline auto fields(Line& l) {
    auto& [a, b, c, d, e, f, g, h, i, j, k] = l;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k);
}
inline auto fields(Variant& v) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = v;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m);
}
inline auto fields(UnknownHappened&) { return std::tie(); }
inline auto fields(CartChanged& x) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s);
}
inline auto fields(CartDeleted&) { return std::tie(); }
inline auto fields(OrderPlaced& x) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s);
}
inline auto fields(OrderRefunded& x) { auto& [a, b, c] = x; return std::tie(a, b, c); }
inline auto fields(PaymentChanged& x) {
    auto& [a, b, c, d, e, f, g, h, i] = x;
    return std::tie(a, b, c, d, e, f, g, h, i);
}
inline auto fields(CustomerChanged& x) {
    auto& [a, b, c, d, e, f, g] = x;
    return std::tie(a, b, c, d, e, f, g);
}
inline auto fields(ConsentChanged& x) { auto& [a, b, c, d, e, f, g, h, i] = x; return std::tie(a, b, c, d, e, f, g, h, i); }
inline auto fields(PersonErased&) { return std::tie(); }
inline auto fields(DataRequested& x) { auto& [a] = x; return std::tie(a); }
inline auto fields(ShopErased&) { return std::tie(); }
inline auto fields(ShopUninstalled&) { return std::tie(); }
inline auto fields(ProductChanged& x) { auto& [a] = x; return std::tie(a); }
inline auto fields(StockChanged& x) { auto& [a, b, c] = x; return std::tie(a, b, c); }
inline auto fields(BehaviourSeen& x) { auto& [a, b, c, d, e, f] = x; return std::tie(a, b, c, d, e, f); }
inline auto fields(MessageFeedback& x) { auto& [a, b, c, d] = x; return std::tie(a, b, c, d); }
inline auto fields(SubscriptionChanged& x) { auto& [a, b, c, d] = x; return std::tie(a, b, c, d); }
inline auto fields(Coupon& x) { auto& [a, b, c, d, e, f] = x; return std::tie(a, b, c, d, e, f); }
inline auto fields(CouponChanged& x) { auto& [a] = x; return std::tie(a); }
inline auto fields(DeadLettered& x) { auto& [a, b, c, d, e] = x; return std::tie(a, b, c, d, e); }
inline auto fields(Event& x) {
    auto& [a, b, c, d, e, f, g, h, i, j, k] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k);
}

class Generator {
public:
    explicit Generator(std::uint64_t seed) : random_(seed) {}

    Event event(std::size_t body) {
        Event made;
        emplace<0>(made.body, body);
        fill(made);
        return made;
    }

private:
    template <std::size_t I>
    static void emplace(EventBody& body, std::size_t wanted) {
        if constexpr (I < std::variant_size_v<EventBody>) {
            if (I == wanted) body.emplace<I>();
            else emplace<I + 1>(body, wanted);
        }
    }

    void fill(std::string& text) {
        static constexpr std::string_view pieces[] = {"a", "Zoë", "0", "\xF0\x9F\x9B\x92", "ﬁ", " ", "\"", std::string_view("\0", 1)};
        for (auto n = random_.below(6); n > 0; --n) text += pieces[random_.below(std::size(pieces))];
    }
    void fill(bool& value) { value = random_.below(2) == 1; }
    void fill(std::int64_t& value) {
        value = static_cast<std::int64_t>(random_.next() >> random_.below(64));
        if (random_.below(3) == 0) value = -value;
    }
    void fill(Instant& at) { at = instant_from_millis(static_cast<std::int64_t>(random_.below(1ULL << 42))); }
    template <class T>
    void fill(std::optional<T>& value) {
        if (random_.below(2) == 1) fill(value.emplace());
    }
    template <class T>
    void fill(std::vector<T>& values) {
        for (auto n = random_.below(4); n > 0; --n) fill(values.emplace_back());
    }
    void fill(EventBody& body) {
        std::visit([&](auto& alternative) { fill(alternative); }, body);
    }
    void fill(std::pair<std::string, std::string>& header) {
        fill(header.first);
        fill(header.second);
    }
    void fill(KeyKind& kind) { fill_enum(kind, 7); }
    void fill(Stage& stage) { fill_enum(stage, 5); }
    void fill(PaymentKind& kind) { fill_enum(kind, 2); }
    void fill(PaymentState& state) { fill_enum(state, 2); }
    void fill(Channel& channel) { fill_enum(channel, 4); }
    void fill(ConsentState& state) { fill_enum(state, 5); }
    void fill(BehaviourKind& kind) { fill_enum(kind, 12); }
    void fill(FeedbackKind& kind) { fill_enum(kind, 7); }
    template <class E>
    void fill_enum(E& value, std::uint64_t count) {
        value = static_cast<E>(random_.below(count));
    }
    template <class Struct>
        requires requires(Struct& s) { fields(s); }
    void fill(Struct& whole) {
        std::apply([&](auto&... field) { (fill(field), ...); }, fields(whole));
    }

    SeededRandom random_;
};

inline bool same(EventBody& a, EventBody& b);
template <class T>
bool same(std::vector<T>& a, std::vector<T>& b);

template <class T>
bool same(T& a, T& b) {
    if constexpr (requires { fields(a); }) {
        auto const left = fields(a);
        auto const right = fields(b);
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (same(std::get<I>(left), std::get<I>(right)) && ...);
        }(std::make_index_sequence<std::tuple_size_v<std::remove_const_t<decltype(left)>>>{});
    } else {
        return a == b;
    }
}
template <class T>
bool same(std::vector<T>& a, std::vector<T>& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!same(a[i], b[i])) return false;
    return true;
}
inline bool same(EventBody& a, EventBody& b) {
    if (a.index() != b.index()) return false;
    return std::visit([&](auto& left) { return same(left, std::get<std::decay_t<decltype(left)>>(b)); }, a);
}

}  // namespace recoup::test
