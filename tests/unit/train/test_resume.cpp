// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/train/small_training.hpp"

#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/io/safetensors.hpp"
#include "mien/kernels.hpp"
#include "mien/nn/model_file.hpp"

#include <sys/resource.h>

#include <csignal>
#include <string>

using namespace mien;
using namespace mien::test;
using Catch::Matchers::Contains;

namespace {

RunFolder run_folder(const TempFolder& folder) { return {folder / "run", {.golden_face = draw_face(3, 1, 0, 16)}}; }

/// The events of a training whose files stand in `folder`, that stops once `stop` says so.
TrainEvents saved_in(const RunFolder& folder, const Trainer& trainer, std::function<bool()> stop = {}) {
  return {.on_step = [&](const StepReport&) { folder.save_state(trainer); },
          .on_epoch = [&](const EpochRow&) { folder.save_epoch(trainer); },
          .stop = std::move(stop)};
}

/// A log without its last two columns, which hold times.
std::string without_times(const std::filesystem::path& log) {
  const auto bytes = read_file(log);
  std::string text;
  int column = 0;
  for (const auto byte : bytes) {
    const auto c = static_cast<char>(byte);
    if (c == '\n') column = 0;
    if (c == ',') ++column;
    if (column < 7) text += c;
  }
  return text;
}

void check_same_files(const RunFolder& a, const RunFolder& b) {
  CHECK(read_file(a.model()) == read_file(b.model()));
  CHECK(read_file(a.last()) == read_file(b.last()));
  CHECK(without_times(a.log()) == without_times(b.log()));
}

/// Files may not grow beyond `bytes` while this lives: a disk that is full, for this process.
class FullDisk {
public:
  explicit FullDisk(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, SIG_DFL);
  }

private:
  rlimit before_{};
};

} // namespace

TEST_CASE("A training saved at any step and restored by another program goes on to the same bits") {
  const TempFolder folder;
  auto whole = small_trainer();
  REQUIRE(whole.run());
  for (int step = 0; step < 8; ++step) { // two epochs of three steps and a validation
    auto first = small_trainer();
    int asked = 0;
    (void)first.run({.stop = [&] { return asked++ == step; }});
    first.save(folder / "state");
    auto second = small_trainer(small_recipe(), step == 4 ? 2 : 1);
    second.restore(folder / "state");
    CHECK(same_bits(first, second));
    REQUIRE(second.run());
    CHECK(same_bits(whole, second));
  }
}

TEST_CASE("A folder whose program was killed between two files comes to the same files") {
  const TempFolder there, here;
  const auto expected = run_folder(there), folder = run_folder(here);
  auto whole = small_trainer();
  expected.begin(whole);
  REQUIRE(whole.run(saved_in(expected, whole)));

  auto killed = small_trainer();
  folder.begin(killed);
  int asked = 0;
  REQUIRE_FALSE(killed.run(saved_in(folder, killed, [&] { return asked++ == 2; })));
  const auto state = read_file(folder.state());
  REQUIRE(killed.run(saved_in(folder, killed)));
  write_atomically(folder.state(), state); // as if the state had been the one file not yet replaced

  auto resumed = small_trainer();
  folder.resume(resumed);
  CHECK(resumed.progress().step == 2);
  CHECK(without_times(folder.log()).find('\n') ==
        without_times(folder.log()).size() - 1); // rows ahead of the state are cut
  REQUIRE(resumed.run(saved_in(folder, resumed)));
  check_same_files(expected, folder);
}

TEST_CASE("The model file holds the best epoch, the last one the latest, both ready to be used") {
  const TempFolder here;
  const auto folder = run_folder(here);
  auto recipe = small_recipe();
  recipe.epochs = 4;
  recipe.learning_rate = GENERATE(0.01, 1e-30); // the second learns nothing: the first epoch stays the best
  auto trainer = small_trainer(recipe);
  folder.begin(trainer);
  std::vector<Parameter> best;
  auto events = saved_in(folder, trainer);
  events.on_epoch = [&](const EpochRow& row) {
    folder.save_epoch(trainer);
    if (&row == trainer.best()) best.assign(trainer.model().parameters().begin(), trainer.model().parameters().end());
  };
  REQUIRE(trainer.run(events));
  const auto model = load_model(folder.model());
  const auto parameters = model.model.parameters();
  CHECK(std::equal(parameters.begin(), parameters.end(), best.begin(), best.end()));
  CHECK(model.provenance.at("epoch") == std::to_string(trainer.best()->epoch));
  if (recipe.learning_rate < 1e-20) CHECK(trainer.best()->epoch == 1);
  CHECK(model.provenance.at("validation_pictures") == "14");
  CHECK(model.provenance.at("data") == trainer.data_fingerprint());
  const auto last = load_model(folder.last());
  CHECK(last.provenance.at("epoch") == "4");
  const auto latest = trainer.model().parameters();
  CHECK(std::equal(latest.begin(), latest.end(), last.model.parameters().begin()));
}

