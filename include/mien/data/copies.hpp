// SPDX-License-Identifier: Apache-2.0
// Pictures that are there more than once: the same bytes, or nearly the same picture.
#pragma once

#include "mien/data/dataset.hpp"

#include <cstddef>
#include <vector>

namespace mien {

/// Groups of copies among training and test pictures. Picture i is the training picture i, or the test picture
/// i - (number of training pictures).
struct Copies {
  std::vector<std::vector<std::size_t>> groups{}; ///< two or more pictures each, rising; by their first pictures
  std::size_t within_train = 0;                   ///< training pictures that are not the first of their group there
  std::size_t within_test = 0;                    ///< the same of test pictures
  std::size_t across = 0;                         ///< test pictures of a group that has a training picture: these leak
  std::size_t contradictions = 0;                 ///< groups whose pictures have different labels, by name
};

/// More pictures than this are not compared with one another: their pairs would take minutes.
inline constexpr std::size_t most_compared = 150'000;

/// Exact copies: equal bytes. Both data have pictures of one size, or none at all. Throws Error if not.
[[nodiscard]] Copies exact_copies(const Dataset& train, const Dataset& test);

/// Pictures that are nearly the same, as after storing with loss, a change of light, or a shift of about a pixel; of
/// exact copies only the first takes part.
///
/// Two are, if of their 64 gradients (pictures brought to 9 x 8 means: is each mean brighter than its right neighbour?)
/// at most 10 differ, and if the pixels' correlation is at least 0.95. Groups are what such pairs connect. What is
/// mirrored, turned, or cut otherwise is not found. Throws Error as exact_copies() does, and above most_compared.
/// Source of the gradients: Krawetz 2013, "Kind of like that" (dHash).
[[nodiscard]] Copies near_copies(const Dataset& train, const Dataset& test, int threads = 1);

/// The data with one picture of each group of exact copies, the first. Its label stays, right or wrong.
[[nodiscard]] Dataset without_copies(const Dataset& data);

/// The data without the groups of exact copies whose labels differ: none of their pictures is left.
[[nodiscard]] Dataset without_contradictions(const Dataset& data);

} // namespace mien
