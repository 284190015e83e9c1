#include "adapter/postgres/statement.hpp"

namespace recoup::postgres {

namespace {

std::vector<char const*> texts_of(std::initializer_list<Parameter> parameters) {
    std::vector<char const*> texts;
    texts.reserve(parameters.size());
    for (auto const& parameter : parameters) texts.push_back(parameter.text());
    return texts;
}

}  // namespace

pqxx::result exec_with(pqxx::transaction_base& tx, Statement const& statement, std::initializer_list<Parameter> parameters) {
    auto const texts = texts_of(parameters);
    tx.conn().prepare(statement.name, statement.sql);
    return tx.exec_prepared(statement.name, pqxx::prepare::make_dynamic_params(texts));
}

pqxx::result exec_rows(pqxx::transaction_base& tx, Statement const& statement, std::initializer_list<Parameter> first,
                       Rows const& rows) {
    auto const texts = texts_of(first);
    auto const columns = rows.parameters();
    tx.conn().prepare(statement.name, statement.sql);
    return tx.exec_prepared(statement.name, pqxx::prepare::make_dynamic_params(texts),
                            pqxx::prepare::make_dynamic_params(columns));
}

void append_element(std::string& out, std::string_view value) {
    constexpr std::string_view special("\"\\\0", 3);
    out += '"';
    for (auto end = value.find_first_of(special); end != value.npos; end = value.find_first_of(special)) {
        out += value.substr(0, end);
        if (value[end] != '\0') (out += '\\') += value[end];
        value.remove_prefix(end + 1);
    }
    out += value;
    out += '"';
}

std::string bytea(std::string_view bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out = "\\x";
    out.reserve(2 + 2 * bytes.size());
    for (unsigned char const byte : bytes) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

}  // namespace recoup::postgres
