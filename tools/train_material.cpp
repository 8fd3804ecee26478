// SPDX-License-Identifier: Apache-2.0
#include "tools/train_material.hpp"

#include "mien/core/error.hpp"
#include "mien/data/copies.hpp"
#include "mien/data/split.hpp"
#include "mien/data/votes.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/nn/network_file.hpp"
#include "mien/nn/networks.hpp"
#include "mien/nn/transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace mien::cli {
namespace {

/// A network as it is known before the pictures are, and how pictures are prepared for it.
struct Beginning {
  std::optional<Model> model;
  Preprocessing preprocessing;
  std::vector<std::string> labels{}; ///< of a model that was trained before
  PictureSet seen{};                 ///< what that one has learnt from
};

Beginning begin(const TrainSettings& s, const Common& common) {
  Beginning b;
  if (!s.from.empty()) {
    const auto classifier = load_classifier(s.from);
    b = {classifier.file().model, classifier.preprocessing(), classifier.file().labels, classifier.file().seen};
  } else if (is_network_file(s.net)) {
    b.model = read_network(s.net, common.seed);
    b.preprocessing = preprocessing_for(*b.model, s.net);
  } else {
    b.preprocessing.channels = s.channels;
  }
  if (s.from.empty()) b.preprocessing.standardize = s.input == "standardised";
  if (s.from.empty() || s.aligned) b.preprocessing.face.aligned = s.aligned;
  return b;
}

Model network_for(Beginning beginning, const Dataset& data, const TrainSettings& s, const Common& common) {
  const auto classes = static_cast<std::int64_t>(data.classes.size());
  if (!beginning.model) return network_named(s.net, {.classes = classes, .channels = s.channels, .seed = common.seed});
  if (s.from.empty() || beginning.labels == data.classes) return std::move(*beginning.model);
  say(common,
      fmt::format("{} names {} other classes: its last layer begins anew, for {}\n",
                  s.from == "-" ? "the model that mien ships" : s.from, beginning.labels.size(), data.classes.size()));
  return with_new_classes(*beginning.model, classes, common.seed);
}

std::size_t exact_copies(const Dataset& data) {
  const auto firsts = first_copies(data);
  std::size_t copies = 0;
  for (std::size_t i = 0; i < firsts.size(); ++i) copies += firsts[i] != i;
  return copies;
}

void say_what_was_found(const Common& common, const TrainSettings& s, const std::vector<std::size_t>& counts,
                        const Dataset& kept, const Dataset& held) {
  auto text =
      fmt::format("{}: {} pictures of {} classes\n  ", s.data.string(), kept.size() + held.size(), counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i)
    text += fmt::format("{}{} {}", i > 0 ? ", " : "", kept.classes[i], counts[i]);
  text += fmt::format("\n  {} to learn from, {} to measure on; ", kept.size(), held.size());
  if (kept.packed) return say(common, text + "exact copies, if any, on one side\n"); // counting them takes memory
  say(common, text + fmt::format("{} exact copies, each on the side of its original\n",
                                 exact_copies(kept) + exact_copies(held)));
}

/// Leaves out what --drop-conflicts and --dedup name, in this order: a contradiction is one among copies.
void clean(Dataset& data, const TrainSettings& s, const Common& common) {
  const auto before = data.size();
  if (s.drop_conflicts) data = without_contradictions(data);
  const auto agreeing = data.size();
  if (s.dedup) data = without_copies(data);
  if (s.drop_conflicts)
    say(common, fmt::format("{} left out: copies of each other, with different labels\n",
                            plural(before - agreeing, "picture")));
  if (s.dedup)
    say(common, fmt::format("{} left out: exact copies of others\n", plural(agreeing - data.size(), "picture")));
}

/// Puts what raters named in the place of the labels, as --votes and --targets ask.
void take_votes(Dataset& data, const TrainSettings& s, const Common& common) {
  if (s.votes.empty()) return;
  const auto ratings = rate(read_votes(s.votes, fer_plus_names), data);
  const bool soft = s.targets == "soft";
  const auto& labels = soft ? ratings.likeliest : ratings.plurality;
  const auto before = data.size();
  if (soft) data.targets = ratings.shares;
  data = relabelled(data, labels);
  say(common,
      fmt::format("{} of {} pictures have {} from the votes; left out: {} without votes, {} for which most name "
                  "none of the classes{}\n",
                  data.size(), before, soft ? "shares" : "a label", ratings.without_votes, ratings.no_class,
                  soft ? "" : fmt::format(", {} with a tie", ratings.ties)));
  const auto counts = data.counts();
  const auto empty = std::ranges::find(counts, 0U) - counts.begin();
  if (empty < std::ssize(counts))
    throw Error(concat(s.votes.string(), ": leaves no picture of ", data.classes[static_cast<std::size_t>(empty)],
                       "; leave --votes away, or the class"));
}

/// What the model will have seen; nothing if that is too much to keep, or not known of the model it begins with.
PictureSet pictures_seen(const Beginning& beginning, const Split& sides, const TrainSettings& s) {
  if (sides.kept.size() + sides.held.size() > PictureSet::most || (!s.from.empty() && beginning.seen.empty()))
    return {};
  PictureSet seen(sides.kept);
  seen.add(PictureSet(sides.held));
  seen.add(beginning.seen);
  return seen.size() > PictureSet::most ? PictureSet() : seen;
}

/// A figure from few pictures says little: says how little.
void warn_of_few(const std::vector<std::size_t>& counts, const Dataset& validation) {
  const auto fewest = static_cast<std::size_t>(std::ranges::min_element(counts) - counts.begin());
  const double spread = 98 / std::sqrt(static_cast<double>(validation.size())); // 1.96 deviations at 50 %, in points
  if (counts[fewest] >= 30 && spread <= 10) return;
  say_warning(fmt::format("{} has {}, and {} are there to measure on: an accuracy on these is right to within "
                          "{:.0f} points, so take it for a first look; dozens of pictures a class say more",
                          validation.classes[fewest], plural(counts[fewest], "picture"), validation.size(),
                          std::min(spread, 100.0)));
}

Dataset read_clean(const Preprocessing& preprocessing, const TrainSettings& s, const Common& common) {
  auto read = read_data(s.data, DataPart::train, {.preprocessing = preprocessing, .strict = s.strict, .usage = s.usage},
                        common);
  take_votes(read.data, s, common);
  clean(read.data, s, common);
  return std::move(read.data);
}

TrainMaterial cut(Beginning beginning, Dataset data, const TrainSettings& s, const Common& common) {
  const auto preprocessing = beginning.preprocessing;
  auto sides = split(std::move(data), s.validation, common.seed);
  auto seen = pictures_seen(beginning, sides, s);
  auto network = network_for(std::move(beginning), sides.kept, s, common);
  return {std::move(network), preprocessing, std::move(sides.kept), std::move(sides.held), std::move(seen)};
}

} // namespace

