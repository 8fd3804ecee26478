// SPDX-License-Identifier: Apache-2.0
// A page or a drawing that has to be well-formed, and what stands in it.
#pragma once

#include "tests/support/catch.hpp"

#include <pugixml.hpp>

#include <cstddef>
#include <string>

namespace mien::test {

struct Document {
  pugi::xml_document xml;
  explicit Document(const std::string& text) {
    const auto result = xml.load_string(text.c_str(), pugi::parse_full);
    INFO(result.description() << " at " << text.substr(std::size_t(result.offset), 80));
    REQUIRE(result);
  }
  [[nodiscard]] std::size_t count(const char* path) const { return xml.select_nodes(path).size(); }
  [[nodiscard]] std::string text(const char* path) const { return xml.select_node(path).node().child_value(); }
};

} // namespace mien::test
