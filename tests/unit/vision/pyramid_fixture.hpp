// SPDX-License-Identifier: Apache-2.0
// What OpenCV makes of pictures of noise: see make_pyramid_fixture.py.
#pragma once

#include "mien/vision/cascade_detector.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace mien::test {

/// The cases of one kind: resize, integral or scan.
inline nlohmann::json pyramid_fixture(const char* kind) {
  std::ifstream file("tests/unit/vision/pyramid_fixture.json");
  REQUIRE(file);
  return nlohmann::json::parse(file)[kind];
}

inline Image noise(int width, int height) {
  Image picture{width, height, 1, {}};
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      picture.pixels.push_back(static_cast<std::uint8_t>((7 * x * x + 13 * y * y + x * y * (x + y)) % 251));
    }
  }
  return picture;
}

/// FNV-1a over the numbers' bytes, the lowest first.
template <class T> std::string fnv(std::span<const T> values) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const T value : values) {
    for (std::size_t byte = 0; byte < sizeof(T); ++byte) {
      const auto bits = static_cast<std::uint64_t>(value) >> (8 * byte) & 0xff;
      hash = (hash ^ bits) * 0x100000001b3;
    }
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

/// The boxes' hash, each clipped to the picture as detectMultiScale does it.
inline std::string fnv(const std::vector<Box>& boxes, int width, int height) {
  std::vector<std::int32_t> numbers;
  for (const auto& b : boxes) {
    numbers.insert(numbers.end(), {b.x, b.y, std::min(b.width, width - b.x), std::min(b.height, height - b.y)});
  }
  return fnv(std::span<const std::int32_t>(numbers));
}

inline CascadeSettings settings_of(const nlohmann::json& row) {
  return {.scale_factor = row["factor"], .min_neighbors = 0, .min_face = row["least"], .max_face = row["most"]};
}

} // namespace mien::test
