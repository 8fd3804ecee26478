// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/io/safetensors.hpp"
#include "mien/nn/model_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tiny_model.hpp"

#include <algorithm>
#include <functional>
#include <limits>

using namespace mien;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using mien::test::TempFolder;
using mien::test::tiny_model;

namespace {

std::vector<std::byte> saved_bytes(const ModelFile& file) {
  const TempFolder folder;
  save_model(folder / "a.safetensors", file);
  return read_file(folder / "a.safetensors");
}

/// What loading says to bytes: the error, or `accepted`.
std::string verdict(std::span<const std::byte> bytes) {
  try {
    (void)parse_model(bytes, "a.safetensors");
    return "accepted";
  } catch (const Error& error) {
    return error.what();
  }
}

/// The tiny model's file after a change, with a digest made anew or, as from another program, without one.
std::vector<std::byte> changed(bool sealed, const std::function<void(Safetensors&)>& change) {
  auto file = parse_safetensors(saved_bytes(tiny_model()), "tiny");
  change(file);
  file.sealed = sealed;
  return safetensors_bytes(file);
}

Tensor& tensor(Safetensors& file, std::string_view name) {
  return std::ranges::find(file.tensors, name, &std::pair<std::string, Tensor>::first)->second;
}

} // namespace

TEST_CASE("model file: the pictures that a model has seen are known again") {
  auto file = tiny_model();
  CHECK(parse_model(saved_bytes(file), "a").seen.empty());
  file.seen = PictureSet(std::vector<std::uint32_t>{0, 7, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF});
  const auto bytes = saved_bytes(file);
  CHECK(parse_model(bytes, "a").seen == file.seen);
  const auto with = [&](Tensor tensor) {
    auto stored = parse_safetensors(bytes, "tiny");
    std::ranges::find(stored.tensors, "training/pictures", &std::pair<std::string, Tensor>::first)->second =
        std::move(tensor);
    return stored;
  };
  CHECK_THROWS_WITH(PictureSet(std::vector<std::uint32_t>{2, 2}), Contains("rise"));
  CHECK_THROWS_WITH(PictureSet(std::vector<std::uint32_t>{2, 1}), Contains("rise"));
  CHECK(verdict(changed(false, [&](Safetensors& stored) {
          stored = with(Tensor(Shape{2}));
        })).find("training/pictures") != std::string::npos);
  CHECK(verdict(changed(false, [&](Safetensors& stored) {
          stored = with(Tensor(Shape{2, 1}, DType::i32));
        })).find("training/pictures") != std::string::npos);
  CHECK(verdict(changed(false, [&](Safetensors& stored) {
          stored = with(Tensor(Shape{2}, DType::i32));
        })).find("rise") != std::string::npos);
}

TEST_CASE("model file: what is saved is loaded again, to the bit") {
  const auto file = tiny_model();
  const auto bytes = saved_bytes(file);
  const auto back = parse_model(bytes, "a");
  CHECK(std::ranges::equal(back.model.parameters(), file.model.parameters()));
  CHECK(back.model.summary() == file.model.summary());
  CHECK(back.preprocessing == file.preprocessing);
  CHECK(back.labels == file.labels);
  CHECK(back.provenance == file.provenance);
  CHECK(back.golden_face == file.golden_face);
  CHECK(back.weights == DType::f32);
  CHECK(back.notes.empty());
  CHECK(saved_bytes(back) == bytes);
  CHECK(saved_bytes(tiny_model(2)) != bytes);
}

TEST_CASE("model file: what was fitted to a detector's boxes is kept, and a file from before that has the default") {
  auto file = tiny_model();
  file.preprocessing.face = {.scale = 0.9, .x = -0.01, .y = 0.06, .aligned = true, .detector = "profileface"};
  const auto bytes = saved_bytes(file);
  CHECK(parse_model(bytes, "a").preprocessing == file.preprocessing);
  auto old = parse_safetensors(bytes, "a");
  old.metadata["preprocessing"] = R"({"version":1,"height":6,"width":6,"channels":1,"scale":0.00392156885936856})";
  CHECK(parse_model(safetensors_bytes(old), "a").preprocessing == tiny_model().preprocessing);
}

