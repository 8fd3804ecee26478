// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/tiny_model.hpp"
#include "tests/support/xml_document.hpp"
#include "tests/unit/train/sample_report.hpp"

#include <limits>
#include <set>

using namespace mien;
using Catch::Contains;
using mien::test::Document;

namespace {

/// Everything that a page might make a browser fetch.
std::vector<std::string> resources(const Document& page) {
  std::vector<std::string> found;
  for (const auto* path : {"//@src", "//@href", "//@srcset", "//@data", "//@poster", "//@action"})
    for (const auto& node : page.xml.select_nodes(path)) found.emplace_back(node.attribute().value());
  return found;
}

} // namespace

TEST_CASE("report: the page is well-formed, complete and in order") {
  const auto content = test::sample_report();
  const auto html = report_html(content);
  CHECK(html == report_html(content));
  const Document page(html);
  CHECK(page.text("/html/head/title") == content.title);
  CHECK(page.count("//h1") == 1);
  CHECK(page.count("//section") == 10);
  CHECK(page.count("//nav//a") == 10);
  CHECK(page.count("//section/h2") == 10);
  CHECK(page.count("//svg[@role='img']/title") == 4);
  CHECK(page.count("//svg//circle") == 24 * 6);
  CHECK(page.count("//table[@class='heat']/tbody/tr/td") == 49);
  CHECK(page.count("//section[@id='classes']//span[@class='bar']") == 21);
  CHECK(page.count("//figure[@class='face']") == 12);
  CHECK(page.count("//section[@id='options']//dd") == content.options.size());
  CHECK(page.count("//div[@class='note']") == 2);
  CHECK_THAT(html, Contains("The best on validation came after epoch 23"));
  CHECK_THAT(html, Contains("Do not share it without the consent"));
}

TEST_CASE("report: whoever cannot see it is told what is there") {
  const Document page(report_html(test::sample_report()));
  CHECK(page.count("//img") == 13);
  CHECK(page.count("//img[string-length(@alt) > 5]") == 13);
  CHECK(page.count("//th[not(@scope)]") == 0);
  CHECK(page.count("//div[@tabindex='0'][not(@aria-label)]") == 0);
  CHECK(page.count("/html[@lang='en']") == 1);
  std::set<std::string> ids;
  for (const auto& node : page.xml.select_nodes("//@id")) CHECK(ids.insert(node.attribute().value()).second);
  for (const auto& node : page.xml.select_nodes("//nav//a/@href"))
    CHECK(ids.contains(std::string(node.attribute().value()).substr(1)));
}

TEST_CASE("report: nothing is loaded and no script runs") {
  const auto html = report_html(test::sample_report());
  const Document page(html);
  for (const auto& resource : resources(page))
    CHECK((resource.starts_with("data:image/png;base64,") || resource.starts_with("#")));
  CHECK(page.count("//script | //link | //iframe | //object | //embed") == 0);
  CHECK_THAT(html, !Contains("url(") && !Contains("@import") && !Contains("javascript:"));
}

TEST_CASE("report: no name breaks out of its place") {
  auto content = test::sample_report(test::hostile);
  content.title = test::hostile[3];
  for (auto* values : {&content.options, &content.provenance}) values->emplace_back(test::hostile[0], test::hostile[1]);
  content.layers[0].name = content.layers[0].type = content.layers[0].output = test::hostile[0];
  content.troubles[0] = {test::hostile[0], test::hostile[1], test::hostile[3]};
  content.mistakes[0].name = test::hostile[1];
  const auto html = report_html(content);
  const Document page(html);
  CHECK(page.text("/html/head/title") == test::hostile[3]);
  CHECK(page.count("//script") == 0);
  CHECK(page.count("//img") == 13);
  CHECK(page.count("//@onload") == 0);
  CHECK(page.count("//section") == 10);
  CHECK(html.find('\x01') == std::string::npos);
  for (const auto& resource : resources(page)) CHECK_THAT(resource, !Contains("http"));
}

TEST_CASE("report: what is not there is left out, what is not finite is said") {
  const Document empty(report_html({.title = "nothing yet"}));
  CHECK(empty.count("//section") == 0);
  CHECK_THAT(report_html({.title = "nothing yet"}), Contains("No epoch is finished yet") && !Contains("consent"));

  ReportContent content{.title = "t", .rows = test::sample_rows(), .watched = true};
  content.rows[3].loss = std::numeric_limits<double>::quiet_NaN();
  content.rows[4].gradient_norm = std::numeric_limits<double>::infinity();
  const auto html = report_html(content);
  const Document page(html);
  CHECK(page.count("//section") == 2);
  CHECK(page.count("//svg//circle") == 24 * 6 - 2);
  CHECK(page.count("//td[text()='not finite']") == 2);
  CHECK_THAT(html, Contains("Nothing unusual was noticed"));

  content.augmented = {2, 2, 1, {1}};
  CHECK_THROWS_WITH(report_html(content), Contains("no whole picture"));
}

TEST_CASE("mistakes: the surest wrong answers, the surest first") {
  const Classifier classifier(test::tiny_model());
  Dataset data{{"sad", "happy"}, 6, 6, 1, {}, {}, {}}; // another order than the model's
  Rng rng(5, Purpose::test);
  for (int i = 0; i < 40; ++i) {
    for (int p = 0; p < 36; ++p) data.pixels.push_back(static_cast<std::uint8_t>(rng.below(256)));
    data.labels.push_back(i % 2);
    data.names.push_back(std::to_string(i));
  }
  const auto e = evaluate(classifier, data);
  const auto wrong = e.n - std::llround(e.accuracy * static_cast<double>(e.n));
  const auto all = mistakes(classifier, data, 1000, {.batch = 7});
  REQUIRE(std::ssize(all) == wrong);
  REQUIRE(wrong > 5);
  CHECK(std::ranges::is_sorted(all, std::ranges::greater(), &Mistake::probability));
  Classifier::Session session(classifier);
  for (const auto& mistake : all) {
    const auto i = static_cast<std::size_t>(std::stoi(mistake.name));
    CHECK(mistake.truth == data.classes[i % 2]);
    CHECK(mistake.answer != mistake.truth);
    CHECK(std::ranges::equal(mistake.picture.pixels, data.picture(i)));
    const auto p = session.probabilities(data.picture(i));
    CHECK(mistake.probability == *std::ranges::max_element(p));
    CHECK(mistake.truth_probability == p.data()[i % 2 == 0 ? 2 : 0]);
  }
  const auto some = mistakes(classifier, data, 3);
  REQUIRE(some.size() == 3);
  for (std::size_t k = 0; k < 3; ++k) CHECK(some[k].name == all[k].name);
  data.classes[0] = "unknown";
  CHECK_THROWS_WITH(mistakes(classifier, data, 3), Contains("`unknown`"));
}
