// SPDX-License-Identifier: Apache-2.0
// Random variations of training pictures.
#pragma once

#include "mien/core/rng.hpp"
#include "mien/data/preprocessing.hpp"

#include <cstdint>
#include <span>

namespace mien {

/// How much training pictures vary, each figure a bound; the meaning is that of Keras' ImageDataGenerator.
struct Augmentation {
  float rotation_degrees = 0; ///< turned by U(-r, r)
  float zoom = 0;             ///< height and width each scaled by a U(1 - z, 1 + z) of its own
  float shift = 0;            ///< moved by U(-s, s) of height and of width
  bool flip = false;          ///< mirrored left to right, one time in two

  friend bool operator==(const Augmentation&, const Augmentation&) = default;
};

/// Throws Error unless rotation is in [0, 180], zoom in [0, 1) and shift in [0, 1].
void check(const Augmentation& augmentation);

/// One variation's way from a pixel of the result back to a place in the picture (row and column from the centre):
///
///   (row, column) = R(angle) ((zoom_y y, zoom_x x) + (shift_y height, shift_x width)),  x mirrored first if flip
struct Variation {
  float degrees = 0;
  float zoom_y = 1, zoom_x = 1;
  float shift_y = 0, shift_x = 0;
  bool flip = false;
};

/// Draws a variation: always six draws, so that switching one kind off leaves the others as they were.
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
