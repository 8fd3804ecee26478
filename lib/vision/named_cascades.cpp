// SPDX-License-Identifier: Apache-2.0
// The cascades that are compiled in: data/cascades.
#include "lib/io/embedded.hpp"
#include "lib/vision/cascade_table.hpp"
#include "mien/core/error.hpp"
#include "mien/vision/cascade.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace mien {

namespace embedded {
MIEN_EMBEDDED(eye)
MIEN_EMBEDDED(eye_tree_eyeglasses)
MIEN_EMBEDDED(frontalface_alt2)
MIEN_EMBEDDED(frontalface_default)
MIEN_EMBEDDED(profileface)
} // namespace embedded

namespace {

constexpr std::array<std::string_view, 5> names = {"eye", "eye_tree_eyeglasses", "frontalface_alt2",
                                                   "frontalface_default", "profileface"};
constexpr std::array tables = {embedded::eye, embedded::eye_tree_eyeglasses, embedded::frontalface_alt2,
                               embedded::frontalface_default, embedded::profileface};

} // namespace

std::span<const std::string_view> cascade_names() noexcept { return names; }

Cascade named_cascade(std::string_view name) {
  constexpr std::string_view prefix = "haarcascade_";
  const auto found = std::ranges::find(names, name.starts_with(prefix) ? name.substr(prefix.size()) : name);
  if (found == names.end()) {
    std::string all;
    for (const auto known : names) all += (all.empty() ? "" : ", ") + std::string(known);
    throw Error(concat("no cascade is called `", name, "`; there are ", all, "; any other can be read from a file"));
  }
  return parse_cascade_table(tables[static_cast<std::size_t>(found - names.begin())](), name);
}

} // namespace mien
