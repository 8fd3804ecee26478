// SPDX-License-Identifier: Apache-2.0
// `mien bench`: what it says and refuses. How fast anything is no test knows.
#include "mien/core/version.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/ops/parallel.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace mien;
using namespace mien::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

/// Runs `mien bench` as short as it can be, on the fixture's network unless another is named.
Ran bench(std::vector<std::string> options) {
  options.insert(options.begin(), {"bench", "--runs", "1", "--seconds", "0"});
  const auto names_network = [](const std::string& option) { return option == "--net" || option == "--model"; };
  if (std::ranges::none_of(options, names_network)) options.insert(options.end(), {"--model", fixture().model});
  return run(options);
}

nlohmann::json bench_json(std::vector<std::string> options) {
  options.emplace_back("--json");
  const auto ran = bench(std::move(options));
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(ran.err.empty());
  return nlohmann::json::parse(ran.out);
}

} // namespace

TEST_CASE("mien bench prints a table beside the peak, after what it verified") {
  const auto ran = bench({"--batch", "1,3", "--threads", "1"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(ran.err.empty());
  CHECK_THAT(ran.out, StartsWith("mien " + std::string(version()) + ", kernels "));
  for (const auto& text :
       {"peak of the multiply-adds: ", " GFLOP/s on 1 thread\n", "distance from the reference: loss ", "gradients ",
        "logits ", "images/s", "\ntrain      1        1", "\ntrain      3        1", "\ninfer      1        1",
        "\ninfer      3        1", " MB  ", "load of the machine"})
    CHECK_THAT(ran.out, Contains(text));
}

TEST_CASE("mien bench --json prints one object with a row for every case") {
  const auto json = bench_json({"--batch", "2,1", "--threads", "1,2"});
  CHECK(json["version"] == version());
  CHECK(json["kernels"].is_string());
  CHECK_FALSE(json["cpu"].get<std::string>().empty());
  CHECK(json["peaks"].size() == 2);
  CHECK(json["peak_gflops"] == json["peaks"]["2"]);
  CHECK_FALSE(json.contains("layers"));
  for (const auto& [name, check] : json["verified"].items())
    CHECK(check["found"].get<double>() <= check["allowed"].get<double>());
  CHECK(json["verified"].size() == 3);
  const auto& results = json["results"];
  REQUIRE(results.size() == 8);
  for (std::size_t i = 0; i < 8; ++i) { // batch by batch, threads within
    const auto& row = results[i];
    CHECK(row["task"] == (i < 4 ? "train" : "infer"));
    CHECK(row["batch"] == (i / 2 % 2 == 0 ? 2 : 1));
    CHECK(row["threads"] == 1 + i % 2);
    CHECK(row["net"] == fixture().model);
    CHECK(row["precision"] == "f32");
    CHECK(row["augmented"] == false);
    CHECK(row["runs"] == 1);
    CHECK(row["calls"] == 1);
    CHECK_FALSE(row["algorithm"].get<std::string>().empty());
    for (const auto& name : {"images_per_s", "ms_p50", "ms_p99", "gflops", "share_of_peak", "memory_mb"})
      CHECK(row[name].get<double>() > 0);
    const auto peak = json["peaks"][std::to_string(1 + i % 2)].get<double>();
    CHECK(row["share_of_peak"].get<double>() == Approx(row["gflops"].get<double>() / peak));
    const auto seconds = row["ms_p50"].get<double>() / 1000; // one run of one call
    CHECK(row["images_per_s"].get<double>() == Approx(row["batch"].get<double>() / seconds));
    CHECK(row["images_per_s_range"] == nlohmann::json({row["images_per_s"], row["images_per_s"]}));
  }
}

TEST_CASE("mien bench measures by default what a user asks first") {
  const auto json = bench_json({});
  std::vector<std::vector<int>> cases, expected{{32}, {128}, {1}, {32}};
  const int all = available_threads();
  for (auto& one : expected) one.push_back(all);
  if (all > 1) expected.insert(expected.begin() + 3, {1, 1}); // one face, one thread
  for (const auto& row : json["results"]) cases.push_back({row["batch"].get<int>(), row["threads"].get<int>()});
  CHECK(cases == expected);
}

TEST_CASE("mien bench runs more than once, and varies training pictures where it is told to") {
  const auto json = bench_json({"--task", "train", "--batch", "2", "--augment", "--runs", "3", "--threads", "2"});
  REQUIRE(json["results"].size() == 1);
  const auto& row = json["results"][0];
  CHECK(row["runs"] == 3);
  CHECK(row["calls"] == 3);
  CHECK(row["augmented"] == true);
  CHECK(json["verified"].contains("gradients"));
  CHECK_FALSE(json["verified"].contains("logits"));
  const auto range = row["images_per_s_range"];
  CHECK(range[0] <= row["images_per_s"]);
  CHECK(row["images_per_s"] <= range[1]);
}

TEST_CASE("mien bench --layers says what each layer of the first case takes") {
  const TempFolder folder;
  const auto net = (folder / "normalised.json").string();
  write_atomically(net, R"({"input": [12, 12, 3], "layers": [
    {"type": "Conv2D", "name": "conv", "settings": {"filters": 4, "padding": "same"}},
    {"type": "BatchNormalization", "name": "norm", "settings": {"activation": "relu"}},
    {"type": "Flatten", "name": "flatten", "settings": {}},
    {"type": "Dense", "name": "out", "settings": {"units": 3}}]})");
  const bool training = GENERATE(true, false);
  const auto json = bench_json({"--net", net, "--task", training ? "train" : "infer", "--batch", "2,3", "--layers"});
  CHECK(json["results"][0]["net"] == "normalised");
  std::vector<std::string> names, expected{"conv", "norm", "out", "pictures", "loss", "gradients to zero", "Adam"};
  if (!training) expected = {"conv", "out"}; // the normalisation is folded
  expected.emplace_back("everything else");
  double sum = 0;
  for (const auto& layer : json["layers"]) {
    names.push_back(layer["name"]);
    sum += layer["share_of_step"].get<double>();
    CHECK(layer["forward_ms"].get<double>() >= 0);
    CHECK((layer["backward_ms"].get<double>() > 0) == (training && !layer["type"].get<std::string>().empty()));
    const bool multiplies = layer["type"] == "Conv2D" || layer["type"] == "Dense";
    CHECK((layer["share_of_peak"].get<double>() > 0) == multiplies);
    CHECK(layer["algorithm"].get<std::string>().empty() == (layer["type"] != "Conv2D"));
  }
  CHECK(names == expected);
  CHECK(sum == Approx(1));
  const auto table = bench({"--net", net, "--task", training ? "train" : "infer", "--batch", "2", "--layers"}).out;
  CHECK_THAT(table, Contains(training ? "one training step of batch 2 on " : "one inference of batch 2 on "));
  CHECK_THAT(table, Contains("\nconv  ") && Contains("\neverything else"));
}

