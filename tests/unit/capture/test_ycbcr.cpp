// SPDX-License-Identifier: Apache-2.0
#include "lib/capture/ycbcr.hpp"
#include "mien/data/grey.hpp"
#include "tests/capture/plain_ycbcr.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"

#include <cmath>
#include <functional>
#include <vector>

using namespace mien;
using namespace mien::test;

namespace {

/// Whole numbers may round another way where the formula is this near to half between two bytes.
constexpr double near_half = 0.005;

bool is_rounded(std::uint8_t byte, double exact) {
  return std::abs(byte - std::clamp(exact, 0.0, 255.0)) <= 0.5 + near_half;
}

std::vector<std::uint8_t> bytes(int count, std::uint32_t seed) { return noise(count, 1, 1, seed).pixels; }

/// Sample `kind` (0 Y, 1 Cb, 2 Cr) of a pixel, as the format's definition places it.
using Sample = std::function<std::uint8_t(int kind, int x, int y)>;

void check(const YcbcrView& view, const Sample& sample) {
  Image colour, grey;
  to_picture(colour, view, false);
  to_picture(grey, view, true);
  REQUIRE((colour.width == view.width && colour.height == view.height && colour.channels == 3));
  REQUIRE((grey.width == view.width && grey.height == view.height && grey.channels == 1));
  const bool limited = view.range == Range::limited;
  std::size_t wrong = 0, i = 0;
  for (int y = 0; y < view.height; ++y) {
    for (int x = 0; x < view.width; ++x, ++i) {
      const auto exact = exact_rgb(sample(0, x, y), sample(1, x, y), sample(2, x, y), limited);
      for (std::size_t c = 0; c < 3; ++c) wrong += is_rounded(colour.pixels[3 * i + c], exact[c]) ? 0 : 1;
      wrong += grey.pixels[i] == plain_grey(sample(0, x, y), limited) ? 0 : 1;
    }
  }
  CHECK(wrong == 0);
}

} // namespace

