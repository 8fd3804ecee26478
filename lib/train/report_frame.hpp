// SPDX-License-Identifier: Apache-2.0
// What the pages share: a heading, tiles, links to the parts, and the parts.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mien::page {

/// A part of a page; left out where `html` is empty.
struct Part {
  std::string_view id, heading;
  std::string html;
};

/// What stands above the parts, as HTML but for the titles.
struct Head {
  std::string_view kind; ///< the small line above the title
  std::string_view title;
  std::string introduction{};
  std::string tiles{};
  std::string_view faces_of{}; ///< if the page shows faces: whose; it warns of sharing them
};

/// A whole page: well-formed as XML, self-contained, on a light and a dark ground, for a phone and for paper.
[[nodiscard]] std::string frame(const Head& head, std::span<const Part> parts);

/// A figure with its name above and a line below it. `kind`: " first" for the large one.
[[nodiscard]] std::string tile(std::string_view kind, std::string_view name, std::string_view figure,
                               std::string_view below);

} // namespace mien::page