TEST_CASE("A state is refused where it does not belong, and nothing is changed") {
  const TempFolder folder;
  auto recipe = small_recipe();
  auto saved = small_trainer(recipe);
  REQUIRE(saved.run());
  saved.save(folder / "state");
  const auto refused = [&](Trainer trainer, const std::string& text) {
    const auto before = trainer.model().parameters()[0].value;
    CHECK_THROWS_WITH(trainer.restore(folder / "state"), Contains(text));
    CHECK(trainer.model().parameters()[0].value == before);
    CHECK(trainer.progress().epoch == 0);
  };
  recipe.batch = 9;
  refused(small_trainer(recipe), "began with recipe");
  recipe = small_recipe();
  refused(
      Trainer(small_network(), small_pictures, generated_dataset(3, 2, 16), generated_dataset(2, 1, 16, 100), recipe),
      "began with data");
  refused(
      Trainer(small_network(), small_pictures, generated_dataset(3, 1, 16), generated_dataset(2, 2, 16, 100), recipe),
      "began with data");
  refused(Trainer(Model({16, 16, 1}, {flatten(), dense({.units = 7})}), small_pictures, generated_dataset(3, 1, 16),
                  generated_dataset(2, 1, 16, 100), recipe),
          "began with network");

  SECTION("but more epochs may follow, with the bits of a training meant to be longer") {
    recipe.epochs = 3;
    auto longer = small_trainer(recipe), whole = small_trainer(recipe);
    longer.restore(folder / "state");
    REQUIRE(longer.run());
    REQUIRE(whole.run());
    CHECK(same_bits(longer, whole));
  }
}

TEST_CASE("Other kernels are refused unless they are accepted") {
  const TempFolder folder;
  const std::string before(kernels().name);
  if (before == "reference") return; // there is no slower set to compare with
  auto saved = small_trainer();
  saved.save(folder / "state");
  use_kernels("reference");
  auto trainer = small_trainer();
  CHECK_THROWS_WITH(trainer.restore(folder / "state"),
                    Contains("began with kernels") && Contains(before) && Contains("force"));
  CHECK_NOTHROW(trainer.restore(folder / "state", true));
  use_kernels(before);
}

TEST_CASE("A file that is no state of a training is refused with a sentence") {
  const TempFolder folder;
  auto trainer = small_trainer();
  CHECK_THROWS_AS(trainer.restore(folder / "nothing"), Error);
  write_safetensors(folder / "other", {.metadata = {{"network", "?"}}, .tensors = {}});
  CHECK_THROWS_WITH(trainer.restore(folder / "other"), Contains("began with network"));
  write_safetensors(folder / "empty", {});
  CHECK_THROWS_WITH(trainer.restore(folder / "empty"), Contains("not the state of a training"));

  trainer.save(folder / "state");
  const auto good = read_safetensors(folder / "state");
  for (const auto& progress :
       {"{}", "[", R"({"epoch":1,"step":0,"loss_sum":0,"correct":0,"seconds":0,"rows":[],"optimizer_steps":0})",
        R"({"epoch":0,"step":4,"loss_sum":0,"correct":0,"seconds":0,"rows":[],"optimizer_steps":0})"}) {
    auto bad = good;
    bad.metadata["progress"] = progress;
    write_safetensors(folder / "bad", bad);
    CHECK_THROWS_AS(trainer.restore(folder / "bad"), Error);
  }
  auto bad = good;
  bad.tensors.pop_back();
  write_safetensors(folder / "bad", bad);
  CHECK_THROWS_WITH(trainer.restore(folder / "bad"), Contains("lacks"));
}

TEST_CASE("A full disk is an error that leaves the last good files whole") {
  const TempFolder here;
  const auto folder = run_folder(here);
  auto trainer = small_trainer();
  folder.begin(trainer);
  int asked = 0;
  REQUIRE_FALSE(trainer.run(saved_in(folder, trainer, [&] { return asked++ == 5; }))); // in the second epoch
  const auto state = read_file(folder.state()), model = read_file(folder.model());
  {
    const FullDisk full(1000);
    CHECK_THROWS_WITH(folder.save_state(trainer), Contains(folder.state().string()));
    CHECK_THROWS_AS(folder.save_epoch(trainer), Error);
  }
  CHECK(read_file(folder.state()) == state);
  CHECK(read_file(folder.model()) == model);
  auto resumed = small_trainer();
  CHECK_NOTHROW(folder.resume(resumed));
}

TEST_CASE("A new training in the same folder leaves nothing of the old one") {
  const TempFolder here;
  const auto folder = run_folder(here);
  auto old = small_trainer();
  folder.begin(old);
  REQUIRE(old.run(saved_in(folder, old)));
  folder.begin(small_trainer());
  for (const auto& file : {folder.model(), folder.last(), folder.log(), folder.curves()})
    CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("Resuming removes the half-written files of a program that was killed, and nothing else") {
  const TempFolder here;
  const auto folder = run_folder(here);
  auto trainer = small_trainer();
  folder.begin(trainer);
  const auto half = folder.path() / ".state.safetensors.7-3.tmp", note = folder.path() / ".notes.tmp";
  for (const auto& file : {half, note}) write_atomically(file, "?");
  folder.resume(trainer);
  CHECK_FALSE(std::filesystem::exists(half));
  CHECK(std::filesystem::exists(note));
}
