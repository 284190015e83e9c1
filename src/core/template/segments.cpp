#include "core/template/segments.hpp"

#include <algorithm>

namespace recoup::core::liquid {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed_left(std::string_view text) {
    auto const from = text.find_first_not_of(blanks);
    return from == text.npos ? std::string_view() : text.substr(from);
}
std::string_view trimmed_right(std::string_view text) {
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

class Cutter {
public:
    explicit Cutter(std::string_view source) : source_(source) {}

    Result<std::vector<Segment>> cut() {
        while (at_ < source_.size()) {
            auto const open = next_open(at_);
            add_text(source_.substr(at_, open - at_));
            if (open == source_.size()) break;
            at_ = open;
            if (auto done = take_braces(); !done) return done.error();
        }
        return std::move(segments_);
    }

private:
    std::size_t next_open(std::size_t from) const {
        for (auto at = source_.find('{', from); at != source_.npos; at = source_.find('{', at + 1))
            if (at + 1 < source_.size() && (source_[at + 1] == '{' || source_[at + 1] == '%')) return at;
        return source_.size();
    }
    int line_at(std::size_t at) const {
        return 1 + static_cast<int>(std::count(source_.begin(), source_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    }
    Error fault(std::size_t at, std::string const& what) const {
        return error(Errc::invalid, "line " + std::to_string(line_at(at)) + ": " + what);
    }

    void add_text(std::string_view text) {
        if (strip_next_) text = trimmed_left(text);
        strip_next_ = false;
        if (!text.empty()) segments_.push_back({Segment::Kind::text, std::string(text), line_at(at_)});
    }
    void strip_last() {
        if (segments_.empty() || segments_.back().kind != Segment::Kind::text) return;
        segments_.back().text = trimmed_right(segments_.back().text);
    }

    Result<void> take_braces() {
        bool const is_tag = source_[at_ + 1] == '%';
        auto const start = at_;
        auto const close = source_.find(is_tag ? "%}" : "}}", at_ + 2);
        if (close == source_.npos) return fault(start, is_tag ? "{% is not closed with %}" : "{{ is not closed with }}");
        auto body = source_.substr(start + 2, close - start - 2);
        if (body.starts_with('-')) {
            strip_last();
            body.remove_prefix(1);
        }
        if (body.ends_with('-')) {
            strip_next_ = true;
            body.remove_suffix(1);
        }
        body = trimmed_right(trimmed_left(body));
        at_ = close + 2;
        if (is_tag && body == "raw") return take_raw(start);
        if (is_tag && body == "comment") return skip_comment(start);
        segments_.push_back({is_tag ? Segment::Kind::tag : Segment::Kind::output, std::string(body), line_at(start)});
        return {};
    }

    /// The next {% name %}: its place and size; npos when there is none.
    std::pair<std::size_t, std::size_t> find_tag(std::string_view name) const {
        for (auto open = source_.find("{%", at_); open != source_.npos; open = source_.find("{%", open + 2)) {
            auto const close = source_.find("%}", open);
            if (close == source_.npos) break;
            auto body = source_.substr(open + 2, close - open - 2);
            if (body.starts_with('-')) body.remove_prefix(1);
            if (body.ends_with('-')) body.remove_suffix(1);
            if (trimmed_left(trimmed_right(body)) == name) return {open, close + 2 - open};
        }
        return {source_.npos, 0};
    }

    Result<void> take_raw(std::size_t start) {
        auto const [end, size] = find_tag("endraw");
        if (end == source_.npos) return fault(start, "raw is not closed with endraw");
        add_text(source_.substr(at_, end - at_));
        at_ = end + size;
        return {};
    }
    Result<void> skip_comment(std::size_t start) {
        auto const [end, size] = find_tag("endcomment");
        if (end == source_.npos) return fault(start, "comment is not closed with endcomment");
        at_ = end + size;
        return {};
    }

    std::string_view source_;
    std::size_t at_ = 0;
    bool strip_next_ = false;
    std::vector<Segment> segments_;
};

}  // namespace

Result<std::vector<Segment>> cut(std::string_view source) { return Cutter(source).cut(); }

}  // namespace recoup::core::liquid
