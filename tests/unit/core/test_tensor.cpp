// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/core/tensor.hpp"
#include "tests/support/catch.hpp"

#include <cmath>
#include <limits>

using namespace mien;

TEST_CASE("tensor: zero when made, aligned, and a value") {
  Tensor a(Shape{3, 5});
  CHECK(reinterpret_cast<std::uintptr_t>(a.bytes().data()) % 64 == 0);
  for (const float x : a.view<float>()) CHECK(x == 0.0f);
  a.view<float>()[7] = 2.5f;

  Tensor b = a; // a deep copy
  CHECK(b == a);
  b.view<float>()[7] = 1.0f;
  CHECK(a.view<float>()[7] == 2.5f);
  CHECK(b != a);

  b = a;
  CHECK(b == a);
  const Tensor c = std::move(b);
  CHECK(c == a);
}

TEST_CASE("tensor: asked for the wrong type it says both") {
  Tensor a(Shape{2}, DType::u8);
  CHECK_THROWS_WITH(a.view<float>(), "tensor: f32 elements asked of a u8 tensor (2)");
  CHECK_THROWS_AS(converted(a, DType::f32), Error);
}

TEST_CASE("tensor: a view can be seen under another shape of the same size") {
  Tensor a(Shape{2, 6});
  CHECK(a.view<float>().reshaped(Shape{3, 4}).data() == a.view<float>().data());
  CHECK_THROWS_WITH(a.view<float>().reshaped(Shape{5}), "tensor: 2x6 has 12 elements, it cannot be seen as 5 with 5");
}

TEST_CASE("bf16: rounds to nearest even and keeps infinities and NaN") {
  CHECK(float(bf16(1.0f)) == 1.0f);
  CHECK(float(bf16(1.0f + 0x1p-8f)) == 1.0f);           // a tie goes to the even neighbour below
  CHECK(float(bf16(1.0f + 0x3p-8f)) == 1.0f + 0x1p-6f); // and here to the one above
  CHECK(float(bf16(-3.14159f)) == -3.140625f);
  CHECK(std::isinf(float(bf16(std::numeric_limits<float>::infinity()))));
  CHECK(std::isinf(float(bf16(std::numeric_limits<float>::max()))));
  CHECK(std::isnan(float(bf16(std::numeric_limits<float>::quiet_NaN()))));

  Tensor a(Shape{2});
  a.view<float>()[0] = 0.1f;
  const Tensor narrow = converted(a, DType::bf16);
  CHECK(narrow.dtype() == DType::bf16);
  CHECK(converted(narrow, DType::f32).view<float>()[0] == Approx(0.1f).epsilon(0.004));
}