TEST_CASE("model file: whether pictures are standardised is kept, and a file from before that does not") {
  auto file = tiny_model();
  file.preprocessing.standardize = true;
  const auto bytes = saved_bytes(file);
  CHECK(parse_model(bytes, "a").preprocessing == file.preprocessing);
  CHECK(bytes != saved_bytes(tiny_model())); // the golden logits, too, are those of standardised pictures
  auto old = parse_safetensors(saved_bytes(tiny_model()), "a");
  old.metadata["preprocessing"] =
      R"({"version":2,"height":6,"width":6,"channels":1,"scale":0.00392156885936856,"face":)"
      R"({"scale":1,"x":0,"y":0,"aligned":false,"detector":"frontalface_default"}})";
  const auto back = parse_model(safetensors_bytes(old), "a");
  CHECK(back.preprocessing == tiny_model().preprocessing);
  CHECK(back.notes.empty());
  old.metadata["preprocessing"] = R"({"version":3,"height":6,"width":6,"channels":1,"scale":0.00392156885936856,)"
                                  R"("standardize":true,"face":)"
                                  R"({"scale":1,"x":0,"y":0,"aligned":false,"detector":"frontalface_default"}})";
  CHECK_THAT(verdict(safetensors_bytes(old)), Contains("computes otherwise here")); // the golden face notices
}

TEST_CASE("model file: bf16 weights are the rounded ones and half as large") {
  auto file = tiny_model();
  file.weights = DType::bf16;
  const auto bytes = saved_bytes(file);
  const auto back = parse_model(bytes, "a");
  CHECK(back.weights == DType::bf16);
  for (std::size_t i = 0; i < file.model.parameters().size(); ++i) {
    const auto& [name, value, role, rate] = file.model.parameters()[i];
    CHECK(back.model.parameters()[i].name == name);
    CHECK(back.model.parameters()[i].value == converted(converted(value, DType::bf16), DType::f32));
  }
  CHECK(back.notes.empty());
  CHECK(saved_bytes(back) == bytes);
  const auto stored = parse_safetensors(bytes, "a");
  CHECK(stored.find("dense/kernel")->dtype() == DType::bf16);
}

TEST_CASE("model file: a changed byte anywhere is refused") {
  const auto bytes = saved_bytes(tiny_model());
  auto spoiled = bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const unsigned change : {1u << i % 8, 0x20u, 0xffu}) {
      spoiled[i] ^= std::byte(change);
      INFO("byte " << i << " changed by " << change);
      CHECK_THAT(verdict(spoiled), StartsWith("a.safetensors: "));
      spoiled[i] = bytes[i];
    }
  }
  for (std::size_t i = 8; i < 70; ++i) { // the key `digest`, its digits and what is around them: every other value
    for (unsigned change = 1; change < 256; ++change) {
      spoiled[i] ^= std::byte(change);
      INFO("byte " << i << " changed by " << change);
      CHECK_THAT(verdict(spoiled), StartsWith("a.safetensors: "));
      spoiled[i] = bytes[i];
    }
  }
  CHECK(verdict(spoiled) == "accepted");
}

TEST_CASE("model file: one cut short at any length is refused") {
  const auto bytes = saved_bytes(tiny_model());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    INFO(length);
    CHECK_THAT(verdict(std::span(bytes).first(length)), StartsWith("a.safetensors: "));
  }
}

TEST_CASE("model file: one edited by another program loads with notes") {
  const auto untouched = parse_model(changed(false, [](Safetensors&) {}), "a");
  REQUIRE(untouched.notes.size() == 1);
  CHECK_THAT(untouched.notes[0], Contains("no digest"));

  const auto edited =
      parse_model(changed(false, [](Safetensors& f) { tensor(f, "dense/bias").view<float>()[1] += 0.5f; }), "a");
  REQUIRE(edited.notes.size() == 2);
  CHECK_THAT(edited.notes[1], Contains("golden face not confirmed"));

  const auto without = parse_model(
      changed(false,
              [](Safetensors& f) { std::erase_if(f.tensors, [](auto& t) { return t.first == "golden/face"; }); }),
      "a");
  REQUIRE(without.notes.size() == 2);
  CHECK_THAT(without.notes[1], Contains("no golden face"));

  const auto foreign = parse_model(changed(false, [](Safetensors& f) { f.metadata["format"] = "pt"; }), "a");
  CHECK(foreign.notes.size() == 1);
}

