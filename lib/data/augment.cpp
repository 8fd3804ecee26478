// SPDX-License-Identifier: Apache-2.0
#include "mien/data/augment.hpp"

#include "mien/core/error.hpp"
#include "mien/core/math.hpp"

#include <cmath>

namespace mien {
namespace {

constexpr float least_erased = 0.02f, most_erased = 0.2f; // shares of the picture's area
constexpr double log_least_aspect = -1.2039728043259361;  // log 0.3
constexpr double log_most_aspect = 1.1939224684724346;    // log 3.3

/// A whole number in [-n, n] from one draw: below() takes sometimes more, and then the next draws would move.
int pixels(int n, Rng& rng) noexcept { return static_cast<int>(static_cast<double>(rng.uniform()) * (2 * n + 1)) - n; }

} // namespace

void check(const Augmentation& a) {
  const auto within = [](float x, float most) { return x >= 0 && x <= most; }; // false for NaN
  if (!within(a.rotation_degrees, 180)) {
    throw Error(concat("augmentation: rotation is ", a.rotation_degrees, " degrees, it must lie in [0, 180]"));
  }
  if (!within(a.zoom, 1) || a.zoom == 1) {
    throw Error(concat("augmentation: zoom is ", a.zoom, ", it must lie in [0, 1): 0.1 is from 90 to 110 percent"));
  }
  if (!within(a.shift, 1)) {
    throw Error(
        concat("augmentation: shift is ", a.shift, ", it must lie in [0, 1], a fraction of the picture's side"));
  }
  if (!within(a.shear_degrees, 60)) {
    throw Error(concat("augmentation: shear is ", a.shear_degrees, " degrees, it must lie in [0, 60]"));
  }
  if (!within(a.brightness, 1) || a.brightness == 1) {
    throw Error(concat("augmentation: brightness is ", a.brightness,
                       ", it must lie in [0, 1): 0.2 is from 80 to 120 percent of the light"));
  }
  if (!within(a.contrast, 1) || a.contrast == 1) {
    throw Error(concat("augmentation: contrast is ", a.contrast,
                       ", it must lie in [0, 1): 0.2 is from 80 to 120 percent of the differences"));
  }
  if (!within(a.erase, 1)) {
    throw Error(concat("augmentation: erase is ", a.erase, ", it must lie in [0, 1], the share of pictures"));
  }
  if (a.crop < 0 || a.crop > 1024) {
    throw Error(concat("augmentation: crop is ", a.crop, " pixels, it must lie in [0, 1024]"));
  }
}

Variation draw_variation(const Augmentation& a, Rng rng) {
  Variation v;
  v.degrees = rng.uniform(-a.rotation_degrees, a.rotation_degrees);
  v.zoom_y = rng.uniform(1 - a.zoom, 1 + a.zoom);
  v.zoom_x = rng.uniform(1 - a.zoom, 1 + a.zoom);
  v.shift_y = rng.uniform(-a.shift, a.shift);
  v.shift_x = rng.uniform(-a.shift, a.shift);
  v.flip = (rng.bits() >> 31) != 0 && a.flip;
  v.shear_degrees = rng.uniform(-a.shear_degrees, a.shear_degrees);
  v.brightness = rng.uniform(1 - a.brightness, 1 + a.brightness);
  v.contrast = rng.uniform(1 - a.contrast, 1 + a.contrast);
  const bool erased = rng.uniform() < a.erase;
  const double area = rng.uniform(least_erased, most_erased);
  const double draw = rng.uniform();
  v.erase_y = rng.uniform();
  v.erase_x = rng.uniform();
  if (erased) {
    const double aspect = math::exp(log_least_aspect + (log_most_aspect - log_least_aspect) * draw);
    v.erase_height = static_cast<float>(std::sqrt(area * aspect));
    v.erase_width = static_cast<float>(std::sqrt(area / aspect));
  }
  v.crop_y = pixels(a.crop, rng);
  v.crop_x = pixels(a.crop, rng);
  return v;
}

} // namespace mien
