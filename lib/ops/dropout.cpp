// SPDX-License-Identifier: Apache-2.0
#include "mien/ops/dropout.hpp"

#include "mien/core/error.hpp"
#include "mien/kernels.hpp"
#include "mien/ops/parallel.hpp"

#include <cmath>

namespace mien {

void dropout(View<float> y, View<const float> x, float rate, const DropoutStream& stream, int threads) {
  if (y.shape() != x.shape() || x.shape().rank() == 0) {
    throw Error(concat("dropout: y is ", y.shape(), ", x is ", x.shape(), "; they must agree"));
  }
  if (!(rate >= 0 && rate < 1)) throw Error(concat("dropout: the rate is ", rate, ", it must be in [0, 1)"));
  const auto pictures = x.shape()[0];
  if (static_cast<std::int64_t>(stream.samples.size()) < pictures) {
    throw Error(concat("dropout: ", stream.samples.size(), " sample numbers given for ", pictures, " pictures"));
  }
  const auto size = x.shape().unbatched().size();
  // u >= rate for u = m / 2^24 means m >= rate * 2^24: exact, for a float times a power of two is.
  const auto threshold = static_cast<std::uint32_t>(std::ceil(static_cast<double>(rate) * 0x1p24));
  parallel_for(threads, static_cast<int>(pictures), [&](int n, int) {
    const Rng rng = stream.of(static_cast<std::size_t>(n));
    kernels().dropout(y.data() + n * size, x.data() + n * size, size,
                      {.key = rng.key(), .counter = rng.counter(), .threshold = threshold, .scale = 1 / (1 - rate)});
  });
}

} // namespace mien
