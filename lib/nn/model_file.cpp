// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/model_file.hpp"

#include "mien/core/error.hpp"
#include "mien/io/safetensors.hpp"

#include "lib/nn/model_json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <optional>
#include <set>
#include <utility>

namespace mien {
namespace {

constexpr std::array<std::string_view, 7> keys{"architecture", "calibration",   "kind",      "labels",
                                               "mien_format",  "preprocessing", "provenance"};

/// A quarter of a gigabyte: what one picture's way through a network may take before it is a mistake or an attack.
constexpr std::size_t most_floats = std::size_t{1} << 26;

/// The network's parts must fit together; the same sentence serves whoever writes and whoever reads.
void check_parts(const Model& model, const Preprocessing& preprocessing, const std::vector<std::string>& labels) {
  const auto& p = preprocessing;
  if (const Shape prepared{p.height, p.width, p.channels}; model.input_shape() != prepared) {
    throw Error(concat("the network takes ", model.input_shape(), ", its preprocessing makes ", prepared));
  }
  if (p.channels == 2 || !std::isfinite(p.scale) || p.scale <= 0) {
    throw Error(concat("preprocessing needs 1 or 3 channels and a scale above 0, not ", p.channels, " and ", p.scale));
  }
  const auto within = [](double x) { return std::abs(x) <= 10; }; // false for a NaN
  if (!(within(p.face.scale) && p.face.scale > 0 && within(p.face.x) && within(p.face.y))) {
    throw Error(concat("preprocessing needs a face with a scale above 0, at most 10, and x and y from -10 to 10, not ",
                       p.face.scale, ", ", p.face.x, " and ", p.face.y));
  }
  if (model.output_shape() != Shape{static_cast<std::int64_t>(labels.size())}) {
    throw Error(concat("the network's output is ", model.output_shape(), ", and there are ", labels.size(), " labels"));
  }
  if (std::ranges::count(labels, "") > 0 || std::set(labels.begin(), labels.end()).size() != labels.size()) {
    throw Error("every label needs a name of its own");
  }
}

/// What the network answers to one prepared face.
std::vector<float> logits_of(const Model& model, const Preprocessing& preprocessing,
                             std::span<const std::uint8_t> face) {
  const Plan plan(model, {.batch = 1});
  const auto floats = plan.activation_floats() + plan.scratch().floats(1);
  if (floats > most_floats) {
    throw Error(concat("one picture would need ", floats, " numbers of memory, at most ", most_floats, " are allowed"));
  }
  Workspace workspace(plan);
  to_input_floats(workspace.input(1).span(), face, preprocessing);
  const auto logits = workspace.forward(model, 1);
  return {logits.begin(), logits.end()};
}

std::ptrdiff_t largest(std::span<const float> x) { return std::ranges::max_element(x) - x.begin(); }

/// What is wrong with the logits found here, or an empty text.
std::string deviation(std::span<const float> found, std::span<const float> expected, const ModelFile& file) {
  const float allowed = file.weights == DType::f32 ? 1e-3f : 5e-2f;
  float size = 1;
  for (const float x : expected) size = std::max(size, std::abs(x));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (!(std::abs(found[i] - expected[i]) <= allowed * size)) { // a NaN is a deviation too
      return concat("its golden face has ", found[i], " for ", file.labels[i], ", the file says ", expected[i]);
    }
  }
  const auto label = static_cast<std::size_t>(largest(found));
  const auto right = static_cast<std::size_t>(largest(expected));
  if (label == right) return {};
  return concat("its golden face is ", file.labels[label], ", the file says ", file.labels[right]);
}

void check_metadata(const std::map<std::string, std::string>& metadata) {
  const auto format = metadata.find("mien_format");
  if (format == metadata.end())
    throw Error("a safetensors file, but no model of mien: its metadata lack 'mien_format'");
  if (format->second != std::to_string(model_format)) {
    throw Error(concat("written in model format ", format->second, ", this program reads ", model_format,
                       "; install a newer mien, or save the model with an older one"));
  }
  for (const auto key : keys) {
    if (!metadata.contains(std::string(key))) throw Error(concat("its metadata lack '", key, "'"));
  }
  for (const auto& [key, value] : metadata) {
    // Strict, so that a damaged key is noticed; `format` is what PyTorch's tools add.
    if (std::ranges::count(keys, key) == 0 && key != "format")
      throw Error(concat("its metadata have the unknown key '", key, "'; remove it"));
  }
  if (metadata.at("kind") != "network") {
    throw Error(concat("of the kind '", metadata.at("kind"), "', this program knows 'network'; install a newer mien"));
  }
}

/// Runs the golden face. A sealed file must have one and agree; an edited one earns a note.
void check_golden(ModelFile& file, bool sealed, const std::optional<Tensor>& face,
                  const std::optional<Tensor>& logits) {
  const auto& p = file.preprocessing;
  if (!sealed)
    file.notes.emplace_back("no digest: the file was edited by another program, damage would not be noticed");
  if (!face || !logits) {
    if (sealed) throw Error("it lacks 'golden/face' or 'golden/logits'");
    file.notes.emplace_back("no golden face: whether the network computes the same here is not known");
    return;
  }
  if (face->dtype() != DType::u8 || face->shape() != file.model.input_shape() || logits->dtype() != DType::f32 ||
      logits->shape() != file.model.output_shape()) {
    throw Error(concat("golden/face must be u8 ", file.model.input_shape(), " and golden/logits f32 ",
                       file.model.output_shape()));
  }
  const auto pixels = face->view<std::uint8_t>();
  file.golden_face = {p.width, p.height, p.channels, {pixels.begin(), pixels.end()}};
  const auto wrong = deviation(logits_of(file.model, p, pixels.span()), logits->view<float>().span(), file);
  if (wrong.empty()) return;
  if (sealed)
    throw Error(concat("computes otherwise here: ", wrong, "; set MIEN_KERNELS=reference, and report it please"));
  file.notes.push_back(concat("golden face not confirmed, as when weights were edited: ", wrong));
}

/// The digests of seen pictures: their bits, in the type that files have.
Tensor stored_pictures(const PictureSet& seen) {
  Tensor tensor(Shape{static_cast<std::int64_t>(seen.size())}, DType::i32);
  std::ranges::transform(seen.values(), tensor.view<std::int32_t>().begin(),
                         [](std::uint32_t digest) { return static_cast<std::int32_t>(digest); });
  return tensor;
}

PictureSet seen_pictures(const Tensor& tensor) {
  if (tensor.dtype() != DType::i32 || tensor.shape().rank() != 1 || tensor.size() > PictureSet::most)
    throw Error(concat("training/pictures is ", name_of(tensor.dtype()), " ", tensor.shape(), ", expected at most ",
                       PictureSet::most, " digests as i32"));
  std::vector<std::uint32_t> digests;
  for (const auto bits : tensor.view<std::int32_t>().span()) digests.push_back(static_cast<std::uint32_t>(bits));
  return PictureSet(std::move(digests));
}

ModelFile from_safetensors(Safetensors file) {
  check_metadata(file.metadata);
  PictureSet seen;
  std::optional<Tensor> face;
  std::optional<Tensor> logits;
  std::vector<Parameter> parameters;
  DType weights = DType::f32;
  for (auto& [name, tensor] : file.tensors) {
    if (name == "golden/face") {
      face = std::move(tensor);
    } else if (name == "golden/logits") {
      logits = std::move(tensor);
    } else if (name == "training/pictures") {
      seen = seen_pictures(tensor);
    } else if (tensor.dtype() == DType::f32) {
      parameters.push_back({name, std::move(tensor)});
    } else if (tensor.dtype() == DType::bf16) {
      weights = DType::bf16;
      parameters.push_back({name, converted(tensor, DType::f32)});
    } else {
      throw Error(concat("parameter '", name, "' is ", name_of(tensor.dtype()), ", f32 or bf16 is needed"));
    }
  }
  const auto& metadata = file.metadata;
  const auto architecture = parse_architecture(metadata.at("architecture"));
  ModelFile result{.model = Model(architecture.input, architecture.layers, std::move(parameters)),
                   .preprocessing = parse_preprocessing(metadata.at("preprocessing")),
                   .labels = parse_labels(metadata.at("labels")),
                   .provenance = parse_provenance(metadata.at("provenance")),
                   .weights = weights,
                   .seen = std::move(seen),
                   .calibration = parse_calibration(metadata.at("calibration"))};
  check_parts(result.model, result.preprocessing, result.labels);
  check_golden(result, file.sealed, face, logits);
  return result;
}

ModelFile named(Safetensors file, std::string_view name) {
  try {
    return from_safetensors(std::move(file));
  } catch (const Error& error) {
    throw Error(concat(name, ": ", error.what()));
  }
}

} // namespace

