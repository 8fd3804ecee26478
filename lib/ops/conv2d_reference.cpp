// SPDX-License-Identifier: Apache-2.0
// Convolution by its definition: for every shape, with any kernel set, slowly.
#define MIEN_REFERENCE_NAMESPACE reference_in_library

#include "lib/ops/conv2d_algorithms.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/reference/conv2d.hpp"
#include "mien/reference/relu.hpp"

namespace mien {
namespace {

namespace ref = reference_in_library;

Conv2dExtents one_picture(Conv2dExtents e) {
  e.n = 1;
  return e;
}

void forward(float* y, const float* x, const float* w, const float* b, bool relu, const Conv2dExtents& e, float*,
             int threads) {
  const auto one = one_picture(e);
  const auto y_size = e.p * e.q * e.k;
  parallel_for(threads, static_cast<int>(e.n), [&](int n, int) {
    ref::conv2d_forward(y + n * y_size, x + n * e.h * e.w * e.c, w, b, one);
    if (relu) ref::relu_forward(y + n * y_size, y + n * y_size, y_size);
  });
}

void backward_data(float* dx, const float* dy, const float* w, const Conv2dExtents& e, float*, int threads) {
  const auto one = one_picture(e);
  parallel_for(threads, static_cast<int>(e.n), [&](int n, int) {
    ref::conv2d_backward_data(dx + n * e.h * e.w * e.c, dy + n * e.p * e.q * e.k, w, one);
  });
}

void backward_filter(float* dw, float* db, const float* x, const float* dy, const Conv2dExtents& e, float*, int) {
  ref::conv2d_backward_filter(dw, x, dy, e);
  if (db != nullptr) ref::conv2d_backward_bias(db, dy, e);
}

} // namespace

Conv2dAlgorithm reference_conv2d() {
  return {.name = "reference",
          .refuses = [](const Conv2dExtents&, const KernelSet&) { return std::string_view(); },
          .scratch = [](const Conv2dExtents&) { return Scratch{}; },
          .forward = forward,
          .backward_data = backward_data,
          .backward_filter = backward_filter};
}

} // namespace mien
