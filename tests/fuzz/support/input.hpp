#pragma once
// Takes decisions off the front of an input. Once it is used up every number is 0 and every text empty, so that any
// bytes are a complete input.

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace recoup::fuzz {

class Input {
public:
    explicit Input(std::string_view bytes) : rest_(bytes) {}

    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        auto const first = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return first;
    }
    /// Little endian, of so many bytes.
    std::uint64_t number(int bytes) {
        std::uint64_t value = 0;
        for (int shift = 0; shift < bytes * 8; shift += 8) value |= std::uint64_t{byte()} << shift;
        return value;
    }
    /// In [0, bound); bound > 0.
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(number(bound > 256 ? 4 : 1) % bound); }
    /// A text of a length that is itself taken off the front.
    std::string_view text(std::size_t most = 255) { return take(below(most + 1)); }
    std::string_view take(std::size_t size) {
        auto const taken = rest_.substr(0, std::min(size, rest_.size()));
        rest_.remove_prefix(taken.size());
        return taken;
    }
    /// Up to `mark`, which is taken too; all when it is not there.
    std::string_view until(std::string_view mark) {
        auto const taken = rest_.substr(0, rest_.find(mark));
        rest_.remove_prefix(std::min(rest_.size(), taken.size() + mark.size()));
        return taken;
    }
    std::string_view rest() { return take(rest_.size()); }
    bool empty() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

}  // namespace recoup::fuzz
