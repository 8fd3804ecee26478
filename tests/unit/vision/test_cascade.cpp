// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/vision/cascade.hpp"
#include "tests/support/cascades.hpp"
#include "tests/support/catch.hpp"

using namespace mien;

namespace {

/// haar_xml with its first `from` turned into `to`.
std::string changed(std::string_view from, std::string_view to) {
  auto xml = test::haar_xml;
  const auto at = xml.find(from);
  REQUIRE(at != std::string::npos);
  return xml.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("cascade: a Haar cascade is read as it is written") {
  const auto cascade = parse_cascade(test::haar_xml, "small");
  CHECK(cascade.kind == Cascade::Kind::haar);
  CHECK(cascade.width == 12);
  CHECK(cascade.height == 10);
  CHECK(cascade.stages == std::vector<CascadeStage>{{-0.125f - 1e-5f, 0, 1}, {0.0f - 1e-5f, 1, 1}});
  CHECK(cascade.trees == std::vector<CascadeTree>{{0, 1, 0}, {1, 2, 2}});
  CHECK(cascade.nodes ==
        std::vector<CascadeNode>{{0, 4.5e-3f, {}, 0, -1}, {0, -2.5e-3f, {}, 1, 0}, {1, 3.0f, {}, -1, -2}});
  CHECK(cascade.leaves == std::vector<float>{-1, 1, -0.5f, 0.25f, 0.75f});
  REQUIRE(cascade.haar_features.size() == 2);
  CHECK(cascade.haar_features[0] == HaarFeature{{{{1, 2, 8, 4, -1}, {1, 4, 8, 2, 2}, {}}}, false});
  CHECK(cascade.haar_features[1] == HaarFeature{{{{6, 1, 3, 4, -1}, {6, 1, 3, 2, 2}, {}}}, true});
}

TEST_CASE("cascade: an LBP cascade is read as it is written") {
  const auto cascade = parse_cascade(test::lbp_xml, "small");
  CHECK(cascade.kind == Cascade::Kind::lbp);
  CHECK(cascade.lbp_features == std::vector<LbpFeature>{{1, 2, 2, 2}});
  REQUIRE(cascade.nodes.size() == 1);
  CHECK(cascade.nodes[0].subset[0] == static_cast<std::uint32_t>(-67130709));
  CHECK(cascade.nodes[0].subset[7] == static_cast<std::uint32_t>(-24005));
}

TEST_CASE("cascade: numbers are rounded to single precision from double, as OpenCV does") {
  // The text lies just above the middle between 1 and the next float; double loses the excess, and even wins.
  const auto cascade = parse_cascade(changed("4.5e-03", "1.000000059604644775390625001"), "small");
  CHECK(cascade.nodes[0].threshold == 1.0f);
}

TEST_CASE("cascade: what cannot be evaluated is refused with the reason") {
  const auto refuses = [](const std::string& xml, const std::string& reason) {
    CHECK_THROWS_WITH(parse_cascade(xml, "bad.xml"), Catch::StartsWith("bad.xml: ") && Catch::Contains(reason));
  };
  refuses("", "is no XML");
  refuses("<a/>", "expected OpenCV's cascade XML");
  refuses(test::haar_xml.substr(0, 700), "is no XML");
  refuses(changed("BOOST", "TREE"), "only BOOST");
  refuses(changed("HAAR", "HOG"), "only HAAR and LBP");
  refuses(changed("<width>12</width>", ""), "has no <width>");
  refuses(changed(">12<", ">2<"), "instead of 3x3 to 256x256");
  refuses(changed(">12<", ">257<"), "instead of 3x3 to 256x256");
  refuses(changed(">12<", ">1e2<"), "expected a whole number");
  refuses(changed(">12<", ">99999999999<"), "expected a whole number");
  refuses(changed("<maxCatCount>0", "<maxCatCount>256"), "expected <maxCatCount> 0, found 256");
  refuses(changed("-1.25e-01", "nan"), "a finite number");
  refuses(changed("-1.25e-01", "1e39"), "a finite number");
  refuses(changed("-1.25e-01", "1e999"), "expected a number");
  refuses(changed("-1.25e-01", "1 2"), "expected nothing more");
  refuses(changed("0 -1 0 4.5e-03", "0 -1 0"), "found its end");
  refuses(changed("0 -1 0 4.5e-03", ""), "has no node");
  refuses(changed("0 -1 0 4.5e-03", "0 -1 2 4.5e-03"), "asks for feature 2 of 2");
  refuses(changed("0 -1 0 4.5e-03", "0 -1 -1 4.5e-03"), "asks for feature -1 of 2");
  refuses(changed("0 -1 0 4.5e-03", "0 -2 0 4.5e-03"), "goes on at -2");
  refuses(changed("0 -1 0 4.5e-03", "0 1 0 4.5e-03"), "goes on at 1");
  refuses(changed("-1 -2 1 3.", "1 -2 1 3."), "goes on at 1"); // a question that leads to itself
  refuses(changed("-1. 1.<", "-1.<"), "other than one leaf more");
  refuses(changed("0.25 0.75<", "0.25<"), "ends before its last");
  refuses(changed("0.25 0.75<", "0.25 0.75 1<"), "belong to no tree");
  refuses(changed("1 2 8 4 -1.", "5 2 8 4 -1."), "feature 0 reaches out of the window");
  refuses(changed("1 2 8 4 -1.", "1 2 8 9 -1."), "feature 0 reaches out of the window");
  refuses(changed("1 2 8 4 -1.", "-1 2 8 4 -1."), "feature 0 reaches out of the window");
  refuses(changed("1 2 8 4 -1.", "1 2 8 -4 -1."), "feature 0 reaches out of the window");
  refuses(changed("1 2 8 4 -1.", "1 2 8 4 1e7"), "has a weight");
  refuses(changed("6 1 3 4 -1.", "3 1 3 4 -1."), "feature 1 reaches out of the window");
  refuses(changed("6 1 3 4 -1.", "6 4 3 4 -1."), "feature 1 reaches out of the window");
  refuses(changed("<_>1 2 8 4 -1.</_>", "<_>1 2 8 4 -1.</_><_>0 0 1 1 1.</_><_>0 0 1 1 1.</_>"), "more than three");
  refuses(std::string((8 << 20) + 1, ' '), "is larger than 8 MB");
}

TEST_CASE("cascade: every file of opencv-data loads, but for the one in the old format") {
  std::size_t read = 0;
  for (const auto& path : test::opencv_cascades()) {
    INFO(path);
    if (path.filename() == "haarcascade_licence_plate_rus_16stages.xml") {
      CHECK_THROWS_WITH(read_cascade(path), Catch::Contains("is in OpenCV 1's format"));
      continue;
    }
    const auto cascade = read_cascade(path);
    ++read;
    CHECK(cascade.stages.size() >= 16);
    CHECK(cascade.trees.size() >= cascade.stages.size());
    CHECK((cascade.haar_features.empty() != cascade.lbp_features.empty()));
  }
  CHECK((read == 0 || read >= 21));
}

TEST_CASE("cascade: a file that is not there is named") {
  CHECK_THROWS_WITH(read_cascade("no/such/cascade.xml"), Catch::Contains("no/such/cascade.xml"));
}
