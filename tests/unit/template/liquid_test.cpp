#include "core/template/liquid_template.hpp"

#include "recoup/base/limits.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace recoup::core {
namespace {

using nlohmann::json;

std::string show(std::string_view source, json const& variables, LiquidTemplate::Escape escape = LiquidTemplate::Escape::none) {
    auto const parsed = LiquidTemplate::parse(source, escape);
    if (!parsed) return "parse: " + parsed.error().message;
    auto text = parsed->render(variables);
    return text ? *text : "render: " + text.error().message;
}

std::string html(std::string_view source, json const& variables) {
    return show(source, variables, LiquidTemplate::Escape::html);
}

json const shop = json::parse(R"json({"cart":{"currency":"USD","total_price_minor":129900,"line_items":[
  {"title":"Blue hat","price":"$42.00","quantity":2,"available":3},
  {"title":"Red <b>scarf</b>","price":"$7.00","quantity":1,"available":null}]},
  "customer":{"first_name":"Zoë"},"empty_list":[],"nothing":null,"yes":true,"n":7,"evil":"javascript:alert(1)",
  "url":"https://shop.example/a?b=1&c=2"})json");

struct Case {
    std::string_view source, expected;
};

TEST(Liquid, RendersOutputsAndFilters) {
    for (auto const& [source, expected] : std::initializer_list<Case>{
             {"Hi {{ customer.first_name | upcase }}!", "Hi ZOë!"},
             {"{{ cart.line_items[0].title }}/{{ cart.line_items.last.quantity }}/{{ cart['line_items'].size }}", "Blue hat/1/2"},
             {"{{ nothing }}{{ no.such.thing }}{{ cart }}", ""},
             {"{{ nothing | default: 'friend' }}", "friend"},
             {"{{ cart.total_price_minor | money }} {{ cart.total_price_minor | money_without_currency }}", "$1,299.00 1299.00"},
             {"{{ 'Zoë in Köln' | truncate: 6 }}|{{ 'abc' | truncate: 3 }}", "Zoë..."
                                                                                "|abc"},
             {"{{ 'a b&c' | url_encode }}", "a+b%26c"},
             {"{{ '2026-11-20T10:05:00Z' | date: '%e %B %Y, %I:%M %p' }}", "20 November 2026, 10:05 AM"},
             {"{{ 'now' | date: '%Y' }}", "now"},
             {"{{ n | plus: 1 | times: 2 | minus: 6 }}", "10"},
             {"{{ '  x ' | strip | append: 'y' | prepend: 'w' | capitalize }}", "Wxy"},
             {"{{ '<a>' | escape }}", "&lt;a&gt;"},
             {"a {{- ' b ' -}} c", "a b c"},
             {"{% raw %}{{ n }}{% endraw %}{% comment %}{{ broken {% endcomment %}", "{{ n }}"},
         })
        EXPECT_EQ(show(source, shop), expected) << source;
}

TEST(Liquid, DecidesAndLoops) {
    for (auto const& [source, expected] : std::initializer_list<Case>{
             {"{% if n > 5 and n < 9 %}in{% elsif yes %}no{% else %}out{% endif %}", "in"},
             {"{% if nothing %}a{% else %}b{% endif %}{% unless yes %}c{% else %}d{% endunless %}", "bd"},
             {"{% if '' %}empty texts are true{% endif %}", "empty texts are true"},
             {"{% if empty_list == empty and nothing == blank %}e{% endif %}", "e"},
             {"{% if customer.first_name contains 'o' %}o{% endif %}", "o"},
             {"{% if n == '7' or 'a' < 1 %}x{% else %}types differ{% endif %}", "types differ"},
             {"{% if false and false or true %}right first{% else %}n{% endif %}", "n"},
             {"{% case n %}{% when 1, 2 %}low{% when 7 or 8 %}seven{% else %}?{% endcase %}", "seven"},
             {"{% for l in cart.line_items %}{{ forloop.index }}{{ l.quantity }}{% unless forloop.last %},{% endunless %}{% endfor %}", "12,21"},
             {"{% for i in (1..9) limit: 3 offset: 2 reversed %}{{ i }}{% endfor %}", "543"},
             {"{% for i in (1..9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}", "13"},
             {"{% for x in empty_list %}x{% else %}none{% endfor %}", "none"},
             {"{% for i in (1..2) %}{% for j in (1..2) %}{{ i }}{{ j }} {% endfor %}{% endfor %}", "11 12 21 22 "},
             {"{% assign t = 'a' %}{% for i in (1..3) %}{% assign t = t | append: i %}{% endfor %}{{ t }}", "a123"},
         })
        EXPECT_EQ(show(source, shop), expected) << source;
}

