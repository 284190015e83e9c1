#include "app/model/data_file.hpp"

#include <lzma.h>

#include <array>
#include <fstream>
#include <sstream>

namespace recoup::app {
namespace {

constexpr std::size_t text_limit = std::size_t{1} << 30;
constexpr std::uint64_t decoder_memory_limit = std::uint64_t{256} << 20;

class Decoder {
public:
    Decoder() : ready_(lzma_stream_decoder(&stream_, decoder_memory_limit, LZMA_CONCATENATED) == LZMA_OK) {}
    ~Decoder() { lzma_end(&stream_); }
    Decoder(Decoder const&) = delete;
    Decoder& operator=(Decoder const&) = delete;

    /// False when the bytes are not one or more complete xz streams.
    bool decode(std::string_view packed, std::string& text) {
        std::array<std::uint8_t, 65536> buffer;
        stream_.next_in = reinterpret_cast<std::uint8_t const*>(packed.data());
        stream_.avail_in = packed.size();
        lzma_ret state = ready_ ? LZMA_OK : LZMA_MEM_ERROR;
        while (state == LZMA_OK && text.size() <= text_limit) {
            stream_.next_out = buffer.data();
            stream_.avail_out = buffer.size();
            state = lzma_code(&stream_, LZMA_FINISH);
            text.append(reinterpret_cast<char const*>(buffer.data()), buffer.size() - stream_.avail_out);
        }
        return state == LZMA_STREAM_END;
    }

private:
    lzma_stream stream_ = LZMA_STREAM_INIT;
    bool ready_;
};

}  // namespace

Result<std::string> read_data_file(std::filesystem::path const& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return error(Errc::not_found, "cannot read the data file " + path.string());
    std::ostringstream bytes;
    bytes << file.rdbuf();
    auto content = std::move(bytes).str();
    if (path.extension() != ".xz") return content;
    std::string text;
    if (!Decoder().decode(content, text)) return error(Errc::invalid, path.string() + " is not a complete xz file");
    return text;
}

}  // namespace recoup::app
