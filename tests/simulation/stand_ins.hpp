#pragma once
// What the services need and a simulation does not look at.

#include "recoup/port/metrics.hpp"
#include "recoup/port/template_engine.hpp"

#include <nlohmann/json.hpp>

namespace recoup::simulation {

class NoMetrics final : public Metrics {
public:
    void add(Metric, std::string_view, double) override {}
    void set(Metric, double) override {}
    void observe(Metric, double) override {}
    std::string exposition() const override { return {}; }
};

class PlainTemplates final : public TemplateEngine {
public:
    Result<Content> render(std::string_view template_name, Channel, nlohmann::json const& variables) const override {
        auto const unsubscribe = variables.value("unsubscribe_url", "");
        return Content{std::string(template_name), "Simulated Shop, 1 Main Street: come back. STOP ends this. " + unsubscribe, ""};
    }
    bool exists(std::string_view name, Channel) const override { return name.find('.') == name.npos; }
};

}  // namespace recoup::simulation
