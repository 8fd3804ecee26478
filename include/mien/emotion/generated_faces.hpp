// SPDX-License-Identifier: Apache-2.0
// Drawn faces that carry the seven expressions: data to try everything on, with no one's picture in it.
#pragma once

#include "mien/data/dataset.hpp"
#include "mien/io/image.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>

namespace mien {

/// The smallest and the largest side, in pixels, of a generated face.
inline constexpr int smallest_face = 16;
inline constexpr int largest_face = 1024;

/// Draws one grey face, cropped as in FER2013: the face fills the picture.
///
/// `expression` is a place in `expression_names`. A seed and an index name a person: the seven expressions of one
/// index are seven photographs of one head, each with its own pose, light, background and noise. The bytes depend
/// on the four arguments alone and are the same on every machine. A larger size is the same drawing, sharper.
/// Throws Error if the expression does not exist or the size is outside [smallest_face, largest_face].
[[nodiscard]] Image draw_face(std::size_t expression, std::uint64_t seed, std::uint32_t index, int size = 48);

/// Test faces are drawn from this index on, so that no test face is ever a training face of the same seed.
inline constexpr std::uint32_t first_test_index = 1u << 31;

/// The same faces as generate_faces() writes, in memory: `per_class` of each expression, one expression after the
/// other, with the indices `first_index`, `first_index + 1`, ... Throws Error as draw_face does, or for no face at all.
[[nodiscard]] Dataset generated_dataset(int per_class, std::uint64_t seed = 1, int size = 48,
                                        std::uint32_t first_index = 0);

/// What generate_faces() writes.
struct GeneratedOptions {
  int per_class = 200; ///< training faces of each expression; a fifth as many, and at least one, are added for the test
  std::uint64_t seed = 1; ///< another seed, other people
  int size = 48;          ///< pixels a side
  bool force = false;     ///< write into a folder that holds something; files of the same names are replaced
};

/// Called after each picture with how many are written and how many there will be.
using GeneratedProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Writes `folder`/train/<expression>/NNNNN.png and `folder`/test/<expression>/NNNNN.png.
///
/// Throws Error if the options are out of range, if the folder exists, holds something and `force` is not set, or
/// if a file cannot be written.
void generate_faces(const std::filesystem::path& folder, const GeneratedOptions& options = {},
                    const GeneratedProgress& progress = {});

} // namespace mien
