// SPDX-License-Identifier: Apache-2.0
// Names of the apparent expressions and their places.
#include "mien/emotion/labels.hpp"

#include "mien/core/error.hpp"

#include <algorithm>

namespace mien {

std::size_t expression_index(std::string_view name) {
  const auto found = std::find(expression_names.begin(), expression_names.end(), name);
  if (found != expression_names.end()) return static_cast<std::size_t>(found - expression_names.begin());
  std::string known;
  for (const std::string_view each : expression_names) known += concat(known.empty() ? "" : ", ", each);
  throw Error(concat("no apparent expression is called '", name, "'; the names are ", known));
}

std::vector<std::string> expression_classes() { return {expression_names.begin(), expression_names.end()}; }

} // namespace mien
