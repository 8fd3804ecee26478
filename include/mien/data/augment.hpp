// SPDX-License-Identifier: Apache-2.0
// Random variations of training pictures.
#pragma once

#include "mien/core/rng.hpp"
#include "mien/data/preprocessing.hpp"

#include <cstdint>
#include <span>

namespace mien {

/// How much training pictures vary, each figure a bound. Rotation, zoom, shift, flip and shear mean what they mean in
/// Keras' ImageDataGenerator; docs/augmentation.md shows each with its formula and source.
struct Augmentation {
  float rotation_degrees = 0; ///< turned by U(-r, r)
  float zoom = 0;             ///< height and width each scaled by a U(1 - z, 1 + z) of its own
  float shift = 0;            ///< moved by U(-s, s) of height and of width
  bool flip = false;          ///< mirrored left to right, one time in two
  float shear_degrees = 0;    ///< sheared by an angle of U(-s, s)
  float brightness = 0;       ///< bytes multiplied by U(1 - b, 1 + b)
  float contrast = 0;         ///< bytes' distances from the picture's mean multiplied by U(1 - c, 1 + c)
  float erase = 0;            ///< the probability that a rectangle is filled with the picture's mean
  int crop = 0;               ///< moved by a whole number of pixels in [-n, n], down and right each

  friend bool operator==(const Augmentation&, const Augmentation&) = default;
};

/// Throws Error unless rotation is in [0, 180], shear in [0, 60], zoom, brightness and contrast in [0, 1), shift and
/// erase in [0, 1] and crop in [0, 1024].
void check(const Augmentation& augmentation);

/// One variation: the way from a pixel of the result back to a place in the picture (row and column from the centre),
///
///   (row, column) = R(degrees) (S(shear) (zoom_y y, zoom_x x) + (shift_y height, shift_x width)) + (crop_y, crop_x)
///   R(a) (y, x) = (cos a y - sin a x, sin a y + cos a x),  S(a) (y, x) = (y - sin a x, cos a x),  x mirrored first if
///   flip
///
/// what light makes of the values there, m being the picture's mean and white 255,
///
///   brightness (contrast x + (1 - contrast) m),  cut to [0, white]
///
/// and the rectangle that is filled with brightness m at the end: height and width are shares of the picture's, nothing
/// if 0; y and x say how much of the room that is left lies above and to the left of it, from 0 to 1.
struct Variation {
  float degrees = 0;
  float zoom_y = 1, zoom_x = 1;
  float shift_y = 0, shift_x = 0;
  bool flip = false;
  float shear_degrees = 0;
  float brightness = 1, contrast = 1;
  float erase_height = 0, erase_width = 0;
  float erase_y = 0, erase_x = 0;
  int crop_y = 0, crop_x = 0;
};

/// Draws a variation: always sixteen draws, so that switching one kind off leaves the others as they were.
///
/// An erased rectangle has U(0.02, 0.2) of the picture's area and an aspect (height to width, each as a share of the
/// picture's) that is log-uniform in [0.3, 3.3], anywhere inside (Zhong et al. 2017, "Random Erasing Data
/// Augmentation").
[[nodiscard]] Variation draw_variation(const Augmentation& augmentation, Rng rng);

/// Resamples one picture once, bilinearly; outside the picture the nearest pixel counts. y = scale * resampled x, or
/// standardised by the resampled picture's own mean and deviation (in steps of 1/256 of a byte's).
///
/// x, y (height, width, channels) of the preprocessing record. Overwrites y, allocates nothing, in whole numbers up to
/// the last step: the same bits on every machine. Without variation y equals to_input_floats. Throws Error if extents
/// disagree.
void resample(std::span<float> y, std::span<const std::uint8_t> x, const Preprocessing& preprocessing,
              const Variation& variation);
/// The same as rounded bytes, to look at.
void resample(std::span<std::uint8_t> y, std::span<const std::uint8_t> x, const Preprocessing& preprocessing,
              const Variation& variation);

/// What training does to a picture: `augment(y, x, p, a, Rng(seed, Purpose::augment, epoch, sample))`.
inline void augment(std::span<float> y, std::span<const std::uint8_t> x, const Preprocessing& preprocessing,
                    const Augmentation& augmentation, Rng rng) {
  resample(y, x, preprocessing, draw_variation(augmentation, rng));
}

} // namespace mien
