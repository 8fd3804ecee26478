// SPDX-License-Identifier: Apache-2.0
// What make_fixtures.py wrote.
#pragma once

#include "mien/io/safetensors.hpp"
#include "mien/nn/model.hpp"
#include "tests/support/catch.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace mien::test {

class Fixture {
public:
  /// Tests run in the repository's root.
  explicit Fixture(const std::string& name) : file_(read_safetensors("tests/golden/" + name + ".safetensors")) {}

  template <class T = float> [[nodiscard]] std::span<const T> operator[](const std::string& name) const {
    INFO("tensor " << name);
    REQUIRE(file_.find(name) != nullptr);
    return file_.find(name)->view<T>().span();
  }

  /// The same in double, as expected values are compared.
  [[nodiscard]] std::vector<double> expected(const std::string& name) const {
    const auto values = (*this)[name];
    return {values.begin(), values.end()};
  }

  /// The model with these layers and the fixture's parameters.
  [[nodiscard]] Model model(const Shape& input, const std::vector<LayerSpec>& layers) const {
    Model model(input, layers);
    for (Parameter& parameter : model.parameters()) {
      REQUIRE(file_.find(parameter.name) != nullptr);
      REQUIRE(file_.find(parameter.name)->shape() == parameter.value.shape());
      parameter.value = *file_.find(parameter.name);
    }
    return model;
  }

private:
  Safetensors file_;
};

} // namespace mien::test
