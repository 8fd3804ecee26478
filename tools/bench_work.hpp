// SPDX-License-Identifier: Apache-2.0
// What `mien bench` times: steps of a training and inferences, the same each time, in memory of their own.
#pragma once

#include "mien/nn/classifier.hpp"
#include "mien/nn/optimizer.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mien::cli {

/// The network to be measured, and what stands in for faces: noise. No time depends on what a picture shows, and noise
/// has no two places that are the same but for rounding, at which a maximum of one algorithm is another's second.
struct BenchSubject {
  std::string net; ///< how the user names it
  Model model;
  Preprocessing preprocessing;
  std::vector<std::uint8_t> faces; ///< bytes of height * width * channels each, one face after the other
  std::uint64_t seed = 1;          ///< of augmentation and dropout
  std::string algorithm{};         ///< where the list of a convolution's algorithms is begun

  /// The bytes of the first `batch` faces.
  [[nodiscard]] std::span<const std::uint8_t> first(std::int64_t batch) const {
    return std::span(faces).first(static_cast<std::size_t>(batch * model.input_shape().size()));
  }
};

/// So many pictures of noise for a network. Throws Error if it does not take pictures and give one row of numbers.
[[nodiscard]] BenchSubject bench_subject(std::string net, const Model& model, const Preprocessing& preprocessing,
                                         std::int64_t faces, std::uint64_t seed);

class Work {
public:
  virtual ~Work() = default;
  /// One step or one inference of the whole batch.
  virtual void call() = 0;
  [[nodiscard]] virtual const Model& model() const = 0; ///< what runs
  [[nodiscard]] virtual const Workspace& workspace() const = 0;

  /// Seconds that something beside the layers has taken so far.
  struct Part {
    std::string name;
    double seconds = 0;
  };
  [[nodiscard]] virtual std::span<const Part> parts() const { return {}; }
};

/// A step as Trainer takes it: pictures, forward, loss, backward, Adam.
class TrainingWork final : public Work {
public:
  TrainingWork(const BenchSubject& subject, std::int64_t batch, int threads, bool augmented);
  void call() override;
  [[nodiscard]] const Model& model() const override { return model_; }
  [[nodiscard]] const Workspace& workspace() const override { return workspace_; }
  [[nodiscard]] std::span<const Part> parts() const override { return parts_; }

  [[nodiscard]] double loss() const noexcept { return loss_; } ///< of a picture in the last step
  [[nodiscard]] std::span<const View<float>> gradients() noexcept { return workspace_.gradients(); }

private:
  void fill();

  const BenchSubject& subject_;
  bool augmented_;
  Model model_;
  Workspace workspace_;
  Optimizer optimizer_;
  std::vector<std::uint32_t> samples_;
  std::vector<std::int32_t> labels_;
  std::uint32_t step_ = 0;
  double loss_ = 0;
  std::array<Part, 4> parts_{Part{"pictures"}, Part{"loss"}, Part{"gradients to zero"}, Part{"Adam"}};
};

/// A call as a Classifier answers it: bytes in, probabilities out, batch normalisations folded.
class InferenceWork final : public Work {
public:
  InferenceWork(const BenchSubject& subject, std::int64_t batch, int threads);
  void call() override { probabilities_ = session_.probabilities(faces_); }
  [[nodiscard]] const Model& model() const override { return session_.model(); }
  [[nodiscard]] const Workspace& workspace() const override { return session_.workspace(); }

  [[nodiscard]] View<const float> probabilities() const noexcept { return probabilities_; } ///< of the last call

private:
  std::span<const std::uint8_t> faces_;
  Classifier::Session session_;
  View<const float> probabilities_{nullptr, {0}};
};

} // namespace mien::cli
