// Configuration from a file, the environment and flags. Input: TOML, then a line "%%", then NAME=value lines, then "%%"
// and flags. Either every key has a usable value, or every mistake is named.
#include "app/config/keys.hpp"
#include "app/config/layers.hpp"
#include "app/config/value.hpp"
#include "fuzz/support/input.hpp"
#include "fuzz/support/target.hpp"

#include <sys/mman.h>
#include <unistd.h>

namespace recoup::fuzz {
namespace {

using namespace recoup::app;

/// A file without a place on a disk.
class MemoryFile {
public:
    explicit MemoryFile(std::string_view content) : descriptor_(memfd_create("config", MFD_CLOEXEC)) {
        check(descriptor_ >= 0 &&
                  ::write(descriptor_, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
              "the file is made");
    }
    MemoryFile(MemoryFile const&) = delete;
    MemoryFile& operator=(MemoryFile const&) = delete;
    ~MemoryFile() { ::close(descriptor_); }
    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

std::vector<std::string_view> lines(std::string_view text) {
    std::vector<std::string_view> all;
    for (Input input(text); !input.empty();) all.push_back(input.until("\n"));
    return all;
}

/// What reads a value must not be surprised by one that was let through.
void read_back(Settings const& settings) {
    for (auto const& key : core_keys()) {
        auto const found = settings.all().find(key.name);
        check(found != settings.all().end(), "every key has a value");
        auto const& text = found->second.text;
        auto const again = canonical_value(key, text);
        check(again.has_value() && *again == text,
              "a canonical value stays as it is: " + std::string(key.name) + " = " + text);
        switch (key.type) {
            case ConfigType::text: settings.text(key.name); break;
            case ConfigType::integer: settings.integer(key.name); break;
            case ConfigType::real: settings.real(key.name); break;
            case ConfigType::boolean: settings.boolean(key.name); break;
            case ConfigType::duration: settings.duration(key.name); break;
            case ConfigType::size: settings.size(key.name); break;
            case ConfigType::list: settings.list(key.name); break;
        }
    }
}

void run(std::string_view bytes) {
    Input input(bytes);
    MemoryFile const file(input.until("%%\n"));
    LoadOptions options;
    options.files.emplace_back(file.path());
    for (auto const line : lines(input.until("%%\n"))) {
        auto const name = line.substr(0, line.find('='));
        // A variable that names a file would read whatever is on this machine.
        if (name.size() == line.size() || name.ends_with("_FILE")) continue;
        options.environment[std::string(name)] = line.substr(name.size() + 1);
    }
    for (auto const line : lines(input.rest())) options.overrides.emplace_back(line);
    auto const settings = load_settings(core_keys(), options);
    if (settings) return read_back(*settings);
    check(settings.error().code == Errc::configuration && !settings.error().message.empty(), "a mistake is named");
}

std::vector<std::string> seeds() {
    std::string all;
    for (auto const& key : core_keys()) {
        bool const bare =
            key.type == ConfigType::integer || key.type == ConfigType::real || key.type == ConfigType::boolean;
        auto const quote = bare ? "" : "\"";
        all += std::string(key.name) + " = " + quote + std::string(key.default_value) + quote + "\n";
    }
    return {all,
            "[log]\nlevel = \"debug\"\n[spool]\nafter = \"200ms\"\nmax_bytes = "
            "\"1GiB\"\n%%\nRECOUP_LOG__LEVEL=info\nPATH=x\n%%\n"
            "log.level=warn\nspool.after=1s\n",
            "[ingest]\nshop_rate = 10\nbytes = 4096\n[public]\naddress = '''127.0.0.1'''\nx = [1, 2, \"a,b\"]\nd = "
            "1979-05-27T07:32:00Z\n",
            "a = {b = {c = [[1],[2]]}}\n[[t]]\nx = 0x7fffffffffffffff\ny = 1e400\nz = inf\n",
            "%%\nRECOUP_DATABASE_URL=x\nRECOUP_A__B=\n%%\n=\nx\n"};
}

std::vector<std::string> words() {
    std::vector<std::string> all{"%%\n",       "RECOUP_", "__",  "[[",  "]]",   "'''",  "\"\"\"",
                                 "1979-05-27", "0x",      "inf", "nan", "400d", "16EiB"};
    for (auto const& key : core_keys()) {
        all.emplace_back(key.name);
        all.push_back(variable_name(key.name));
    }
    return all;
}

Registration const registered({"config", seeds, words(), run});

}  // namespace
}  // namespace recoup::fuzz