TEST_CASE("mien bench knows networks by name") {
  const auto json = bench_json({"--net", "tiny", "--task", "infer", "--batch", "1", "--threads", "1"});
  CHECK(json["results"][0]["net"] == "tiny");
}

TEST_CASE("mien bench says what is wrong with what it was given") {
  const auto refused = [](const std::vector<std::string>& options, int code, const std::string& why) {
    const auto ran = bench(options);
    INFO(ran.err);
    CHECK(ran.code == code);
    CHECK(ran.out.empty());
    CHECK(lines(ran.err).size() == 1);
    CHECK_THAT(ran.err, Contains(why));
  };
  refused({"--net", "vgg9"}, 2, "did you mean `vgg8`?");
  refused({"--net", "seed", "--model", "-"}, 2, "leave --net away");
  refused({"--task", "training"}, 2, "one of train, infer, both");
  refused({"--task", "infer", "--augment"}, 2, "--augment");
  for (const auto& list : {"0", "1,", "", "one", "1 2", "-1", "1,65537", "1.5", "99999999999999999999"}) {
    refused({"--batch", list}, 2, "--batch takes whole numbers from 1 to 65536 with commas between them");
    refused({"--threads", list}, 2, "--threads takes whole numbers from 1 to 1024");
  }
  refused({"--runs", "0"}, 2, "--runs");
  refused({"--seconds", "-1"}, 2, "--seconds");
  refused({"--seconds", "nan"}, 2, "--seconds");
  refused({"more"}, 2, "no further argument");
  refused({"--net", "/nowhere/net.json"}, 1, "/nowhere/net.json");
  refused({"--model", "/nowhere.safetensors"}, 1, "/nowhere.safetensors");
  const TempFolder folder;
  const auto flat = (folder / "flat.json").string();
  write_atomically(flat, R"({"input": [4], "layers": [{"type": "Dense", "name": "out", "settings": {"units": 3}}]})");
  refused({"--net", flat}, 1, "height x width x channels");
  const auto wide = (folder / "wide.json").string();
  write_atomically(wide, R"({"input": [4, 4, 1], "layers": [{"type": "ReLU", "name": "relu", "settings": {}}]})");
  refused({"--net", wide}, 1, "one row of numbers");
}
