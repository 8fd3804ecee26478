// SPDX-License-Identifier: Apache-2.0
#include "lib/train/svg.hpp"

#include <fmt/format.h>

namespace mien::svg {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) switch (c) {
    case '&': result += "&amp;"; break;
    case '<': result += "&lt;"; break;
    case '>': result += "&gt;"; break;
    case '"': result += "&quot;"; break;
    default: result += static_cast<unsigned char>(c) < ' ' ? ' ' : c; // XML has no other control characters
    }
  return result;
}

const std::string_view style = R"(
    text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
    .title { font-size: 15px; font-weight: 600; }
    .page { fill: #ffffff; } .ink { fill: #1f2328; } .faint { fill: #59636e; }
    .line { stroke: #d1d9e0; fill: none; } .mark { fill: #0969da; } .other { fill: #bc4c00; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117; } .ink { fill: #f0f6fc; } .faint { fill: #9198a1; }
      .line { stroke: #3d444d; } .mark { fill: #4493f8; } .other { fill: #f0883e; }
    })";

std::string open(int width, int height, std::string_view title) {
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img">
  <title>{2}</title>
)",
      width, height, escaped(title));
}

std::string head(int width, int height, std::string_view title, std::string_view more) {
  return open(width, height, title) + fmt::format(R"(  <style>{2}{3}
  </style>
  <rect class="page" width="{0}" height="{1}"/>
)",
                                                  width, height, style, more);
}

} // namespace mien::svg
