// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/cascade_table.hpp"
#include "mien/core/error.hpp"
#include "mien/vision/cascade.hpp"
#include "tests/support/cascades.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pictures.hpp"

#include <string>

using namespace mien;

TEST_CASE("named cascades: each is found by its name, with OpenCV's prefix or without") {
  CHECK(cascade_names().size() == 5);
  for (const auto name : cascade_names()) {
    INFO(name);
    CHECK(named_cascade(name).stages.size() >= 20);
    CHECK(named_cascade("haarcascade_" + std::string(name)) == named_cascade(name));
  }
}

TEST_CASE("named cascades: an unknown name is told the choices") {
  CHECK_THROWS_WITH(named_cascade("face"), Catch::Contains("`face`") && Catch::Contains("eye, eye_tree_eyeglasses") &&
                                               Catch::Contains("frontalface_default, profileface"));
}

TEST_CASE("named cascades: the tables hold what OpenCV's files hold") {
  const auto data = test::opencv_data();
  if (data.empty()) return;
  for (const auto name : cascade_names()) {
    INFO(name);
    const auto file = data / "haarcascades" / ("haarcascade_" + std::string(name) + ".xml");
    CHECK(named_cascade(name) == read_cascade(file));
  }
}

TEST_CASE("cascade table: an LBP cascade, and what is refused") {
  const auto u32 = [](std::uint32_t n) {
    return std::string{static_cast<char>(n), static_cast<char>(n >> 8), static_cast<char>(n >> 16),
                       static_cast<char>(n >> 24)};
  };
  std::string table = "miencas1" + u32(1) + u32(9) + u32(9) + u32(1) + u32(1) + u32(1) + u32(1); // sizes
  table += u32(0x3f000000) + u32(1) + '\1';                                                      // 0.5; one tree
  table += std::string{0, -1, 0, 0};                                                             // the node
  for (const int bits : {-67130709, -21569, -1426120013, -1275125205, -21585, -16385, 587145899, -24005})
    table += u32(static_cast<std::uint32_t>(bits));
  table += u32(0xbf200000) + u32(0x3f400000) + "\1\2\2\2"; // leaves -0.625, 0.75; the feature
  CHECK(parse_cascade_table(test::bytes_of(table), "t") == parse_cascade(test::lbp_xml, "x"));

  const auto refuses = [](const std::string& bytes, const std::string& reason) {
    CHECK_THROWS_WITH(parse_cascade_table(test::bytes_of(bytes), "t"),
                      Catch::StartsWith("t: ") && Catch::Contains(reason));
  };
  for (std::size_t size = 0; size < table.size(); ++size) {
    CHECK_THROWS_AS(parse_cascade_table(test::bytes_of(table.substr(0, size)), "t"), Error);
  }
  refuses(table + "x", "goes on after its end");
  refuses("miencas2" + table.substr(8), "begins with other bytes");
  const auto with = [&](std::size_t at, char value) {
    auto copy = table;
    copy[at] = value;
    return copy;
  };
  refuses(with(8, 2), "of a kind");
  refuses(with(12, 2), "instead of 3x3");
  refuses(with(23, 1), "counts more records");
  refuses(with(40, 2), "more trees in its stages");
  refuses(with(40, 0), "has no tree");
  refuses(with(44, 2), "ends before its last node");
  refuses(with(47, 1), "asks for feature 1 of 1");
  refuses(with(table.size() - 1, 3), "reaches out of the window");
}
