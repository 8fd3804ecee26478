// SPDX-License-Identifier: Apache-2.0
#include "mien/emotion/shipped_model.hpp"

#include "mien/core/error.hpp"
#include "mien/nn/model_file.hpp"

#include "lib/io/embedded.hpp"

namespace mien {

#ifdef MIEN_WITH_MODEL
MIEN_EMBEDDED(shipped_model_file)
std::span<const std::byte> shipped_model() noexcept { return shipped_model_file(); }
#else
std::span<const std::byte> shipped_model() noexcept { return {}; }
#endif

Classifier shipped_classifier() {
  const auto bytes = shipped_model();
  if (bytes.empty())
    throw Error("this build of mien ships no model: build it with MIEN_WITH_MODEL=ON, or name the file of one");
  return Classifier(parse_model(bytes, "the shipped model"));
}

} // namespace mien
