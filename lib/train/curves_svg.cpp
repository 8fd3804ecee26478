// SPDX-License-Identifier: Apache-2.0
#include "lib/train/curves.hpp"
#include "lib/train/svg.hpp"
#include "mien/train/history.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mien {

std::string curves_svg(std::span<const EpochRow> rows) {
  constexpr int first = curves::left_margin, second = first + curves::width + 84;
  constexpr int width = second + curves::width + curves::right_margin, top = 84;
  std::string svg =
      svg::head(width, top + curves::height + curves::below, "Loss and accuracy over the epochs", curves::style);
  if (rows.empty()) return svg + "  <text class=\"ink\" x=\"24\" y=\"32\">No epoch is finished yet.</text>\n</svg>\n";

  const auto best = std::max_element(rows.begin(), rows.end(), [](const EpochRow& a, const EpochRow& b) {
    return a.val_accuracy < b.val_accuracy || (a.val_accuracy == b.val_accuracy && a.val_loss > b.val_loss);
  });
  svg +=
      fmt::format("  <text class=\"ink title\" x=\"{}\" y=\"30\">Epoch {}: best on validation after epoch {}, accuracy "
                  "{:.1f} %, macro F1 {:.1f} %</text>\n",
                  first, rows.back().epoch, best->epoch, 100 * best->val_accuracy, 100 * best->val_macro_f1);
  return svg + curves::panel(rows, {.left = first, .top = top}, "Loss", curves::losses) +
         curves::panel(rows, {.left = second, .top = top, .percent = true}, "Accuracy", curves::accuracies) +
         "</svg>\n";
}

} // namespace mien
