// SPDX-License-Identifier: Apache-2.0
#include "mien/core/tensor.hpp"

#include "mien/core/error.hpp"

#include <algorithm>

namespace mien {

Tensor::Tensor(const Shape& shape, DType dtype)
    : shape_(shape), dtype_(dtype), bytes_(static_cast<std::size_t>(shape.size()) * size_of(dtype)) {}

void Tensor::expect(DType wanted) const {
  if (dtype_ != wanted) {
    throw Error(
        concat("tensor: ", name_of(wanted), " elements asked of a ", name_of(dtype_), " tensor (", shape_, ")"));
  }
}

Tensor converted(const Tensor& tensor, DType dtype) {
  if (tensor.dtype() == dtype) return tensor;
  Tensor result(tensor.shape(), dtype);
  if (tensor.dtype() == DType::f32 && dtype == DType::bf16) {
    std::ranges::transform(tensor.view<float>().span(), result.view<bf16>().begin(), [](float x) { return bf16(x); });
  } else if (tensor.dtype() == DType::bf16 && dtype == DType::f32) {
    std::ranges::transform(tensor.view<bf16>().span(), result.view<float>().begin(), [](bf16 x) { return float(x); });
  } else {
    throw Error(concat("tensor: no conversion from ", name_of(tensor.dtype()), " to ", name_of(dtype)));
  }
  return result;
}

void throw_reshape_error(const Shape& from, const Shape& to) {
  throw Error(
      concat("tensor: ", from, " has ", from.size(), " elements, it cannot be seen as ", to, " with ", to.size()));
}

} // namespace mien
