#include "adapter/source/shared/content.hpp"

#include "adapter/source/shared/text.hpp"

#include <zlib.h>

#include <array>

namespace recoup::source {
namespace {

constexpr uInt piece_bytes = 16 * 1024;
constexpr int gzip_window = 15 + 16;  // zlib: 32 KiB, gzip framing only

Error over(std::size_t most) {
    return error(Errc::too_large, "Uncompressed, the body is over the limit of " + std::to_string(most) + " bytes.");
}

class Inflater {
public:
    Inflater() : good_(inflateInit2(&stream_, gzip_window) == Z_OK) {}
    ~Inflater() {
        if (good_) inflateEnd(&stream_);
    }
    Inflater(Inflater const&) = delete;
    Inflater& operator=(Inflater const&) = delete;

    /// One gzip member and nothing behind it.
    Result<void> run(std::string_view bytes, std::size_t most, std::string& out) {
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib's old signature; only read
        stream_.avail_in = static_cast<uInt>(bytes.size());
        int state = good_ ? Z_OK : Z_MEM_ERROR;
        std::array<Bytef, piece_bytes> piece;
        while (state == Z_OK && out.size() <= most) {
            stream_.next_out = piece.data();
            stream_.avail_out = piece_bytes;
            state = inflate(&stream_, Z_NO_FLUSH);
            out.append(reinterpret_cast<char const*>(piece.data()), piece_bytes - stream_.avail_out);
        }
        if (out.size() > most) return over(most);
        bool const whole = state == Z_STREAM_END && stream_.avail_in == 0;
        if (!whole) return error(Errc::invalid, "The body is not whole gzip data.");
        return {};
    }

private:
    z_stream stream_{};
    bool good_;
};

}  // namespace

bool is_encoded(HttpRequest const& http) {
    auto const encoding = lower_ascii(trimmed(http.header("content-encoding")));
    return !encoding.empty() && encoding != "identity";
}

Result<std::string_view> content_of(HttpRequest const& http, std::size_t most, std::string& room) {
    if (!is_encoded(http)) return std::string_view(http.body);
    auto const encoding = lower_ascii(trimmed(http.header("content-encoding")));
    if (encoding != "gzip" && encoding != "x-gzip")
        return error(Errc::invalid, "Content-Encoding must be gzip, or left out.");
    room.clear();
    if (auto const done = Inflater().run(http.body, most, room); !done) return done.error();
    return std::string_view(room);
}

}  // namespace recoup::source
