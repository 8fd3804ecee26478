// SPDX-License-Identifier: Apache-2.0
// Generated faces and a small untrained model, made once for all tests of the program.
#pragma once

#include "mien/nn/classifier.hpp"

#include <filesystem>
#include <string>

namespace mien::test {

struct Fixture {
  std::filesystem::path folder; ///< removed when the tests end
  std::string faces;            ///< train/ and test/: three and one face of each class
  std::string model;            ///< model.safetensors of `classifier`
  Classifier classifier;
};

[[nodiscard]] const Fixture& fixture();

} // namespace mien::test
