// SPDX-License-Identifier: Apache-2.0
// The card of a model, from its file alone.
#include "mien/core/error.hpp"
#include "mien/emotion/shipped_model.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/nn/model_file.hpp"
#include "mien/train/model_card.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tiny_model.hpp"
#include "tests/support/xml_document.hpp"
#include "tests/unit/train/sample_evaluation.hpp"

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

/// A model whose file has a measurement, and hostile texts.
ModelFile measured_model() {
  auto file = tiny_model();
  auto evaluation = sample_evaluation_report(file.labels).figures;
  record_measurement(file, "faces | of <mine>", "0123", evaluation);
  file.provenance["licence"] = "<script>alert(1)</script> *free*";
  return file;
}

} // namespace

TEST_CASE("model card: what was measured stays with the file") {
  const TempFolder folder;
  const auto expected = sample_evaluation_report(tiny_model().labels).figures;
  save_model(folder / "model.safetensors", measured_model());
  const auto found = recorded_measurements(load_model(folder / "model.safetensors"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].data == "faces | of <mine>");
  CHECK(found[0].fingerprint == "0123");
  CHECK(found[0].told_apart);
  CHECK(found[0].all.n == 60);
  CHECK(found[0].all.accuracy == expected.accuracy);
  CHECK(found[0].all.ece == expected.reliability->ece);
  REQUIRE(found[0].unseen);
  CHECK(found[0].unseen->accuracy_ci.high == expected.unseen->ci95.accuracy.high);
  CHECK(found[0].unseen->support[0] == expected.unseen->per_class[0].support);
}

TEST_CASE("model card: text that is no measurement is passed over, figures of other labels are refused") {
  auto file = tiny_model();
  for (const auto* text : {"", "fine", "[]", "{}", R"({"fingerprint": 1, "told_apart": true, "all": {}})"})
    file.provenance["measured." + std::string(text)] = text;
  CHECK(recorded_measurements(file).empty());
  auto evaluation = sample_evaluation_report(file.labels).figures;
  evaluation.labels[0] = "other";
  CHECK_THROWS_AS(record_measurement(file, "x", "", evaluation), Error);
}

TEST_CASE("model card: Markdown and page say the same, and what is not recorded is said to be so") {
  const auto full = measured_model();
  const auto text = card_markdown(full, "Card");
  for (const auto* heading :
       {"# Card", "## What it is", "## What it has learnt from, and how", "## How good it is", "## Class by class",
        "## How far to trust a probability", "## What it cannot do", "## Licence", "## Lawful use, and fair use"})
    CHECK_THAT(text, Contains(heading));
  CHECK_THAT(text, Contains("never seen by it | 40 |") && Contains("faces \\| of \\<mine>"));
  CHECK_THAT(text, Contains("\\<script>alert(1)\\</script> \\*free\\*"));
  const Document page(card_html(full, "Card <b>"));
  CHECK(page.count("//section") == 8);
  CHECK(page.count("//script") == 0);
  CHECK(page.text("//h1") == "Card <b>");

  const auto bare = card_markdown(tiny_model(), "Bare");
  CHECK_THAT(bare, Contains("No test is recorded") && Contains("No licence is recorded") &&
                       Contains("It is not calibrated") && Contains("keeps no digests") && !Contains("Class by class"));
}

TEST_CASE("model card: the shipped model's is the one in the repository") {
  const auto bytes = read_file("data/models/vgg8-fer2013.md");
  CHECK(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()) ==
        card_markdown(shipped_classifier().file(), "The model that mien ships"));
}
