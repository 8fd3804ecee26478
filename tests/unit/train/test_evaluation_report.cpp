// SPDX-License-Identifier: Apache-2.0
// The page of an evaluation, and the two drawings on it.
#include "mien/train/evaluation_report.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/xml_document.hpp"
#include "tests/unit/train/sample_evaluation.hpp"

#include <algorithm>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

/// Two classes; the answers are for the first with these probabilities, right or wrong.
Answers answers_of(const std::vector<std::pair<float, bool>>& said) {
  Answers answers{{}, Tensor(Shape{static_cast<std::int64_t>(said.size()), 2})};
  for (std::size_t i = 0; i < said.size(); ++i) {
    answers.truth.push_back(said[i].second ? 0 : 1);
    answers.probabilities.view<float>()[2 * i] = said[i].first;
    answers.probabilities.view<float>()[2 * i + 1] = 1 - said[i].first;
  }
  return answers;
}

} // namespace

TEST_CASE("evaluation report: risk over coverage is the share of errors among the surest") {
  const auto answers = answers_of({{0.6f, false}, {0.9f, true}, {0.8f, false}, {0.7f, true}});
  const auto curve = risk_curve(answers);
  const std::vector<double> coverage{0.25, 0.5, 0.75, 1}, risk{0, 0.5, 1.0 / 3, 0.5};
  REQUIRE(curve.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(curve[i].coverage == coverage[i]);
    CHECK(curve[i].risk == Approx(risk[i]));
  }
  // The last point is the share of all errors; the mean of all of them is what reliability() calls AURC.
  CHECK(reliability(answers).aurc == Approx((0 + 0.5 + 1.0 / 3 + 0.5) / 4));
  const auto two = risk_curve(answers, 2);
  REQUIRE(two.size() == 2);
  CHECK(two[0].coverage == 0.5);
}

TEST_CASE("evaluation report: drawings have a bar for each bin and a line for each set") {
  const auto report = sample_evaluation_report();
  const auto& reliability = report.figures.reliability.value();
  const Document bins(reliability_svg(reliability));
  const auto filled =
      static_cast<std::size_t>(std::ranges::count_if(reliability.bins, [](auto& b) { return b.n > 0; }));
  CHECK(filled > 3);
  CHECK(bins.count("//rect[@class='column']") == filled);
  CHECK(bins.count("//circle") == filled);
  const auto& points = report.risk;
  CHECK(Document(risk_svg(points)).count("//path[contains(@class,'curve')]") == 1);
  CHECK(Document(risk_svg(points, points)).count("//path[contains(@class,'curve')]") == 2);
}

TEST_CASE("evaluation report: the page is well-formed, complete, and leaves out what is not there") {
  const auto full = sample_evaluation_report();
  const auto html = evaluation_html(full);
  CHECK(html == evaluation_html(full));
  const Document page(html);
  CHECK(page.count("//h1") == 1);
  CHECK(page.count("//section") == 8);
  CHECK(page.count("//nav//a") == 8);
  CHECK(page.count("//section[@id='figures']//tbody/tr") == 3); // labels, unseen, plurality
  CHECK(page.count("//section[@id='trust']/div/svg") == 2);
  CHECK(page.count("//figure[@class='face']") == 2);
  CHECK_THAT(html, Contains("Of 60 pictures the model has learnt from 20. The large figure is of the other 40"));
  CHECK_THAT(html, Contains("Do not share it without the consent"));
  CHECK_THAT(html, Contains("&lt;b&gt; on data &amp; more") && !Contains("<b> on"));

  EvaluationReport bare{.title = "bare", .figures = full.figures};
  bare.figures.unseen.reset();
  bare.figures.seen.reset();
  const auto small = evaluation_html(bare);
  CHECK(Document(small).count("//section") == 4);
  CHECK_THAT(small, Contains("is not known") && !Contains("without the consent"));
  bare.figures.seen = 0;
  CHECK_THAT(evaluation_html(bare), Contains("has learnt from none"));
  bare.figures.seen = 60;
  CHECK_THAT(evaluation_html(bare), Contains("every one of these"));
}
