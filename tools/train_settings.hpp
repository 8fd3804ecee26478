// SPDX-License-Identifier: Apache-2.0
// What `mien train` is told: on the command line, by a run.json, by a recipe.
#pragma once

#include "tools/cli.hpp"
#include "tools/inputs.hpp"

#include "mien/data/preprocessing.hpp"
#include "mien/train/options.hpp"

#include <filesystem>
#include <string>

namespace mien::cli {

struct TrainSettings {
  /// The recipe's values, as defaults. Throws UsageError if there is no recipe of this name.
  explicit TrainSettings(const std::string& recipe_name);

  std::filesystem::path data;
  std::string recipe_name;
  TrainOptions recipe;
  AugmentationFlags augmentation;
  std::string net;   ///< empty where `from` brings one
  std::string input; ///< scaled or standardised
  int channels = 1;
  std::string from;
  double validation = 0.1;
  std::string usage;
  std::filesystem::path votes;
  std::string targets = "hard"; ///< of the votes
  bool strict = false, aligned = false, dedup = false, drop_conflicts = false;
  std::filesystem::path out;
  std::string weights = "f32";
  int checkpoint_every = 200;
  std::filesystem::path resume;
  std::filesystem::path config;
  bool force = false;

  /// Adds every option of a training to a command line.
  void bind(Command& command);
  /// Adds those that the trials of a search have in common: not how long they are, nor where their files go.
  void bind_for_search(Command& command);
  /// After parsing: fills what was left out, from the run.json, then by default.
  void settle(Command& command, const Common& common);
  /// Takes over how a network that was read has its pictures prepared, for run.json.
  void note(const Preprocessing& preprocessing);

private:
  void bind_pictures(Command& command);
  void bind_learning(Command& command);

  // Words for what `recipe` holds as other types.
  std::string optimizer_, schedule_, class_weights_, decay_on_, freeze_;
  AlgorithmFlag algorithm_;
  bool no_nesterov_ = false;
};

/// Whether --net names a file: a network's name has no ending.
[[nodiscard]] bool is_network_file(const std::string& net);

} // namespace mien::cli
