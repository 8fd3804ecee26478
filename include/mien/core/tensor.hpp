// SPDX-License-Identifier: Apache-2.0
// An array with a shape: owned (Tensor) or looked at (View).
#pragma once

#include "mien/core/dtype.hpp"
#include "mien/core/shape.hpp"

#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <vector>

namespace mien {

/// Hands out memory that begins on a 64-byte boundary: a cache line, and the widest vector there is.
template <class T> struct AlignedAllocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};

  AlignedAllocator() = default;
  template <class U> AlignedAllocator(const AlignedAllocator<U>&) noexcept {}
  [[nodiscard]] T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), alignment)); }
  void deallocate(T* p, std::size_t) noexcept { ::operator delete(p, alignment); }
  template <class U> bool operator==(const AlignedAllocator<U>&) const noexcept { return true; }
};

/// That T is `const U`.
template <class U, class T>
concept WritableAs = std::same_as<const U, T>;

/// A shaped look at memory that somebody else owns; as cheap to copy as a pointer.
template <class T> class View {
public:
  View() = default;
  View(T* data, Shape shape) noexcept : data_(data), shape_(shape) {}
  /// A view to write through is also one to read through.
  template <WritableAs<T> U> View(const View<U>& other) noexcept : data_(other.data()), shape_(other.shape()) {}

  [[nodiscard]] T* data() const noexcept { return data_; }
  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(shape_.size()); }
  [[nodiscard]] std::span<T> span() const noexcept { return {data_, size()}; }
  [[nodiscard]] T& operator[](std::size_t i) const noexcept { return data_[i]; }
  [[nodiscard]] T* begin() const noexcept { return data_; }
  [[nodiscard]] T* end() const noexcept { return data_ + size(); }

  /// The same memory under another shape. Throws Error if it has another number of elements.
  [[nodiscard]] View reshaped(const Shape& shape) const;

private:
  T* data_ = nullptr;
  Shape shape_{0};
};

/// An array with a shape and an element type, zero when made; copies are deep.
///
/// The innermost extent is contiguous (activations are NHWC); the buffer is 64-byte aligned.
class Tensor {
public:
  Tensor() : Tensor(Shape{0}) {}
  explicit Tensor(const Shape& shape, DType dtype = DType::f32);

  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] DType dtype() const noexcept { return dtype_; }
  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(shape_.size()); }
  [[nodiscard]] std::span<std::byte> bytes() noexcept { return bytes_; }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }

  /// The elements as `T`. Throws Error if the tensor holds another type.
  template <Element T> [[nodiscard]] View<T> view() {
    expect(dtype_of<T>);
    return {reinterpret_cast<T*>(bytes_.data()), shape_};
  }
  template <Element T> [[nodiscard]] View<const T> view() const {
    expect(dtype_of<T>);
    return {reinterpret_cast<const T*>(bytes_.data()), shape_};
  }

  /// A float tensor is accepted wherever an operation takes a view of floats.
  operator View<float>() { return view<float>(); }
  operator View<const float>() const { return view<float>(); }

  friend bool operator==(const Tensor&, const Tensor&) = default;

private:
  void expect(DType wanted) const;

  Shape shape_;
  DType dtype_;
  std::vector<std::byte, AlignedAllocator<std::byte>> bytes_;
};

/// A float tensor's elements rounded to bf16 and widened again, or the other way: see DType.
/// Throws Error unless both types are floating ones.
[[nodiscard]] Tensor converted(const Tensor& tensor, DType dtype);

[[noreturn]] void throw_reshape_error(const Shape& from, const Shape& to);

template <class T> View<T> View<T>::reshaped(const Shape& shape) const {
  if (shape.size() != shape_.size()) throw_reshape_error(shape_, shape);
  return {data_, shape};
}

} // namespace mien