TEST(Liquid, NamesTheLineOfAMistake) {
    for (auto const& [source, expected] : std::initializer_list<Case>{
             {"a\nb\n{{ x | exec: 'ls' }}", "parse: line 3: unknown filter 'exec'"},
             {"\n{% if x %}", "parse: line 2: the block is not closed with endif"},
             {"{% include '/etc/passwd' %}", "parse: line 1: there is no partial '/etc/passwd'"},
             {"{{ 'open }}", "parse: line 1: a quote is not closed"},
             {"{{ x", "parse: line 1: {{ is not closed"},
             {"{% endif %}", "parse: line 1: unknown tag 'endif'"},
             {"{{ a b }}", "parse: line 1: unexpected 'b'"},
             {"{% break %}", "parse: line 1: break stands outside of a for"},
         })
        EXPECT_EQ(show(source, shop).substr(0, expected.size()), expected) << source;
}

// CVE-2025-49136: template functions that read the environment leaked a mailer's database and SMTP secrets.
TEST(Liquid, HasNoWayToFilesEnvironmentOrClock) {
    for (std::string_view const filter : {"env", "expandenv", "getHostByName", "file", "read", "now", "include", "eval"})
        EXPECT_TRUE(show("{{ 'PATH' | " + std::string(filter) + " }}", shop).starts_with("parse: line 1: unknown filter")) << filter;
    EXPECT_EQ(show("{{ env.PATH }}{{ ENV['HOME'] }}{{ customer.__proto__ }}", shop), "");
}

TEST(Liquid, EscapesEveryOutputForItsPlaceInHtml) {
    EXPECT_EQ(html("<p>{{ cart.line_items[1].title }}</p>", shop), "<p>Red &lt;b&gt;scarf&lt;/b&gt;</p>");
    EXPECT_EQ(html("<p title=\"{{ x }}\">", json{{"x", "\" onclick='a'"}}), "<p title=\"&quot; onclick=&#39;a&#39;\">");
    EXPECT_EQ(html("<a href=\"{{ url }}\">", shop), "<a href=\"https://shop.example/a?b=1&amp;c=2\">");
    EXPECT_EQ(html("<a href='{{ evil }}'><img src=\"{{ evil }}\">", shop), "<a href='#'><img src=\"#\">");
    EXPECT_EQ(html("{{ '&' | escape }}", shop), "&amp;");
}

TEST(Liquid, RefusesOutputsThatEscapingCannotMakeSafe) {
    for (std::string_view const source : {"<a href={{ url }}>", "<p {{ n }}>", "<script>{{ n }}</script>", "<!-- {{ n }} -->",
                                          "<p style=\"{{ n }}\">", "<p onclick=\"{{ n }}\">", "<style>a{}{{ n }}</style>"})
        EXPECT_NE(html(source, shop).find("an output may not stand"), std::string::npos) << source;
    EXPECT_EQ(html("<style>a{}</style>{{ n }}", shop), "<style>a{}</style>7");
}

TEST(Liquid, BoundsOutputLoopsAndValues) {
    EXPECT_TRUE(show("{% for i in (1..99999999999) %}x{% endfor %}", shop).starts_with("render: line 1: the range is too long"));
    EXPECT_TRUE(show("{% for i in (1..200) %}{% for j in (1..200) %}{% endfor %}{% endfor %}", shop).find("too many loop turns") != std::string::npos);
    EXPECT_TRUE(show("{% assign t = 'aaaaaaaa' %}{% for i in (1..60) %}{% assign t = t | append: t %}{% endfor %}", shop)
                    .find("too large") != std::string::npos);
    auto const big = json{{"t", std::string(limits::rendered_bytes, 'x')}};
    EXPECT_TRUE(show("{{ t }}{{ t }}", big).find("over") != std::string::npos);
    std::string deep;
    for (int i = 0; i < 1000; ++i) deep += "{% if yes %}";
    EXPECT_TRUE(show(deep, shop).find("nested too deeply") != std::string::npos);
    EXPECT_TRUE(show("{{ a" + std::string(5000, '[') + "1", shop).starts_with("parse: "));
    EXPECT_TRUE(show("{{ 9223372036854775807 | plus: 1 }}", shop).find("too large") != std::string::npos);
}

TEST(Liquid, SurvivesCutAndMutilatedTemplates) {
    std::string const source = "{% for l in cart.line_items limit: 2 %}<a href=\"{{ url }}\">{{ l.title | truncate: 3 }}</a>"
                               "{% if l.available <= 5 %}{{ l.available }}{% endif %}{% endfor %}{% raw %}{{{% endraw %}";
    for (std::size_t i = 0; i < source.size(); ++i) {
        html(source.substr(0, i), shop);
        for (char const c : {'{', '%', '}', '\'', '\0', '\n'}) {
            auto broken = source;
            broken[i] = c;
            html(broken, shop);
        }
    }
}

}  // namespace
}  // namespace recoup::core
