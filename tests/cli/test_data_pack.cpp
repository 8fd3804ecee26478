// SPDX-License-Identifier: Apache-2.0
#include "mien/data/packed_file.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/packs.hpp"
#include "tests/support/temp_folder.hpp"

#include <nlohmann/json.hpp>

using namespace mien;
using namespace mien::test;
using Catch::Contains;
using Catch::StartsWith;

namespace {

/// The fixture's faces, packed as a folder of two parts.
struct Packed {
  TempFolder folder;
  std::string train = (folder / "train.mienpack").string(), test = (folder / "test.mienpack").string();
  Ran packing = run({"data", "pack", fixture().faces, "--out", train});
  Ran packing_test = run({"data", "pack", fixture().faces, "--part", "test", "--out", test, "--quiet"});
};

} // namespace

TEST_CASE("mien data pack says what it packed, keeps stdout clean, and train, preview and eval take it") {
  const Packed packed;
  INFO(packed.packing.err);
  REQUIRE(packed.packing.code == 0);
  REQUIRE(packed.packing_test.code == 0);
  CHECK(packed.packing.out.empty());
  CHECK(packed.packing_test.err.empty());
  CHECK_THAT(packed.packing.err,
             Contains(packed.train + ": 21 pictures of 48x48x1, 7 classes") && Contains("angry 3, disgust 3"));
  const auto data = packed.folder.path().string(), out = (packed.folder / "run").string();

  const auto trained = run({"train", data, "--epochs", "1", "--validation", "0.3", "--out", out});
  INFO(trained.err);
  REQUIRE(trained.code == 0);
  CHECK_THAT(trained.err, Contains("21 pictures of 7 classes") && Contains("exact copies, if any, on one side"));
  const auto resumed = run({"train", "--resume", out, "--epochs", "2"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);

  const auto on_pack = run({"eval", out, data, "--json"}), on_folder = run({"eval", out, fixture().faces, "--json"});
  REQUIRE(on_pack.code == 0);
  CHECK(on_pack.out == on_folder.out);
  CHECK(run({"eval", out, packed.test, "--json"}).out == on_folder.out);
  CHECK_THAT(run({"eval", out, packed.train}).err, Contains("holds the part `train`"));

  const auto preview = run({"data", "preview", data, "--out", (packed.folder / "sheet.png").string()});
  CHECK(preview.code == 0);
}

TEST_CASE("mien data pack --verify names what is damaged and fails; packing again leaves it out") {
  const Packed packed;
  const auto whole = run({"data", "pack", "--verify", packed.train});
  CHECK(whole.code == 0);
  CHECK(whole.out.empty());
  CHECK_THAT(whole.err, Contains("21 pictures checked, all of them whole"));

  damage(packed.train, 4096 + 4 * 48 * 48 + 100);
  damage(packed.train, 4096 + 20 * 48 * 48);
  const auto verified = run({"data", "pack", "--verify", packed.train});
  CHECK(verified.code == 1);
  CHECK_THAT(verified.err, Contains("error: " + packed.train + ": 2 of 21 pictures are damaged"));
  const auto named = lines(verified.out);
  REQUIRE(named.size() == 2);
  CHECK_THAT(named[0], StartsWith(packed.train + ": record 4 of 21, ") && Contains("disgust"));
  CHECK_THAT(named[1], Contains("record 20 of 21") && Contains("surprise"));

  const auto training = run({"train", packed.train, "--epochs", "1", "--out", (packed.folder / "run").string()});
  CHECK(training.code == 1);
  CHECK_THAT(training.err, Contains("error: " + packed.train + ": record "));
  const auto again = run({"data", "pack", packed.train, "--out", (packed.folder / "b.mienpack").string()});
  CHECK(again.code == 0);
  CHECK_THAT(again.err, Contains("2 pictures left out") && Contains("left out: " + packed.train + ": record 4 of 21"));
}

TEST_CASE("mien data pack makes the folder that it writes into") {
  const TempFolder folder;
  const auto pack = folder / "new" / "packs" / "train.mienpack";
  CHECK(run({"data", "pack", fixture().faces, "--out", pack.string()}).code == 0);
  CHECK(std::filesystem::exists(pack));
}

TEST_CASE("mien data pack says what is missing or wrong") {
  const TempFolder folder;
  const auto to = (folder / "a.mienpack").string();
  CHECK(run({"data", "pack", fixture().faces}).code == 2);
  const auto named = run({"data", "pack", fixture().faces, "--out", "a.pack"});
  CHECK(named.code == 2);
  CHECK_THAT(named.err, Contains("ends in .mienpack"));
  const auto both = run({"data", "pack", "--verify", fixture().faces, "--out", to});
  CHECK(both.code == 2);
  CHECK_THAT(both.err, Contains("leave --out out"));
  const auto nowhere = run({"data", "pack", "/nowhere", "--out", to});
  CHECK(nowhere.code == 1);
  CHECK_THAT(nowhere.err, StartsWith("error: /nowhere"));
  CHECK(std::filesystem::is_empty(folder.path()));
  const auto small = run({"data", "pack", fixture().faces, "--size", "32", "--channels", "3", "--out", to});
  CHECK_THAT(small.err, Contains("32x32x3"));
  const auto other_size = run({"eval", fixture().model, to});
  CHECK(other_size.code == 1);
  CHECK_THAT(other_size.err, Contains("holds pictures of 32x32x3"));
}
