// SPDX-License-Identifier: Apache-2.0
// The reference as a kernel set, under names that no other program's copy of the templates can share.
#define MIEN_REFERENCE_NAMESPACE reference_in_library

#include "lib/kernels/vector_sets.hpp"
#include "mien/reference/adam.hpp"
#include "mien/reference/add.hpp"
#include "mien/reference/average_pool2d.hpp"
#include "mien/reference/batch_norm.hpp"
#include "mien/reference/leaky_relu.hpp"
#include "mien/reference/max_pool2d.hpp"
#include "mien/reference/moving_average.hpp"
#include "mien/reference/relu.hpp"
#include "mien/reference/sgd.hpp"
#include "mien/reference/silu.hpp"
#include "mien/reference/softmax.hpp"
#include "mien/reference/sum_of_squares.hpp"

namespace mien {
namespace {

namespace ref = reference_in_library;

bool supported() noexcept { return true; }

void column_sums(float* sums, const float* x, std::int64_t rows, std::int64_t k, std::int64_t k0,
                 std::int64_t k1) noexcept {
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t i = k0; i < k1; ++i) sums[i] += x[row * k + i];
  }
}

void dropout(float* y, const float* x, std::int64_t n, const DropoutDraw& draw) noexcept {
  PhiloxCounter counter = draw.counter;
  for (std::int64_t i = 0; i < n; i += 4, ++counter[0]) {
    const PhiloxCounter words = philox4x32(counter, draw.key);
    for (std::int64_t j = 0; j < 4 && i + j < n; ++j) {
      y[i + j] = words[static_cast<std::size_t>(j)] >> 8 >= draw.threshold ? x[i + j] * draw.scale : 0.0f;
    }
  }
}

} // namespace

KernelSet reference_kernel_set() {
  return {
      .name = "reference",
      .supported = supported,
      .lanes = 1,
      .panel = 1,
      .conv_rows = nullptr,
      .conv_filter_gradient = nullptr,
      .conv_narrow_gradient = nullptr,
      .dense_forward = nullptr,
      .dense_packed = nullptr,
      .dense_backward_data = nullptr,
      .dense_backward_kernel = nullptr,
      .haar_tile = nullptr,
      .depthwise_rows = nullptr,
      .depthwise_gradient_rows = nullptr,
      .depthwise_filter_gradient = nullptr,
      .winograd_filter = nullptr,
      .winograd_filter_adjoint = nullptr,
      .winograd_input = nullptr,
      .winograd_input_adjoint = nullptr,
      .winograd_output = nullptr,
      .winograd_output_adjoint = nullptr,
      .column_sums = column_sums,
      .max_pool_forward = ref::max_pool2d_forward<float>,
      .max_pool_backward = ref::max_pool2d_backward<float>,
      .relu_forward = ref::relu_forward<float>,
      .relu_backward = ref::relu_backward<float>,
      .dropout = dropout,
      .softmax = ref::softmax_forward<float>,
      .softmax_cross_entropy = ref::softmax_cross_entropy<float>,
      .adam = ref::adam<float>,
      .column_moments = ref::column_moments<float>,
      .batch_norm_forward = ref::batch_norm_forward<float>,
      .batch_norm_sums = ref::batch_norm_sums<float>,
      .batch_norm_backward = ref::batch_norm_backward<float>,
      .average_pool_forward = ref::average_pool2d_forward<float>,
      .average_pool_backward = ref::average_pool2d_backward<float>,
      .sgd = ref::sgd<float>,
      .sum_of_squares = ref::sum_of_squares<float>,
      .moving_average = ref::moving_average<float>,
      .soft_cross_entropy = ref::soft_cross_entropy<float>,
      .add_forward = ref::add_forward<float>,
      .leaky_relu_forward = ref::leaky_relu_forward<float>,
      .leaky_relu_backward = ref::leaky_relu_backward<float>,
      .silu_forward = ref::silu_forward<float>,
      .silu_backward = ref::silu_backward<float>,
      .multiply_add_chains = nullptr,
  };
}

} // namespace mien
