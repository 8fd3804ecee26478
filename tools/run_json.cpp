// SPDX-License-Identifier: Apache-2.0
// run.json: what a training was told, so that it can be told again.
#include "tools/run_json.hpp"

#include "mien/core/error.hpp"
#include "mien/core/version.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/kernels.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace mien::cli {
namespace {

using Json = nlohmann::ordered_json; // options in the order of the help

/// Options that say how this once, not what: where to, on how many threads, whether to begin again.
bool is_of_this_run_alone(std::string_view name) {
  for (const std::string_view other : {"threads", "quiet", "out", "resume", "config", "force"})
    if (name == other) return true;
  return false;
}

/// `30`, `0.1` and `true` as JSON's own, anything else as a text.
Json value_of(const std::string& text) {
  auto value = Json::parse(text, nullptr, false);
  return value.is_number() || value.is_boolean() ? value : Json(text);
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

Json read_json(const std::filesystem::path& path) {
  const auto bytes = read_file(path);
  auto json = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (!json.is_object() || !json.contains("options") || !json["options"].is_object())
    throw Error(concat(path.string(), ": this is not the run.json of a training: it has no `options`"));
  return json;
}

} // namespace

void apply_run_json(const std::filesystem::path& path, Command& command, std::filesystem::path& data) {
  const auto options = read_json(path)["options"];
  for (const auto& [name, value] : options.items()) try {
      if (name == "data" && data.empty()) data = text_of(value);
      if (name != "data" && !command.given(name)) command.set(name, text_of(value));
    } catch (const UsageError& error) {
      throw UsageError(concat(path.string(), ": ", error.what()));
    }
}

std::vector<std::pair<std::string, std::string>> recorded_options(const Command& command,
                                                                  const std::filesystem::path& data) {
  std::vector<std::pair<std::string, std::string>> options{
      {"data", std::filesystem::absolute(data).lexically_normal().string()}};
  for (const auto& [name, text] : command.settings())
    if (!is_of_this_run_alone(name) && !text.empty()) options.emplace_back(name, text);
  return options;
}

void write_options_json(const std::filesystem::path& path,
                        const std::vector<std::pair<std::string, std::string>>& recorded, const RunFacts& facts) {
  Json options;
  for (const auto& [name, text] : recorded) options[name] = value_of(text);
  const Json run{{"command", facts.command},
                 {"version", std::string(version())},
                 {"options", options},
                 {"pictures",
                  {{"training", facts.training_pictures},
                   {"validation", facts.validation_pictures},
                   {"fingerprint", facts.fingerprint}}},
                 {"machine", {{"threads", facts.threads}, {"kernels", std::string(kernels().name)}}}};
  write_atomically(path, run.dump(2) + "\n");
}

std::string recorded_fingerprint(const std::filesystem::path& path) {
  const auto fingerprint = read_json(path).value(Json::json_pointer("/pictures/fingerprint"), Json());
  return fingerprint.is_string() ? fingerprint.get<std::string>() : std::string();
}

void write_run_json(const std::filesystem::path& path, const Command& command, const std::filesystem::path& data,
                    const Trainer& trainer, int threads) {
  write_options_json(path, recorded_options(command, data),
                     {.command = "train",
                      .training_pictures = trainer.training_pictures(),
                      .validation_pictures = trainer.validation_pictures(),
                      .fingerprint = trainer.data_fingerprint(),
                      .threads = threads});
}

} // namespace mien::cli
