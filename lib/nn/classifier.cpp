// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/classifier.hpp"

#include "mien/core/error.hpp"
#include "mien/nn/fold.hpp"
#include "mien/nn/model_file.hpp"
#include "mien/ops/conv2d.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/ops/softmax.hpp"

#include <algorithm>

namespace mien {

namespace {

/// The model without its batch normalisations; where there are none, the file's own, not a copy.
std::shared_ptr<const Model> runnable(const std::shared_ptr<const ModelFile>& file) {
  const auto is_norm = [](const Model::Node& node) { return node.layer->type() == "BatchNormalization"; };
  if (std::ranges::none_of(file->model.nodes(), is_norm)) return {file, &file->model};
  return std::make_shared<const Model>(fold_batch_normalization(file->model));
}

} // namespace

Classifier::Classifier(ModelFile file)
    : file_(std::make_shared<const ModelFile>(std::move(file))), model_(runnable(file_)) {
  pack();
}

Classifier Classifier::load(const std::filesystem::path& path) { return Classifier(load_model(path)); }

Classifier Classifier::beginning_with(std::string_view algorithm) const {
  if (algorithm == algorithm_) return *this;
  (void)choose_conv2d({}, algorithm); // throws where there is none
  Classifier other = *this;
  other.algorithm_ = algorithm;
  other.pack();
  return other;
}

void Classifier::pack() {
  packed_ = std::make_shared<const PackedParameters>(pack_parameters(*model_, plan(1), available_threads()));
}

Plan Classifier::plan(std::int64_t batch) const {
  return Plan(*model_, {.batch = batch, .constant = true, .algorithm = algorithm_});
}

Classifier::Session::Session(const Classifier& classifier, std::int64_t batch, int threads)
    : file_(classifier.file_), model_(classifier.model_),
      workspace_(classifier.plan(batch), threads, classifier.packed_) {}

View<const float> Classifier::Session::cooled(View<const float> logits) {
  if (!file_->calibration) return logits;
  const auto temperature = static_cast<float>(file_->calibration->temperature);
  cooled_.resize(logits.size());
  std::ranges::transform(logits, cooled_.begin(), [&](float x) { return x / temperature; });
  return {cooled_.data(), logits.shape()};
}

View<const float> Classifier::Session::probabilities(std::span<const std::uint8_t> faces) {
  const auto& p = file_->preprocessing;
  const auto face = static_cast<std::size_t>(file_->model.input_shape().size());
  if (faces.size() % face != 0) {
    throw Error(concat("classifier: ", faces.size(), " bytes are no whole number of faces of ", p.height, "x", p.width,
                       "x", p.channels, "; prepare pictures with to_input_bytes()"));
  }
  const auto n = static_cast<std::int64_t>(faces.size() / face);
  const Shape shape = file_->model.output_shape().batched(n);
  if (results_.size() < static_cast<std::size_t>(shape.size())) results_ = Tensor(shape);
  const View<float> results(results_.view<float>().data(), shape);

  const auto outputs = file_->model.output_shape().size();
  for (std::int64_t done = 0; done < n;) {
    const auto count = std::min(n - done, workspace_.plan().options().batch);
    const auto bytes = faces.subspan(static_cast<std::size_t>(done) * face, static_cast<std::size_t>(count) * face);
    to_input_floats(workspace_.input(count).span(), bytes, p);
    softmax({results.data() + done * outputs, Shape{count, outputs}}, cooled(workspace_.forward(*model_, count)));
    done += count;
  }
  return results;
}

} // namespace mien
