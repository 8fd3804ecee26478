// SPDX-License-Identifier: Apache-2.0
#include "mien/train/compare.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace mien {
namespace {

std::string row(std::string_view name, double a, double b, const Difference& d) {
  return fmt::format("{:<18}  {:6.1f} %  {:6.1f} %    {:+.1f}   ({:+.1f} to {:+.1f})\n", name, 100 * a, 100 * b,
                     100 * d.value, 100 * d.ci95.low, 100 * d.ci95.high);
}

/// What the difference in accuracy is worth, in words.
std::string verdict(const Comparison& c) {
  const auto disagreements = c.only_a + c.only_b;
  if (disagreements == 0) return "They name the same faces rightly: these pictures tell no difference.\n";
  const auto chance =
      c.p < 0.001 ? std::string("less than once in a thousand") : fmt::format("in {:.1f} % of cases", 100 * c.p);
  if (c.p >= 0.05 || c.only_a == c.only_b)
    return fmt::format("No difference can be told: two equally good models would differ as much {} (McNemar's test, "
                       "p = {:.3f}).\n",
                       chance, c.p);
  return fmt::format("{} is better: two equally good models would differ as much {} (McNemar's test, p = {:.2g}).\n",
                     c.only_b > c.only_a ? "B" : "A", chance, c.p);
}

} // namespace

std::string comparison_text(const Comparison& c, std::string_view a, std::string_view b) {
  auto text = fmt::format("A: {}\nB: {}\n\n{:<18}  {:>8}  {:>8}    B - A   (95 % interval)\n", a, b,
                          fmt::format("{} pictures", c.n), "A", "B");
  text += row("accuracy", c.a.accuracy, c.b.accuracy, c.difference.accuracy);
  text += row("macro F1", c.a.macro_f1, c.b.macro_f1, c.difference.macro_f1);
  text += row("weighted F1", c.a.weighted_f1, c.b.weighted_f1, c.difference.weighted_f1);
  text += row("mean recall (UAR)", c.a.uar, c.b.uar, c.difference.uar);
  const auto& loss = c.difference.log_loss;
  text += fmt::format("{:<18}  {:8.3f}  {:8.3f}    {:+.3f} ({:+.3f} to {:+.3f})\n", "log loss", c.a.log_loss,
                      c.b.log_loss, loss.value, loss.ci95.low, loss.ci95.high);
  text += fmt::format("\nnamed rightly by both {}, by A alone {}, by B alone {}, by neither {}\n", c.both, c.only_a,
                      c.only_b, c.neither);
  return text + verdict(c);
}

std::string to_json(const Comparison& c) {
  using Json = nlohmann::ordered_json;
  const auto figures = [](const Figures<double>& f) {
    return Json{{"accuracy", f.accuracy},
                {"macro_f1", f.macro_f1},
                {"weighted_f1", f.weighted_f1},
                {"uar", f.uar},
                {"log_loss", f.log_loss}};
  };
  const auto change = [](const Difference& d) { return Json::array({d.value, d.ci95.low, d.ci95.high}); };
  const Json json = {{"n", c.n},
                     {"both", c.both},
                     {"only_a", c.only_a},
                     {"only_b", c.only_b},
                     {"neither", c.neither},
                     {"mcnemar_p", c.p},
                     {"a", figures(c.a)},
                     {"b", figures(c.b)},
                     {"difference",
                      {{"accuracy", change(c.difference.accuracy)},
                       {"macro_f1", change(c.difference.macro_f1)},
                       {"weighted_f1", change(c.difference.weighted_f1)},
                       {"uar", change(c.difference.uar)},
                       {"log_loss", change(c.difference.log_loss)}}}};
  return json.dump(2);
}

} // namespace mien