TrainMaterial prepare_training(const TrainSettings& s, const Common& common) {
  auto beginning = begin(s, common);
  auto data = read_clean(beginning.preprocessing, s, common);
  auto material = cut(std::move(beginning), std::move(data), s, common);
  tell_of(material, s, common);
  return material;
}

ReadPictures read_pictures(const TrainSettings& s, const Common& common) {
  const auto preprocessing = begin(s, common).preprocessing;
  return {preprocessing, read_clean(preprocessing, s, common)};
}

TrainMaterial cut_pictures(Dataset data, const TrainSettings& s, const Common& common) {
  return cut(begin(s, common), std::move(data), s, common);
}

void tell_of(const TrainMaterial& material, const TrainSettings& s, const Common& common) {
  auto counts = material.train.counts();
  const auto held = material.validation.counts();
  for (std::size_t c = 0; c < counts.size(); ++c) counts[c] += held[c];
  say_what_was_found(common, s, counts, material.train, material.validation);
  warn_of_few(counts, material.validation);
}

TrainMaterial prepare_again(const TrainMaterial& read, const TrainSettings& s, const Common& common) {
  auto beginning = begin(s, common);
  const auto preprocessing = beginning.preprocessing;
  return {network_for(std::move(beginning), read.train, s, common), preprocessing, read.train, read.validation,
          read.seen};
}

} // namespace mien::cli
