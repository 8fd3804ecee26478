// SPDX-License-Identifier: Apache-2.0
#include "tools/inputs.hpp"

#include "mien/core/error.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/emotion/shipped_model.hpp"
#include "mien/train/calibration.hpp"

#include <fmt/format.h>

namespace mien::cli {
namespace {

bool is_shipped(const std::string& model) { return model == "-"; }

std::filesystem::path model_path(const std::filesystem::path& model) {
  return std::filesystem::is_directory(model) ? model / "model.safetensors" : model;
}

} // namespace

void AlgorithmFlag::bind(Command& command) {
  std::vector<std::string> names;
  for (const auto& algorithm : conv2d_algorithms()) names.emplace_back(algorithm.name);
  command.choice("algorithm", name_, std::move(names), "Of convolutions: the first to try; direct sums as defined");
}

std::string AlgorithmFlag::value() const { return name_ == conv2d_algorithms().front().name ? "" : name_; }

void AugmentationFlags::bind(Command& command) {
  command.group("Augmentation");
  command.option("rotation", bounds_.rotation_degrees, "DEGREES", "Turn by up to so much", Range{0.0f, 180.0f});
  command.option("zoom", bounds_.zoom, "SHARE", "Stretch height and width by up to so much", Range{0.0f, 0.9f});
  command.option("shift", bounds_.shift, "SHARE", "Move by up to so much of the picture", Range{0.0f, 1.0f});
  command.flag("no-flip", no_flip_, "Do not mirror one picture in two");
  command.option("shear", bounds_.shear_degrees, "DEGREES", "Lean by up to so much", Range{0.0f, 60.0f});
  command.option("crop", bounds_.crop, "PIXELS", "Move by up to so many whole pixels", Range{0, 1024});
  command.option("brightness", bounds_.brightness, "SHARE", "Lighten and darken by up to so much", Range{0.0f, 0.99f});
  command.option("contrast", bounds_.contrast, "SHARE", "Raise and lower the contrast by so much", Range{0.0f, 0.99f});
  command.option("erase", bounds_.erase, "SHARE", "Cover a rectangle in so many of the pictures", Range{0.0f, 1.0f});
}

Augmentation AugmentationFlags::value() const {
  Augmentation augmentation = bounds_;
  augmentation.flip = bounds_.flip && !no_flip_;
  return augmentation;
}

Classifier load_classifier(const std::string& model) {
  if (is_shipped(model)) return shipped_classifier();
  const auto path = model_path(model);
  auto classifier = Classifier::load(path);
  for (const auto& note : classifier.file().notes) say_warning(concat(path.string(), ": ", note));
  return classifier;
}

double threshold_of(const Classifier& classifier, double risk) {
  if (!classifier.file().calibration)
    throw Error(
        "--abstain needs a calibrated model, since others do not say how often they err: mien convert MODEL OUT "
        "--calibrate DATA");
  const double threshold = threshold_for(*classifier.file().calibration, risk);
  if (threshold > 1)
    throw Error(fmt::format("--abstain {}: the model's surest answers are wrong more often than that, as far as its {} "
                            "calibration pictures can tell; allow more",
                            risk, classifier.file().calibration->pictures));
  return threshold;
}

std::uintmax_t model_bytes(const std::string& model) {
  return is_shipped(model) ? shipped_model().size() : std::filesystem::file_size(model_path(model));
}

Preprocessing preprocessing_for(const Model& model, const std::string& net) {
  const auto& input = model.input_shape();
  if (input.rank() != 3)
    throw Error(concat(net, ": a network for pictures takes height x width x channels, not ", input));
  Preprocessing preprocessing;
  preprocessing.height = static_cast<int>(input[0]);
  preprocessing.width = static_cast<int>(input[1]);
  preprocessing.channels = static_cast<int>(input[2]);
  return preprocessing;
}

void say_report(const ReadReport& report, const Common& common) {
  for (const auto& note : report.notes) say(common, note + "\n");
  for (const auto& picture : report.skipped) say(common, concat("  left out: ", picture, "\n"));
}

ReadData read_data(const std::filesystem::path& path, DataPart part, ReadOptions options, const Common& common) {
  options.threads = common.threads;
  if (options.csv_classes.empty()) options.csv_classes.assign(fer2013_names.begin(), fer2013_names.end());
  ReadData read;
  {
    Progress progress("reading", common.quiet);
    options.progress = [&](std::size_t done, std::size_t all) { progress(done, all); };
    read = open_data(path, part, options);
  }
  say_report(read.report, common);
  const auto& skipped = read.report.skipped;
  if (!skipped.empty())
    say(common, fmt::format("{} of {} pictures could not be used and were left out\n", skipped.size(),
                            skipped.size() + read.data.size()));
  return read;
}

} // namespace mien::cli
