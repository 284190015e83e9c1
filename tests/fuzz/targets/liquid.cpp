// Templates: any text is parsed or refused with its line, rendering is bounded, and in HTML a value never writes
// markup. Input: one byte for the way, then the template.
#include "app/embedded.hpp"
#include "core/template/document.hpp"
#include "fuzz/support/input.hpp"
#include "fuzz/support/target.hpp"

#include "recoup/base/limits.hpp"

#include <nlohmann/json.hpp>

namespace recoup::fuzz {
namespace {

using namespace recoup::core;

// A control character that no template of ours holds marks what came from a value.
constexpr std::string_view hostile = "\2<b>\"'&javascript:\2<";

nlohmann::json const& variables() {
    static auto const all = [] {
        nlohmann::json made =
            nlohmann::json::parse(R"({"cart":{"currency":"USD","total_price":"$12.00","total_price_minor":1200,
            "line_items":[{"title":"Hat","quantity":2,"price":"$6.00","available":3,"image":"https://a.example/b.jpg"},
            {"title":"Zo\u00eb \ud83d\ude00","quantity":1,"price":null}]},"customer":{"first_name":"Jane"},
            "shop":{"name":"S"},
            "n":7,"big":9223372036854775807,"low":-9223372036854775808,"real":1.5,"yes":true,"no":false,"nil":null,
            "list":[3,"a",[],{}],
            "restore_url":"https://a.example/r/x","unsubscribe_url":"","incentive":{"percent":10,"code":"SAVE"}})");
        made["v"] = hostile;
        made["cart"]["line_items"][0]["variant_title"] = hostile;
        return made;
    }();
    return all;
}

std::optional<std::string> partial(std::string_view name) {
    if (name == "_self") return "{% include '_self' %}";
    for (auto const& file : app::embedded_templates())
        if (name.starts_with('_') && file.name == name) return std::string(file.text);
    return std::nullopt;
}

void check_refusal(Error const& refusal) {
    check(refusal.code == Errc::invalid || refusal.code == Errc::too_large, "a template is wrong or too large");
    check(!refusal.message.empty(), "and it is said why");
}

void one_template(std::string_view source, LiquidTemplate::Escape escape) {
    auto const parsed = LiquidTemplate::parse(source, escape, partial);
    if (!parsed) return check_refusal(parsed.error());
    auto const first = parsed->render(variables());
    if (!first) return check_refusal(first.error());
    check(first->size() <= limits::rendered_bytes, "output is bounded");
    check(*parsed->render(variables()) == *first, "rendering has no memory");
    // Filters may take values apart, so that their pieces meet the template's own text again.
    bool const whole = source.find('|') == source.npos && source.find('\2') == source.npos;
    if (escape == LiquidTemplate::Escape::html && whole)
        check(first->find("\2<") == first->npos && first->find("\2\"") == first->npos, "a value writes no markup");
}

void document(std::string_view source) {
    auto const parsed = TemplateDocument::parse(source, partial);
    if (!parsed) return check_refusal(parsed.error());
    for (auto const channel : {Channel::email, Channel::sms, Channel::push}) {
        auto const content = parsed->render(channel, variables());
        check(parsed->serves(channel) || (!content && content.error().code == Errc::not_found),
              "it serves what it says");
        if (content) check(content->html.size() <= limits::rendered_bytes, "output is bounded");
    }
}

void run(std::string_view bytes) {
    Input input(bytes);
    switch (input.byte() % 3) {
        case 0: one_template(input.rest(), LiquidTemplate::Escape::none); break;
        case 1: one_template(input.rest(), LiquidTemplate::Escape::html); break;
        default: document(input.rest()); break;
    }
}

std::vector<std::string> seeds() {
    std::vector<std::string> all;
    for (auto const& file : app::embedded_templates()) all.push_back(std::string(1, '\2') + std::string(file.text));
    for (std::string const text :
         {"{% for i in (1..5) reversed %}{{ i | times: n | plus: 1 }}{% if i > 3 %}{% break %}{% endif %}{% else %}x{% "
          "endfor %}",
          "{% case n %}{% when 7, 8 %}{{ v }}{% else %}b{% endcase %}{% unless yes and no or nil %}{{ list | join: ',' "
          "}}{% endunless %}",
          "<a href=\"{{ v }}\" title='{{ v }}'>{{ v }}</a>{% assign x = v | upcase | slice: 1, 3 %}{{ x | split: 'a' | "
          "first }}",
          "{{ cart.line_items[0]['title'] | truncate: 2 | url_encode }}{{ cart.total_price_minor | money }}{% include "
          "'_lines' %}",
          "{%- raw -%}{{ x }}{%- endraw -%}{% comment %}{% endcomment %}{{ big | plus: 1 }}{{ low | minus: 1 | "
          "divided_by: 0 }}",
          "{{ '2026-11-20T10:05:00Z' | date: '%e %B %Y, %I:%M %p %j %%' }}{{ real | round: 2 }}{% include '_self' %}"})
        for (char const way : {'\0', '\1'}) all.push_back(way + text);
    all.push_back(std::string(1, '\0') +
                  "{% for a in (1..9999) %}{% for b in (1..9999) %}{{ v }}{% endfor %}{% endfor %}");
    return all;
}

std::vector<std::string> words() {
    return {"{{ v }}",
            "{{",
            "}}",
            "{%",
            "%}",
            "{%-",
            "-%}",
            " | ",
            "{% if ",
            "{% endif %}",
            "{% for i in ",
            "{% endfor %}",
            "{% assign a = ",
            "{% case ",
            "{% when ",
            "{% endcase %}",
            "{% include '_lines' %}",
            "cart.line_items",
            "times: ",
            "divided_by: 0",
            "modulo: ",
            "append: v",
            "replace: 'a', v",
            "split: ''",
            "slice: -1, 99",
            "truncate: ",
            "default: ",
            "date: '%Y'",
            "money",
            "size",
            "first",
            "last",
            "contains",
            "(1..10)",
            "limit: ",
            "offset: ",
            "reversed",
            "--- html\n",
            "--- text\n",
            "--- subject\n",
            "--- short\n",
            "<script>",
            "<!--",
            "href=\"",
            "style='"};
}

Registration const registered({"liquid", seeds, words(), run});

}  // namespace
}  // namespace recoup::fuzz
