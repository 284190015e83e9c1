#include "tidy/tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace recoup::tidy {
namespace {

namespace fs = std::filesystem;

std::string read(fs::path const& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

bool name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Walks C++ text and blanks what is not wanted, keeping every newline and every offset.
class Blanker {
public:
    Blanker(std::string const& text, bool strings) : out_(text), text_(text), strings_(strings) {}

    std::string run() {
        while (at_ < text_.size()) {
            if (starts("//")) blank_to(text_.find('\n', at_), true);
            else if (starts("/*")) blank_to(end_after("*/", at_ + 2), true);
            else if (raw_string()) blank_to(end_after(raw_end(), at_), strings_);
            else if (text_[at_] == '"') blank_to(quoted_end('"'), strings_);
            else if (text_[at_] == '\'' && (at_ == 0 || !name_character(text_[at_ - 1])))
                blank_to(quoted_end('\''), strings_);
            else ++at_;
        }
        return out_;
    }

private:
    bool starts(std::string_view word) const { return text_.compare(at_, word.size(), word) == 0; }
    bool raw_string() const { return starts("R\"") && (at_ == 0 || !name_character(text_[at_ - 1])); }
    std::string raw_end() const {
        auto const open = text_.find('(', at_);
        return ")" + text_.substr(at_ + 2, open - at_ - 2) + "\"";
    }
    std::size_t end_after(std::string const& mark, std::size_t from) const {
        auto const found = text_.find(mark, from);
        return found == std::string::npos ? text_.size() : found + mark.size();
    }
    std::size_t quoted_end(char quote) const {
        for (auto i = at_ + 1; i < text_.size(); ++i) {
            if (text_[i] == '\\') ++i;
            else if (text_[i] == quote) return i + 1;
        }
        return text_.size();
    }
    void blank_to(std::size_t end, bool wanted) {
        end = std::min(end, text_.size());
        for (; at_ < end; ++at_)
            if (wanted && out_[at_] != '\n') out_[at_] = ' ';
    }

    std::string out_;
    std::string const& text_;
    bool strings_;
    std::size_t at_ = 0;
};

std::string without_sql_comments(std::string text) {
    for (auto at = text.find("--"); at != std::string::npos; at = text.find("--", at))
        for (; at < text.size() && text[at] != '\n'; ++at) text[at] = ' ';
    return text;
}

Files read_tree() {
    Files files;
    fs::path const root = RECOUP_SOURCE_DIR;
    for (auto const* folder : {"include", "src", "tests", "migrations", "scripts"}) {
        if (!fs::exists(root / folder)) continue;
        auto walk = fs::recursive_directory_iterator(root / folder);
        for (auto entry = begin(walk); entry != end(walk); ++entry) {
            if (entry->path().filename() == "node_modules") entry.disable_recursion_pending();
            auto const kind = entry->path().extension();
            bool const wanted =
                kind == ".hpp" || kind == ".cpp" || kind == ".sql" || folder == std::string_view("scripts");
            if (wanted && entry->is_regular_file())
                files.push_back(make_file(fs::relative(entry->path(), root).generic_string(), read(entry->path())));
        }
    }
    std::ranges::sort(files, {}, &SourceFile::path);
    return files;
}

}  // namespace

SourceFile make_file(std::string path, std::string text) {
    SourceFile file{std::move(path), std::move(text), {}, {}};
    if (file.path.ends_with(".sql")) {
        file.words = file.code = without_sql_comments(file.text);
        return file;
    }
    file.code = Blanker(file.text, true).run();
    file.words = Blanker(file.text, false).run();
    return file;
}

Files const& tree() {
    static Files const files = read_tree();
    return files;
}

std::string document(std::string const& path) {
    return read(fs::path(RECOUP_SOURCE_DIR) / path);
}

std::string finding(SourceFile const& file, std::size_t offset, std::string const& what) {
    auto const line = 1 + std::ranges::count(file.text.substr(0, offset), '\n');
    return file.path + ":" + std::to_string(line) + ": " + what;
}

std::string listed(Findings const& findings) {
    std::string text;
    for (auto const& one : findings) text += one + "\n";
    return text;
}

bool is_cpp(SourceFile const& file) {
    return file.path.ends_with(".cpp") || file.path.ends_with(".hpp");
}

bool under(SourceFile const& file, std::string_view folder) {
    return file.path.starts_with(folder);
}

}  // namespace recoup::tidy