TEST_CASE("model file: one that computes otherwise here is refused") {
  const auto with_logit = [](std::size_t i, float by) {
    return changed(true, [=](Safetensors& f) { tensor(f, "golden/logits").view<float>()[i] += by; });
  };
  CHECK(verdict(with_logit(1, 0.0f)) == "accepted");
  CHECK(verdict(with_logit(1, 0.0009f)) == "accepted");
  CHECK_THAT(verdict(with_logit(1, 0.01f)),
             Contains("computes otherwise here: its golden face has") && Contains("for neutral"));
  CHECK_THAT(verdict(with_logit(2, std::numeric_limits<float>::quiet_NaN())), Contains("for sad"));

  auto close = tiny_model(); // two labels so close that their order turns within the tolerance
  for (auto& parameter : close.model.parameters()) std::ranges::fill(parameter.value.view<float>(), 0.0f);
  close.model.parameters().back().value.view<float>()[1] = 0.0005f;
  auto stored = parse_safetensors(saved_bytes(close), "close");
  tensor(stored, "golden/logits").view<float>()[2] = 0.0006f;
  CHECK_THAT(verdict(safetensors_bytes(stored)), Contains("its golden face is neutral, the file says sad"));
}

TEST_CASE("model file: the tolerance is 5e-2 where weights are bf16") {
  auto file = tiny_model();
  file.weights = DType::bf16;
  auto stored = parse_safetensors(saved_bytes(file), "bf16");
  auto logits = tensor(stored, "golden/logits").view<float>();
  auto& largest = *std::ranges::max_element(logits);
  largest += 0.04f;
  CHECK(verdict(safetensors_bytes(stored)) == "accepted");
  largest += 1.0f;
  CHECK_THAT(verdict(safetensors_bytes(stored)), Contains("computes otherwise here"));
}

