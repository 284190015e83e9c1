#include "core/risk/feature_values.hpp"

#include "recoup/domain/money.hpp"

#include <algorithm>
#include <cmath>

namespace recoup::core {
namespace {

double seconds_since(Moment const& m, Instant at) {
    if (at == never) return missing;
    return static_cast<double>(std::max<std::int64_t>((m.now - at).count(), 0)) / 1000;
}

double yes(bool value) { return value ? 1.0 : 0.0; }

}  // namespace

/// A total of nothing means that no price was said; what is truly free is not worth a message.
double cart_value(Moment const& m) {
    auto const& content = m.cart.content.value;
    auto const minor = content.total_minor != 0 ? content.total_minor : content.subtotal_minor;
    if (minor <= 0) return missing;
    return static_cast<double>(minor) / std::pow(10.0, currency_exponent(content.currency));
}

double cart_lines(Moment const& m) {
    return m.cart.content.known() ? static_cast<double>(m.cart.content.value.lines.size()) : missing;
}

double cart_quantity(Moment const& m) {
    if (!m.cart.content.known()) return missing;
    double sum = 0;
    for (auto const& line : m.cart.content.value.lines) sum += static_cast<double>(line.quantity);
    return sum;
}

double dearest_line_share(Moment const& m) {
    double sum = 0, dearest = 0;
    for (auto const& line : m.cart.content.value.lines) {
        double const value = static_cast<double>(line.quantity) * static_cast<double>(line.price_minor);
        sum += value;
        dearest = std::max(dearest, value);
    }
    return sum > 0 ? dearest / sum : missing;
}

double cart_stage(Moment const& m) { return static_cast<double>(m.cart.stage); }
double cart_age_seconds(Moment const& m) { return seconds_since(m, m.cart.created_at); }
double idle_seconds(Moment const& m) { return seconds_since(m, m.cart.last_activity_at); }
double cart_changes(Moment const& m) { return static_cast<double>(m.cart.changes); }

double has_discount_code(Moment const& m) {
    return m.cart.content.known() ? yes(!m.cart.content.value.discount_codes.empty()) : missing;
}

double has_email(Moment const& m) { return yes(m.cart.email.known() || m.person.email.known()); }
double has_phone(Moment const& m) { return yes(m.cart.phone.known() || m.person.phone.known()); }

double hour_of_day(Moment const& m) {
    auto const hours = std::chrono::floor<std::chrono::hours>(m.now.time_since_epoch()).count();
    return static_cast<double>(((hours % 24) + 24) % 24);
}

double weekday(Moment const& m) {
    return static_cast<double>(std::chrono::weekday(std::chrono::floor<std::chrono::days>(m.now)).c_encoding());
}

}  // namespace recoup::core
