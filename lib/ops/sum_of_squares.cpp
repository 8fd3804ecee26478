// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/sum_of_squares.hpp"

#include "lib/ops/pieces.hpp"
#include "mien/core/error.hpp"
#include "mien/kernels.hpp"

#include <numeric>

namespace mien {

std::int64_t sum_of_squares_parts(std::int64_t count) noexcept {
  return (count + elements_a_piece - 1) / elements_a_piece;
}

double sum_of_squares(View<const float> x, std::span<double> parts, int threads) {
  const auto needed = static_cast<std::size_t>(sum_of_squares_parts(x.shape().size()));
  if (parts.size() < needed)
    throw Error(concat("sum_of_squares: room for ", parts.size(), " parts given, x ", x.shape(), " needs ", needed));
  in_pieces(x.shape().size(), elements_a_piece, threads, [&](std::int64_t begin, std::int64_t end) {
    parts[static_cast<std::size_t>(begin / elements_a_piece)] = kernels().sum_of_squares(x.data() + begin, end - begin);
  });
  return std::accumulate(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(needed), 0.0);
}

} // namespace mien
