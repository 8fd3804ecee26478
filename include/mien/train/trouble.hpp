// SPDX-License-Identifier: Apache-2.0
// What a training noticed about itself.
#pragma once

#include <string>

namespace mien {

/// Something that goes wrong, the figures that show it, and one thing to try.
struct Trouble {
  std::string what;
  std::string evidence;
  std::string suggestion;
};

} // namespace mien