TEST_CASE("ycbcr: every brightness with every pair of differences becomes the colour of BT.601") {
  for (const auto range : {Range::limited, Range::full}) {
    std::size_t wrong = 0;
    Image picture;
    std::vector<std::uint8_t> frame(256 * 3);
    for (int y = 0; y < 256; ++y) frame[static_cast<std::size_t>(y)] = static_cast<std::uint8_t>(y);
    for (int cb = 0; cb < 256; cb += 5) {
      for (int cr = 0; cr < 256; cr += 3) {
        std::fill_n(frame.begin() + 256, 256, static_cast<std::uint8_t>(cb));
        std::fill_n(frame.begin() + 512, 256, static_cast<std::uint8_t>(cr));
        to_picture(picture, planar_view(frame.data(), 256, 1, 0, 0, range), false);
        for (int y = 0; y < 256; ++y) {
          const auto exact = exact_rgb(y, cb, cr, range == Range::limited);
          for (std::size_t c = 0; c < 3; ++c)
            wrong += is_rounded(picture.pixels[3 * static_cast<std::size_t>(y) + c], exact[c]) ? 0 : 1;
        }
      }
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("ycbcr: every layout finds its samples, at odd sizes and with gaps between rows") {
  for (const auto& [width, height] : {std::pair{16, 8}, {1, 1}, {7, 5}, {2, 3}, {33, 2}}) {
    for (const auto range : {Range::limited, Range::full}) {
      const int wide = (width + 1) / 2, high = (height + 1) / 2, stride = 2 * width + 6;
      const auto frame = bytes(4 * stride * (height + 1), static_cast<std::uint32_t>(width));
      const auto at = [&](int i) { return frame[static_cast<std::size_t>(i)]; };
      const auto step = static_cast<std::size_t>(stride);
      check(yuyv_view(frame.data(), width, height, step, range),
            [&](int kind, int x, int y) { return at(y * stride + (kind == 0 ? 2 * x : x / 2 * 4 + 2 * kind - 1)); });
      check(nv12_view(frame.data(), width, height, step, range), [&](int kind, int x, int y) {
        return kind == 0 ? at(y * stride + x) : at((height + y / 2) * stride + x / 2 * 2 + kind - 1);
      });
      check(planar_view(frame.data(), width, height, 1, 1, range), [&](int kind, int x, int y) {
        return kind == 0 ? at(y * width + x) : at(width * height + (kind - 1) * wide * high + y / 2 * wide + x / 2);
      });
      check(planar_view(frame.data(), width, height, 1, 0, range), [&](int kind, int x, int y) {
        return kind == 0 ? at(y * width + x) : at(width * height + (kind - 1) * wide * height + y * wide + x / 2);
      });
      check(planar_view(frame.data(), width, height, 0, 0, range),
            [&](int kind, int x, int y) { return at((kind * height + y) * width + x); });
    }
  }
  CHECK(planar_bytes(7, 5, 1, 1) == 35 + 2 * 12);
  CHECK(planar_bytes(7, 5, 1, 0) == 35 + 2 * 20);
  CHECK(planar_bytes(7, 5, 0, 0) == 105);
}

TEST_CASE("ycbcr: a grey frame becomes a grey picture, whatever is asked for") {
  const auto frame = bytes(5 * 3, 1);
  Image picture = noise(9, 9, 3);
  to_picture(picture, grey_view(frame.data(), 4, 3, 5, Range::full), false);
  REQUIRE((picture.width == 4 && picture.height == 3 && picture.channels == 1));
  for (std::size_t i = 0; i < 12; ++i) CHECK(picture.pixels[i] == frame[i / 4 * 5 + i % 4]);
  to_picture(picture, grey_view(frame.data(), 4, 3, 5, Range::limited), false);
  for (std::size_t i = 0; i < 12; ++i) CHECK(picture.pixels[i] == plain_grey(frame[i / 4 * 5 + i % 4], true));
}

TEST_CASE("ycbcr: grey out of a frame is what the colours would give, within rounding") {
  const auto frame = bytes(64 * 3, 2);
  for (const auto range : {Range::limited, Range::full}) {
    // Differences near 0, so that no colour is cut off.
    auto gentle = frame;
    for (std::size_t i = 64; i < gentle.size(); ++i) gentle[i] = static_cast<std::uint8_t>(124 + gentle[i] % 9);
    for (std::size_t i = 0; i < 64; ++i) gentle[i] = static_cast<std::uint8_t>(40 + gentle[i] % 160);
    Image grey, colour;
    to_picture(grey, planar_view(gentle.data(), 64, 1, 0, 0, range), true);
    to_picture(colour, planar_view(gentle.data(), 64, 1, 0, 0, range), false);
    const auto from_colour = to_grey(colour);
    for (std::size_t i = 0; i < 64; ++i) CHECK(std::abs(grey.pixels[i] - from_colour.pixels[i]) <= 1);
  }
}

TEST_CASE("ycbcr: a picture becomes planes by the formula, with the mean of four colours") {
  for (const auto& [width, height] : {std::pair{16, 8}, {1, 1}, {7, 5}}) {
    const auto picture = noise(width, height, 3);
    const auto rgb = [&](int x, int y, std::size_t c) {
      return static_cast<double>(picture.pixels[3 * static_cast<std::size_t>(y * width + x) + c]);
    };
    std::vector<std::uint8_t> planes;
    to_planar_420(planes, picture);
    REQUIRE(planes.size() == planar_bytes(width, height, 1, 1));
    std::size_t i = 0, wrong = 0;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        wrong += is_rounded(planes[i++], exact_ycbcr(rgb(x, y, 0), rgb(x, y, 1), rgb(x, y, 2))[0]) ? 0 : 1;
    for (const std::size_t kind : {1u, 2u}) {
      for (int y = 0; y < height; y += 2) {
        for (int x = 0; x < width; x += 2) {
          std::array<double, 3> mean{};
          const int right = std::min(x + 2, width), bottom = std::min(y + 2, height);
          for (int v = y; v < bottom; ++v)
            for (int u = x; u < right; ++u)
              for (std::size_t c = 0; c < 3; ++c) mean[c] += rgb(u, v, c) / ((right - x) * (bottom - y));
          wrong += is_rounded(planes[i++], exact_ycbcr(mean[0], mean[1], mean[2])[kind]) ? 0 : 1;
        }
      }
    }
    CHECK(wrong == 0);
  }
}
