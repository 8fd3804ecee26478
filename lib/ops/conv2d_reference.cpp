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

void forward(const Conv2dForward& pass, const Conv2dExtents& e, float*, int threads) {
  const auto one = one_picture(e);
  const auto y_size = e.p * e.q * e.k;
  parallel_for(threads, static_cast<int>(e.n), [&](int n, int) {
    float* y = pass.y + n * y_size;
    ref::conv2d_forward(y, pass.x + n * e.h * e.w * e.c, pass.packed, pass.after.b, one);
    if (pass.after.relu) ref::relu_forward(y, y, y_size);
  });
}

void backward(const Conv2dBackward& pass, const Conv2dExtents& e, float*, int threads) {
  if (pass.dw != nullptr) ref::conv2d_backward_filter(pass.dw, pass.x, pass.dy, e);
  if (pass.dw != nullptr && pass.db != nullptr) ref::conv2d_backward_bias(pass.db, pass.dy, e);
  if (pass.dx == nullptr) return;
  const auto one = one_picture(e);
  parallel_for(threads, static_cast<int>(e.n), [&](int n, int) {
    ref::conv2d_backward_data(pass.dx + n * e.h * e.w * e.c, pass.dy + n * e.p * e.q * e.k, pass.w, one);
  });
}

} // namespace

Conv2dAlgorithm reference_conv2d() {
  return {.name = "reference",
          .refuses = [](const Conv2dExtents&, const KernelSet&) { return std::string_view(); },
          .scratch = [](const Conv2dExtents&, bool) { return Scratch{}; },
          .packed = [](const Conv2dExtents&) { return std::size_t{0}; },
          .pack = nullptr,
          .forward = forward,
          .backward = backward};
}

} // namespace mien
