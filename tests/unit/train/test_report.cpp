// SPDX-License-Identifier: Apache-2.0
#include "mien/train/history.hpp"
#include "mien/train/report.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace mien;
using Catch::Contains;

namespace {

/// Five pictures of three classes: `b` is called `a` once, `<c>` is never answered.
Evaluation small() {
  const std::vector<std::int32_t> truth = {0, 0, 1, 1, 2};
  const std::vector<float> p = {.8f, .1f, .1f, .6f, .2f, .2f, .2f, .7f, .1f, .5f, .3f, .2f, .1f, .5f, .4f};
  return evaluate(truth, View<const float>(p.data(), Shape{5, 3}), std::vector<std::string>{"a", "b", "<c>"});
}

std::size_t occurrences(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// How many straight pieces the lines of a drawing have.
std::ptrdiff_t segments(const std::string& svg) {
  std::ptrdiff_t n = 0;
  for (std::size_t i = 0; i + 1 < svg.size(); ++i) n += svg[i] == 'L' && svg[i + 1] >= '0' && svg[i + 1] <= '9';
  return n;
}

/// Every element that is opened is closed, in order, and no text breaks out of its place.
bool well_formed(const std::string& xml) {
  std::vector<std::string> open;
  for (auto at = xml.find('<'); at != std::string::npos; at = xml.find('<', at + 1)) {
    const auto end = xml.find('>', at);
    if (end == std::string::npos) return false;
    const auto tag = xml.substr(at + 1, end - at - 1);
    if (tag.find('<') != std::string::npos) return false;
    const auto name = tag.substr(0, tag.find_first_of(" \n/", 1));
    if (tag.front() == '/') {
      if (open.empty() || "/" + open.back() != tag) return false;
      open.pop_back();
    } else if (tag.back() != '/')
      open.push_back(name);
  }
  return open.empty();
}

std::vector<EpochRow> ten_epochs() {
  std::vector<EpochRow> rows;
  for (int i = 1; i <= 10; ++i)
    rows.push_back({.epoch = i,
                    .loss = 2.0 / i,
                    .accuracy = 0.07 * i,
                    .val_loss = 2.2 / i,
                    .val_accuracy = 0.6 - 0.01 * (i - 7) * (i - 7),
                    .val_macro_f1 = 0.5});
  return rows;
}

} // namespace

TEST_CASE("the text gives figures in percent, with counts, and says what was 0/0") {
  const auto text = figures_text(small());
  CHECK_THAT(text, Contains("5 pictures"));
  CHECK_THAT(text, Contains("60.0 %"));
  CHECK_THAT(text, Contains("never answered: <c> (precision is 0/0 and counts as 0)"));
  CHECK_THAT(text, !Contains("no picture of"));
}

TEST_CASE("the text names the classes that have no picture") {
  const std::vector<float> p = {.8f, .2f};
  const auto e = evaluate(std::vector<std::int32_t>{0}, View<const float>(p.data(), Shape{1, 2}),
                          std::vector<std::string>{"a", "b"});
  CHECK_THAT(figures_text(e), Contains("1 picture ") && Contains("no picture of: b (recall is 0/0 and counts as 0)"));
}

TEST_CASE("the confusion matrix as text has a row a truth, and colours only on request") {
  const auto plain = confusion_text(small());
  CHECK_THAT(plain, Contains("b          1      1      0  50.0 %"));
  CHECK_THAT(plain, !Contains("\033"));
  CHECK(occurrences(confusion_text(small(), true), "\033[48;5;") == 9);
}

TEST_CASE("the confusion matrix as SVG is well-formed, escapes labels and needs no other file") {
  const auto svg = confusion_svg(small());
  CHECK(well_formed(svg));
  CHECK_THAT(svg, Contains("&lt;c&gt; answered as b: 1 of 1 (100.0 %)"));
  CHECK_THAT(svg, Contains("prefers-color-scheme: dark"));
  CHECK(occurrences(svg, "http") == 1); // the name of SVG itself
}

TEST_CASE("the curves show every epoch and name the best") {
  const auto svg = curves_svg(ten_epochs());
  CHECK(well_formed(svg));
  CHECK_THAT(svg, Contains("best on validation after epoch 7, accuracy 60.0 %"));
  CHECK(occurrences(svg, "<circle") == 40);
  CHECK(well_formed(curves_svg({})));
}

TEST_CASE("a loss that is not finite leaves a gap and no trace in the drawing") {
  auto rows = ten_epochs();
  rows[4].loss = std::numeric_limits<double>::infinity();
  rows[5].loss = std::numeric_limits<double>::quiet_NaN();
  const auto svg = curves_svg(rows);
  CHECK(occurrences(svg, "<circle") == 38);
  CHECK(segments(curves_svg(ten_epochs())) == 36);
  CHECK(segments(svg) == 33); // 4 and 4 points in place of 10
  CHECK_THAT(svg, !Contains("nan") && !Contains("inf"));
}