TEST_CASE("model file: what is foreign, later or inconsistent gets a sentence") {
  struct Case {
    std::function<void(Safetensors&)> change;
    std::string sentence;
  };
  const auto meta = [](std::string key, std::string value) { return [=](Safetensors& f) { f.metadata[key] = value; }; };
  const auto architecture = [](std::string layers, std::string input = "[6,6,1]") {
    return
        [=](Safetensors& f) { f.metadata["architecture"] = R"({"input":)" + input + R"(,"layers":)" + layers + "}"; };
  };
  const auto drop = [](std::string name) {
    return [=](Safetensors& f) { std::erase_if(f.tensors, [&](auto& t) { return t.first == name; }); };
  };
  const auto face = [&](const std::string& text) {
    return meta("preprocessing", R"({"version":2,"height":6,"width":6,"channels":1,"scale":1,"face":)" + text + "}");
  };
  std::string many_layers = "[";
  for (int i = 0; i < 10'000; ++i) many_layers += "7,";
  const Case cases[] = {
      {[](Safetensors& f) { f.metadata.clear(); }, "no model of mien"},
      {meta("mien_format", "2"), "written in model format 2, this program reads 1; install a newer mien"},
      {meta("mien_format", ""), "written in model format"},
      {[](Safetensors& f) { f.metadata.erase("labels"); }, "its metadata lack 'labels'"},
      {meta("lables", "[]"), "unknown key 'lables'"},
      {meta("kind", "ensemble"), "of the kind 'ensemble'"},
      {meta("calibration", "{}"), "calibration lacks"},
      {meta("labels", "["), "labels: no valid JSON"},
      {meta("labels", "{}"), "labels must be a list"},
      {meta("labels", R"(["a","b",3])"), "labels: one is 3"},
      {meta("labels", R"(["a","b"])"), "there are 2 labels"},
      {meta("labels", R"(["a","b","a"])"), "a name of its own"},
      {meta("labels", R"(["a","b",""])"), "a name of its own"},
      {meta("provenance", "[]"), "provenance must be a JSON object"},
      {meta("provenance", R"({"seed":1})"), "provenance: 'seed' is 1"},
      {meta("preprocessing", R"({"version":4})"),
       "preprocessing is version 4, this program knows 1 to 3; install a newer mien"},
      {meta("preprocessing", R"({"version":0})"), "preprocessing is version 0, this program knows 1 to 3"},
      {meta("preprocessing", R"({"version":3,"height":6,"width":6,"channels":1,"scale":1,"face":{}})"),
       "preprocessing lacks 'standardize'"},
      {meta("preprocessing", R"({"version":3,"height":6,"width":6,"channels":1,"scale":1,"standardize":1,"face":{}})"),
       "standardize must be true or false"},
      {meta("preprocessing",
            R"({"version":2,"height":6,"width":6,"channels":1,"scale":1,"standardize":true,"face":{}})"),
       "preprocessing has 'standardize'"},
      {face("7"), "preprocessing: face must be a JSON object"},
      {face(R"({"scale":1,"x":0,"y":0,"aligned":false})"), "preprocessing: face lacks 'detector'"},
      {face(R"({"scale":11,"x":0,"y":0,"aligned":false,"detector":"a"})"), "face: scale is 11"},
      {face(R"({"scale":0,"x":0,"y":0,"aligned":false,"detector":"a"})"), "a face with a scale above 0"},
      {face(R"({"scale":1,"x":-1e9,"y":0,"aligned":false,"detector":"a"})"), "face: x is -1000000000.0"},
      {face(R"({"scale":1,"x":0,"y":"up","aligned":false,"detector":"a"})"), "face: y is \"up\""},
      {face(R"({"scale":1,"x":0,"y":0,"aligned":1,"detector":"a"})"), "aligned must be true or false"},
      {face(R"({"scale":1,"x":0,"y":0,"aligned":false,"detector":3})"), "face: detector is 3"},
      {meta("preprocessing", "7"), "preprocessing must be a JSON object"},
      {meta("preprocessing", R"({"version":1,"height":6,"width":6,"channels":1})"), "preprocessing lacks 'scale'"},
      {meta("preprocessing", R"({"version":1,"height":6,"width":6,"channels":1,"scale":1,"crop":2})"), "has 'crop'"},
      {meta("preprocessing", R"({"version":1,"height":6,"width":-6,"channels":1,"scale":1})"), "width is -6"},
      {meta("preprocessing", R"({"version":1,"height":6,"width":6e9,"channels":1,"scale":1})"),
       "width is 6000000000.0"},
      {meta("preprocessing", R"({"version":1,"height":6,"width":6,"channels":1,"scale":"big"})"),
       "scale must be a number"},
      {meta("preprocessing", R"({"version":1,"height":6,"width":6,"channels":1,"scale":1e300})"), "a scale above 0"},
      {meta("preprocessing", R"({"version":1,"height":6,"width":6,"channels":1,"scale":0})"), "a scale above 0"},
      {meta("preprocessing", R"({"version":1,"height":6,"width":7,"channels":1,"scale":1})"),
       "its preprocessing makes 6x7x1"},
      {meta("architecture", "[]"), "architecture must be a JSON object"},
      {architecture("{}"), "must be lists"},
      {architecture("[]"), "layer"},
      {architecture("[7]"), "layer 1 must be a JSON object"},
      {architecture("[]", "[6,6,0]"), "an input extent is 0"},
      {architecture("[]", "[6,6,-1]"), "an input extent is -1"},
      {architecture("[]", "[1,1,1,1,1,1,1]"), "at most 6"},
      {architecture(R"([{"type":"Conv9D","name":"a","settings":{}}])"), "layer 1: "},
      {architecture(R"([{"type":"Dense","name":"a","settings":[]}])"), "settings must be"},
      {architecture(R"([{"type":"Dense","name":"a","settings":{"units":[3]}}])"), "setting 'units' is [3]"},
      {architecture(R"([{"type":"Dense","name":"a","settings":{"units":18446744073709551615}}])"),
       "a number, a text, true or false"},
      {architecture(R"([{"type":"Dense","name":"a","settings":{"wings":2}}])"), "wings"},
      {architecture(R"([{"type":"Dense","name":"a","settings":{"units":3},"inputs":"a"}])"), "inputs must be"},
      {architecture(R"([{"type":"Flatten","name":"a","settings":{},"inputs":["b"]}])"), "b"},
      {architecture(R"([{"type":"Flatten","name":"a","settings":{}}])"), "conv2d"},
      {architecture(R"([{"type":"Conv2D","name":"conv2d","settings":{"padding":"same","filters":2,)"
                    R"("strides_h":9223372036854775807,"strides_w":9223372036854775807}}])"),
       "no parameter dense/bias"},
      {architecture(R"([{"type":"Conv2D","name":"conv2d","settings":{"kernel_size_h":4611686018427387904}}])"),
       "more elements than memory"},
      {architecture(many_layers + "7]"), "10001 layers, at most 10000"},
      {drop("dense/bias"), "dense/bias"},
      {drop("golden/face"), "it lacks 'golden/face'"},
      {[](Safetensors& f) { f.tensors.emplace_back("dense/wings", Tensor(Shape{1})); }, "dense/wings"},
      {[](Safetensors& f) { tensor(f, "dense/bias") = Tensor(Shape{4}); }, "dense/bias"},
      {[](Safetensors& f) { tensor(f, "dense/bias") = Tensor(Shape{3}, DType::i32); }, "parameter 'dense/bias' is i32"},
      {[](Safetensors& f) {
         tensor(f, "golden/face") = Tensor(Shape{5, 6, 1}, DType::u8);
       },
       "golden/face must be u8 6x6x1"},
      {[](Safetensors& f) { tensor(f, "golden/logits") = Tensor(Shape{2}); }, "golden/logits f32 3"},
  };
  for (const auto& c : cases) {
    INFO(c.sentence);
    CHECK_THAT(verdict(changed(true, c.change)), StartsWith("a.safetensors: ") && Contains(c.sentence));
  }
}

TEST_CASE("model file: what cannot work is not saved, and the old file stays") {
  const TempFolder folder;
  const auto path = folder / "a.safetensors";
  save_model(path, tiny_model());
  const auto before = read_file(path);
  const auto refused = [&](const std::function<void(ModelFile&)>& change) {
    auto file = tiny_model();
    change(file);
    try {
      save_model(path, file);
    } catch (const Error& error) {
      CHECK(read_file(path) == before);
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK_THAT(refused([](ModelFile& f) { f.labels.pop_back(); }),
             StartsWith(path.string()) && Contains("there are 2 labels"));
  CHECK_THAT(refused([](ModelFile& f) { f.labels[0] = "\xff"; }), Contains("not UTF-8"));
  CHECK_THAT(refused([](ModelFile& f) { f.golden_face = {}; }), Contains("a golden face is needed"));
  CHECK_THAT(refused([](ModelFile& f) { f.preprocessing.width = 7; }), Contains("its preprocessing makes 6x7x1"));
  CHECK_THAT(refused([](ModelFile& f) { f.preprocessing.face.scale = 0; }), Contains("a face with a scale above 0"));
  CHECK_THAT(refused([](ModelFile& f) { f.preprocessing.face.y = std::numeric_limits<double>::quiet_NaN(); }),
             Contains("a face with a scale above 0"));
  CHECK_THAT(refused([](ModelFile& f) { f.weights = DType::u8; }), Contains("f32 or bf16"));
  CHECK_THAT(refused([](ModelFile& f) {
               f.model.parameters().back().value.view<float>()[0] = std::numeric_limits<float>::infinity();
             }),
             Contains("diverged"));
  CHECK_THAT(refused([](ModelFile& f) { f.provenance["data"] = "a path in latin-1: \xe4"; }), Contains("accepted"));
}

TEST_CASE("model file: a golden face of any size is prepared as every picture is") {
  auto file = tiny_model();
  file.golden_face = {.width = 20, .height = 10, .channels = 3, .pixels = std::vector<std::uint8_t>(600, 90)};
  const auto back = parse_model(saved_bytes(file), "a");
  CHECK(back.golden_face == Image{6, 6, 1, std::vector<std::uint8_t>(36, 90)});
}
