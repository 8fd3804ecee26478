// SPDX-License-Identifier: Apache-2.0
#include "tools/train_settings.hpp"

#include "tools/run_json.hpp"

#include "mien/core/error.hpp"
#include "mien/nn/networks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

namespace mien::cli {
namespace {

namespace fs = std::filesystem;

const Recipe& recipe_of(const std::string& name) try { return recipe_named(name); } catch (const Error& error) {
  throw UsageError(error.what());
}

template <class Range> std::vector<std::string> names_of(const Range& all) {
  std::vector<std::string> names;
  for (const auto& one : all) names.emplace_back(one.name);
  return names;
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

constexpr double most = 1e30;

} // namespace

bool is_network_file(const std::string& net) { return fs::path(net).has_extension(); }

TrainSettings::TrainSettings(const std::string& name)
    : recipe_name(name), recipe(recipe_of(name).options), augmentation(recipe.augmentation), net(recipe_of(name).net),
      input(recipe_of(name).standardize ? "standardised" : "scaled"), optimizer_(name_of(recipe.optimizer.kind)),
      schedule_(name_of(recipe.schedule.kind)),
      class_weights_(recipe.class_weights == ClassWeights::balanced ? "balanced" : "none"),
      decay_on_(fmt::format("{}", fmt::join(recipe.optimizer.decayed, ","))), no_nesterov_(!recipe.optimizer.nesterov) {
}

void TrainSettings::bind_pictures(Command& command) {
  command.argument("DATA", data, "What to learn from (default: data)", true);
  command.group("Training");
  command.choice("recipe", recipe_name, names_of(recipes()), "What the options that are not given are taken from");
}

void TrainSettings::bind_learning(Command& command) {
  auto& o = recipe.optimizer;
  auto& rate = recipe.schedule;
  command.group("Training");
  command.option("batch", recipe.batch, "N", "Pictures a step", Range{1, 65'536});
  command.option("lr", recipe.learning_rate, "X", "Learning rate: how far a step goes, at most", Range{1e-30, most});
  command.option("validation", validation, "X", "Share of the pictures kept aside to measure on", Range{0.001, 0.9});
  command.flag("dedup", dedup, "Of exact copies learn from the first alone");
  command.flag("drop-conflicts", drop_conflicts, "Leave out pictures whose exact copies have another label");
  command.group("Network");
  command.option("net", net, "NET",
                 fmt::format("{}, or a JSON file that describes one", fmt::join(names_of(named_networks()), ", ")));
  command.choice("input", input, {"scaled", "standardised"},
                 "Bytes times 1/255, or each picture with mean 0, deviation 1");
  command.option("channels", channels, "N", "1: grey pictures, 3: in colour", Range{1, 3});
  command.option("from", from, "MODEL",
                 "Go on from what this model has learned; a file, a run, or - (the shipped one)");
  command.option("freeze", freeze_, "LAYERS",
                 "Leave these as they are: names, `conv2d*`, or features (all but the last)");
  algorithm_.bind(command);
  command.group("Optimiser");
  command.choice("optimizer", optimizer_, {"adam", "adamw", "sgd"}, "Which one");
  command.option("momentum", o.momentum, "X", "Of sgd: how much of its steps it keeps", Range{0.0, 0.9999});
  command.flag("no-nesterov", no_nesterov_, "Of sgd: plain momentum");
  command.option("weight-decay", o.weight_decay, "X", "Of adamw and sgd: how weights shrink", Range{0.0, most});
  command.option("l2", o.l2, "X", "Penalty on the weights' squares, in the loss", Range{0.0, most});
  command.option("decay-on", decay_on_, "NAMES", "What the last two touch: kernel, gamma, dense/bias, ..., all");
  command.option("clip-norm", o.clip_norm, "X", "The longest that a step's gradients may be; 0: any", Range{0.0, most});
  command.option("weight-average", recipe.weight_average, "X",
                 "Use an average of the weights that keeps so much a step", Range{0.0, 0.999999});
  command.group("Schedule of the learning rate");
  command.choice("schedule", schedule_, {"constant", "step", "plateau", "cosine", "one_cycle"}, "How it changes");
  command.option("warmup", rate.warmup_epochs, "EPOCHS", "Rise in a straight line first", Range{0.0, 1e6});
  command.option("lr-factor", rate.factor, "X", "Of step, plateau: what a drop leaves of it", Range{0.0, 1.0});
  command.option("lr-step", rate.step_epochs, "EPOCHS", "Of step: from drop to drop", Range{1, 1'000'000});
  command.option("lr-patience", rate.patience, "EPOCHS", "Of plateau: without progress before a drop",
                 Range{0, 1'000'000});
  command.option("lr-floor", rate.floor, "X", "Of plateau, cosine: the lowest", Range{0.0, most});
  command.option("lr-rise", rate.rise_share, "SHARE", "Of one_cycle: the steps that rise", Range{0.001, 0.999});
  command.group("Loss");
  command.option("label-smoothing", recipe.label_smoothing, "SHARE", "Of a target, spread over all classes",
                 Range{0.0, 0.99});
  command.choice("class-weights", class_weights_, {"none", "balanced"},
                 "balanced: each class counts alike; lifts macro F1, lowers accuracy");
  augmentation.bind(command);
  command.group("Data");
  command.option("usage", usage, "NAME", "Of a CSV: the rows with this Usage (default: Training)");
  command.option("votes", votes, "FILE", "Learn what raters named: a table of votes, fer2013new.csv say");
  command.choice("targets", targets, {"hard", "soft"},
                 "With --votes: the class that most name, or each class's share of the votes");
  command.flag("aligned", aligned, "They were cut by `mien data crop --align`; predict will turn faces level, too");
  command.flag("strict", strict, "Refuse pictures that cannot be used, instead of leaving them out");
}

void TrainSettings::bind_for_search(Command& command) {
  bind_pictures(command);
  bind_learning(command);
}

void TrainSettings::bind(Command& command) {
  bind_pictures(command);
  command.option("epochs", recipe.epochs, "N", "How often every picture is seen", Range{1, 1'000'000});
  command.option("patience", recipe.patience, "EPOCHS", "End after so many without progress; 0: do not",
                 Range{0, 1'000'000});
  bind_learning(command);
  command.group("Files");
  command.option("out", out, "DIR", "Where the files go (default: runs/<net>-<seed>)");
  command.choice("weights", weights, {"f32", "bf16"}, "How models are stored; bf16 takes half the room");
  command.option("checkpoint-every", checkpoint_every, "N", "Save the state every N steps too; 0: after epochs alone",
                 Range{0, 1'000'000'000});
  command.option("resume", resume, "DIR", "Go on with the training in this folder");
  command.option("config", config, "FILE", "Options from a run.json; those given here count more");
  command.flag("force", force, "Begin again in a folder that holds something; with --resume: on other kernels");
}

void TrainSettings::settle(Command& command, const Common& common) {
  if (command.given("resume")) {
    if (command.given("out") || command.given("config"))
      throw UsageError("--resume goes on in its own folder with its own run.json: leave --out and --config away");
    out = resume;
    config = resume / "run.json";
  }
  if (command.given("recipe") && !config.empty())
    throw UsageError("a run.json holds every value of its recipe already: leave --recipe away");
  const bool channels_given = command.given("channels"); // by hand: a run.json holds every option
  const bool targets_given = command.given("targets");
  const bool network_given = command.given("net") || channels_given || command.given("input");
  if (!config.empty()) apply_run_json(config, command, data);
  if (channels == 2) throw UsageError("--channels takes 1 (grey) or 3 (colour)");
  if (!from.empty() && network_given)
    throw UsageError("--from brings its own network and input: leave --net, --channels and --input away");
  if (channels_given && is_network_file(net))
    throw UsageError("--net FILE says itself how many channels its pictures have: leave --channels away");
  if (targets_given && votes.empty()) throw UsageError("--targets says what is made of --votes FILE");
  if (!votes.empty()) votes = fs::absolute(votes).lexically_normal(); // run.json may be used elsewhere
  if (data.empty()) data = "data";
  if (is_network_file(net)) net = fs::absolute(net).lexically_normal().string(); // run.json may be used elsewhere
  if (!from.empty()) net.clear();
  if (!from.empty() && from != "-") from = fs::absolute(from).lexically_normal().string();
  if (out.empty())
    out = fs::path("runs") / fmt::format("{}-{}", from.empty() ? fs::path(net).stem().string() : "tuned", common.seed);
  recipe.optimizer.kind = optimizer_named(optimizer_);
  recipe.optimizer.nesterov = !no_nesterov_;
  recipe.optimizer.decayed = words(decay_on_);
  recipe.schedule.kind = schedule_named(schedule_);
  recipe.class_weights = class_weights_ == "balanced" ? ClassWeights::balanced : ClassWeights::none;
  recipe.frozen = words(freeze_);
  recipe.algorithm = algorithm_.value();
  recipe.augmentation = augmentation.value();
  recipe.seed = common.seed;
}

void TrainSettings::note(const Preprocessing& preprocessing) {
  channels = preprocessing.channels;
  input = preprocessing.standardize ? "standardised" : "scaled";
}

} // namespace mien::cli
