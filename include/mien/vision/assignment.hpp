// SPDX-License-Identifier: Apache-2.0
// Who belongs to whom: pairs that cost the least together.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace mien {

/// For every row the column it is paired with, each at most once, so that the sum of their costs is the least there is.
///
///   costs: rows x columns, row by row; if there are more rows than columns, some get none: -1
///
/// Takes time in the order of rows x rows x columns, with the smaller number as rows. Equal sums are decided in the
/// same way every time. Throws Error if there are not rows x columns costs, or one of them is not finite.
/// Source: Kuhn 1955, "The Hungarian method"; by shortest augmenting paths as in Jonker and Volgenant 1987.
[[nodiscard]] std::vector<int> assignment(std::span<const double> costs, std::size_t rows, std::size_t columns);

} // namespace mien
