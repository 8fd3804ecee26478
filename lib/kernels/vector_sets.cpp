// SPDX-License-Identifier: Apache-2.0
// Compiles the kernel texts once for each kind of processor and lists the results. Nothing else knows how Highway
// dispatches: where a compiler can make one kind only (a browser), there is one entry.

// What we ship: AVX-512, AVX2, NEON, WASM and plain C++.
#define HWY_DISABLED_TARGETS                                                                                           \
  (HWY_AVX3_DL | HWY_SSE4 | HWY_SSSE3 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV | HWY_PPC8)

#include "lib/kernels/vector_sets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lib/kernels/vector_sets.cpp"
#include <hwy/foreach_target.h>

#include "lib/kernels/average_pool-inl.hpp"
#include "lib/kernels/batch_norm-inl.hpp"
#include "lib/kernels/conv2d-inl.hpp"
#include "lib/kernels/dense-inl.hpp"
#include "lib/kernels/depthwise-inl.hpp"
#include "lib/kernels/depthwise_filter-inl.hpp"
#include "lib/kernels/dropout-inl.hpp"
#include "lib/kernels/elementwise-inl.hpp"
#include "lib/kernels/haar-inl.hpp"
#include "lib/kernels/max_pool-inl.hpp"
#include "lib/kernels/multiply_add-inl.hpp"
#include "lib/kernels/narrow-inl.hpp"
#include "lib/kernels/optimizer-inl.hpp"
#include "lib/kernels/silu-inl.hpp"
#include "lib/kernels/softmax-inl.hpp"
#include "lib/kernels/winograd_filter-inl.hpp"
#include "lib/kernels/winograd_gradient-inl.hpp"
#include "lib/kernels/winograd_input-inl.hpp"
#include "lib/kernels/winograd_output-inl.hpp"

// Outside of HWY_BEFORE_NAMESPACE, and so for any processor: these run before it is known which one this is, and even a
// list of pointers is stored with the widest vectors that the compiler may use.
namespace mien::HWY_NAMESPACE {
namespace {

bool supported() noexcept { return (hwy::SupportedTargets() & HWY_TARGET) != 0; }

} // namespace

KernelSet kernel_set(const char* name) {
  return {
      .name = name,
      .supported = supported,
      .lanes = lanes,
      .panel = panel,
      .conv_rows = conv_rows,
      .conv_filter_gradient = conv_filter_gradient,
      .conv_narrow_gradient = conv_narrow_gradient,
      .dense_forward = dense_forward,
      .dense_packed = dense_packed,
      .dense_backward_data = dense_backward_data,
      .dense_backward_kernel = dense_backward_kernel,
      .haar_tile = haar_tile,
      .depthwise_rows = depthwise_rows,
      .depthwise_gradient_rows = depthwise_gradient_rows,
      .depthwise_filter_gradient = depthwise_filter_gradient,
      .winograd_filter = winograd_filter,
      .winograd_filter_adjoint = winograd_filter_adjoint,
      .winograd_input = winograd_input,
      .winograd_input_adjoint = winograd_input_adjoint,
      .winograd_output = winograd_output,
      .winograd_output_adjoint = winograd_output_adjoint,
      .column_sums = column_sums,
      .max_pool_forward = max_pool_forward,
      .max_pool_backward = max_pool_backward,
      .relu_forward = relu_forward,
      .relu_backward = relu_backward,
      .dropout = dropout,
      .softmax = softmax,
      .softmax_cross_entropy = softmax_cross_entropy,
      .adam = adam,
      .column_moments = column_moments,
      .batch_norm_forward = batch_norm_forward,
      .batch_norm_sums = batch_norm_sums,
      .batch_norm_backward = batch_norm_backward,
      .average_pool_forward = average_pool_forward,
      .average_pool_backward = average_pool_backward,
      .sgd = sgd,
      .sum_of_squares = sum_of_squares,
      .moving_average = moving_average,
      .soft_cross_entropy = soft_cross_entropy,
      .add_forward = add_forward,
      .leaky_relu_forward = leaky_relu_forward,
      .leaky_relu_backward = leaky_relu_backward,
      .silu_forward = silu_forward,
      .silu_backward = silu_backward,
      .multiply_add_chains = multiply_add_chains,
  };
}

} // namespace mien::HWY_NAMESPACE

#if HWY_ONCE
namespace mien {

std::vector<KernelSet> vector_kernel_sets() {
  std::vector<KernelSet> sets;
#if HWY_TARGETS & HWY_AVX3
  sets.push_back(N_AVX3::kernel_set("avx512"));
#endif
#if HWY_TARGETS & HWY_AVX2
  sets.push_back(N_AVX2::kernel_set("avx2"));
#endif
#if HWY_TARGETS & HWY_NEON
  sets.push_back(N_NEON::kernel_set("neon"));
#endif
#if HWY_TARGETS & HWY_WASM
  sets.push_back(N_WASM::kernel_set("wasm"));
#endif
#if HWY_TARGETS & HWY_EMU128
  sets.push_back(N_EMU128::kernel_set("portable"));
#endif
#if HWY_TARGETS & HWY_SCALAR // what Highway takes in its place where GCC is older than 12.3
  sets.push_back(N_SCALAR::kernel_set("portable"));
#endif
  return sets;
}

} // namespace mien
#endif
