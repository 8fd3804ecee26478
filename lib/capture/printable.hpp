// SPDX-License-Identifier: Apache-2.0
// Text that others chose (a device, a program), made fit for a sentence.
#pragma once

#include <string>
#include <string_view>

namespace mien {

/// ASCII that prints, up to the first zero; anything else becomes a question mark, so that nobody steers a terminal.
[[nodiscard]] inline std::string printable(std::string_view text) {
  std::string result(text.substr(0, text.find('\0')));
  for (auto& c : result) c = c >= ' ' && c <= '~' ? c : '?';
  return result;
}

} // namespace mien