void save_model(const std::filesystem::path& path, const ModelFile& file) try {
  if (file.weights != DType::f32 && file.weights != DType::bf16) throw Error("weights can be saved as f32 or bf16");
  check_parts(file.model, file.preprocessing, file.labels);
  if (file.seen.size() > PictureSet::most)
    throw Error(
        concat("of ", file.seen.size(), " training pictures, ", PictureSet::most, " can be kept; leave them out"));
  if (file.calibration) check(*file.calibration);
  if (file.golden_face.pixels.empty()) throw Error("a golden face is needed, draw_face() makes one");

  std::vector<NamedTensor> stored;
  std::deque<Tensor> made; // what the model does not hold as it is written
  const auto store = [&](const std::string& name, Tensor tensor) -> Tensor& {
    stored.push_back({name, &made.emplace_back(std::move(tensor))});
    return made.back();
  };
  std::optional<Model> rounded; // what a reader of bf16 will have
  if (file.weights == DType::bf16) rounded = file.model;
  for (std::size_t i = 0; i < file.model.parameters().size(); ++i) {
    const auto& [name, value, role, rate] = file.model.parameters()[i];
    // A moving variance is divided by: rounding one to 8 bits would move a whole channel.
    if (!rounded || role == ParameterRole::statistic)
      stored.push_back({name, &value});
    else
      rounded->parameters()[i].value = converted(store(name, converted(value, DType::bf16)), DType::f32);
  }
  const Model& model = rounded ? *rounded : file.model;
  const auto face = to_input_bytes(file.golden_face, file.preprocessing);
  const auto logits = logits_of(model, file.preprocessing, face.pixels);
  if (!std::ranges::all_of(logits, [](float x) { return std::isfinite(x); })) {
    throw Error("the network answers with infinity or NaN: its training has diverged, use the last good file");
  }
  std::ranges::copy(face.pixels,
                    store("golden/face", Tensor(model.input_shape(), DType::u8)).view<std::uint8_t>().begin());
  std::ranges::copy(logits, store("golden/logits", Tensor(model.output_shape())).view<float>().begin());

  if (!file.seen.empty()) store("training/pictures", stored_pictures(file.seen));

  write_safetensors(path,
                    {{"architecture", architecture_text(model)},
                     {"calibration", calibration_text(file.calibration)},
                     {"kind", "network"},
                     {"labels", labels_text(file.labels)},
                     {"mien_format", std::to_string(model_format)},
                     {"preprocessing", preprocessing_text(file.preprocessing)},
                     {"provenance", provenance_text(file.provenance)}},
                    std::move(stored));
} catch (const Error& error) {
  throw Error(concat(path.string(), ": not saved: ", error.what()));
}

ModelFile load_model(const std::filesystem::path& path) { return named(read_safetensors(path), path.string()); }

ModelFile parse_model(std::span<const std::byte> bytes, std::string_view name) {
  return named(parse_safetensors(bytes, name), name);
}

} // namespace mien
