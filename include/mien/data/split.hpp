// SPDX-License-Identifier: Apache-2.0
// Cutting validation pictures out of training data, once or in folds, and knowing data again.
#pragma once

#include "mien/data/dataset.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mien {

/// Indices on the two sides of a cut, each in rising order.
struct Holdout {
  std::vector<std::size_t> kept; ///< to train on
  std::vector<std::size_t> held; ///< to validate on
};

/// Holds out a fraction of every class, and never a picture whose exact copy is kept.
///
/// Copies go together whatever their labels are. Of a class with n pictures round(fraction n), as nearly as whole
/// groups of copies allow, are held, and at least one if the class has two groups. Draws depend on the seed alone.
/// Throws Error unless 0 < fraction < 1.
[[nodiscard]] Holdout holdout(const Dataset& data, double fraction, std::uint64_t seed);

/// Cuts data into k folds: result[f].held is fold f, result[f].kept all others.
///
/// Every picture is in exactly one fold, and never in another one than its exact copies, whatever their labels are.
/// Groups of copies are mixed class by class, then dealt, those with several labels and the largest first, each to the
/// fold that has fewest pictures of its classes, then fewest pictures. So in the folds a class's numbers of pictures,
/// and the numbers of all pictures, differ by 1 at most where there are no copies, and else by as few as whole groups
/// allow. Draws depend on the seed alone. Throws Error if k is below 2 or above the number of groups. Source of
/// stratified folds: Kohavi 1995.
[[nodiscard]] std::vector<Holdout> k_folds(const Dataset& data, int k, std::uint64_t seed);

/// Data cut in two.
struct Split {
  Dataset kept; ///< to train on
  Dataset held; ///< to validate on
};

/// Holds out a fraction of the pictures, never one whose exact copy is kept.
///
/// Pictures in memory are cut as holdout() says. Packed ones are cut without a list of them, in a bit a picture: one is
/// held if the number that its pixels' digest and the seed draw lies below the fraction. So each class is held in this
/// share only on average (n pictures within sqrt(n fraction), mostly), and whether a picture is held does not depend on
/// the others; but neither side is left empty. Throws Error unless 0 < fraction < 1, or if packed pictures are damaged.
[[nodiscard]] Split split(const Dataset& data, double fraction, std::uint64_t seed);
/// The same of data that are not needed otherwise: those that are kept stay in their memory.
[[nodiscard]] Split split(Dataset&& data, double fraction, std::uint64_t seed);

/// For every picture the index of the first picture with the same pixels: its own, if it is no copy.
[[nodiscard]] std::vector<std::size_t> first_copies(const Dataset& data);

/// A digest of classes, extents, labels, pixels and targets, in their order: 32 hex digits. Names do not count. That of
/// packed pictures stands in their file, and is not the one of the same pictures in memory.
[[nodiscard]] std::string data_fingerprint(const Dataset& data);

} // namespace mien
