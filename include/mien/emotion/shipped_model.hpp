// SPDX-License-Identifier: Apache-2.0
// The model that is compiled in, so that nothing but a picture is needed; data/models/README.md is its card.
#pragma once

#include "mien/nn/classifier.hpp"

#include <cstddef>
#include <span>

namespace mien {

/// The bytes of its file; none if the library was built with MIEN_WITH_MODEL=OFF.
[[nodiscard]] std::span<const std::byte> shipped_model() noexcept;

/// The model, read and checked as load_model does. Throws Error, with what to do, if the library was built without it.
[[nodiscard]] Classifier shipped_classifier();

} // namespace mien
