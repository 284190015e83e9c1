#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/stat.h>

namespace recoup::test {

/// A fresh folder for one test, removed with everything in it. Others may pass through it, so that a server that
/// dropped root can live inside.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "recoup-test-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) std::abort();
        chmod(name.c_str(), 0711);
        path_ = name;
    }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace recoup::test
