// SPDX-License-Identifier: Apache-2.0
// `mien info`: what a model file holds.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/inputs.hpp"

#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/train/model_card.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace mien::cli {
namespace {

using nlohmann::ordered_json;

std::vector<std::int64_t> extents(const Shape& shape) { return {shape.extents().begin(), shape.extents().end()}; }

std::string to_json(const ModelFile& file, std::uintmax_t bytes) {
  const auto& p = file.preprocessing;
  auto layers = ordered_json::array();
  for (const auto& node : file.model.nodes()) {
    std::int64_t parameters = 0;
    for (const auto& one : file.model.parameters().subspan(node.first_parameter, node.parameter_count))
      parameters += static_cast<std::int64_t>(one.value.size());
    layers.push_back({{"name", node.name},
                      {"type", node.layer->type()},
                      {"output", extents(node.output)},
                      {"parameters", parameters}});
  }
  const ordered_json json = {
      {"bytes", bytes},
      {"weights", name_of(file.weights)},
      {"parameters", file.model.parameter_count()},
      {"input", extents(file.model.input_shape())},
      {"labels", file.labels},
      {"preprocessing",
       {{"version", p.version},
        {"height", p.height},
        {"width", p.width},
        {"channels", p.channels},
        {"scale", p.scale},
        {"standardize", p.standardize},
        {"face",
         {{"scale", p.face.scale},
          {"x", p.face.x},
          {"y", p.face.y},
          {"aligned", p.face.aligned},
          {"detector", p.face.detector}}}}},
      {"seen_pictures", file.seen.empty() ? ordered_json() : ordered_json(file.seen.size())},
      {"temperature", file.calibration ? ordered_json(file.calibration->temperature) : ordered_json()},
      {"layers", layers},
      {"provenance", file.provenance},
      {"notes", file.notes}};
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string to_text(const ModelFile& file, std::uintmax_t bytes) {
  const auto& p = file.preprocessing;
  auto row = [](std::string_view name, std::string_view value) {
    return fmt::format("{:<19} {}\n", name, wrapped(value, 20));
  };
  auto text = file.model.summary() + "\n";
  text += row("file", fmt::format("{:.1f} MB, weights as {}", static_cast<double>(bytes) / 1e6, name_of(file.weights)));
  text += row("names", fmt::format("{}", fmt::join(file.labels, ", ")));
  text += row("pictures",
              fmt::format("{}x{}, {}; bytes are multiplied by {:.6g}{} (preprocessing version {})", p.height, p.width,
                          p.channels == 1 ? "grey" : "RGB", p.scale,
                          p.standardize ? ", then each picture is brought to mean 0 and deviation 1" : "", p.version));
  text += row("faces",
              fmt::format("the box that {} finds, times {:g}, moved by {:g} right and {:g} down{}", p.face.detector,
                          p.face.scale, p.face.x, p.face.y, p.face.aligned ? ", the eyes turned level" : ""));
  text += row("has seen", file.seen.empty()
                              ? "pictures that its file does not tell"
                              : fmt::format("{} different pictures: `mien eval` knows them again", file.seen.size()));
  text += row("calibrated", file.calibration
                                ? fmt::format("temperature {:.3f}, fitted to {} pictures that it has not learnt from",
                                              file.calibration->temperature, file.calibration->pictures)
                                : "no: its probabilities may be too sure, or not sure enough");
  if (!file.provenance.empty()) text += "\nWhere it comes from\n";
  for (const auto& [name, value] : file.provenance)
    if (!is_measurement(name)) text += row(name, value);
  for (const auto& one : recorded_measurements(file)) {
    const auto& figures = one.unseen ? *one.unseen : one.all;
    text += row("measured on",
                fmt::format("{}: accuracy {:.1f} % ({:.1f} to {:.1f}) of {} pictures{}", one.data,
                            100 * figures.accuracy, 100 * figures.accuracy_ci.low, 100 * figures.accuracy_ci.high,
                            figures.n, one.unseen ? " that it had never seen" : ""));
  }
  return text;
}

int write_card(const std::filesystem::path& path, const ModelFile& file, const std::string& model,
               const Common& common) {
  const auto ending = path.extension();
  if (ending != ".md" && ending != ".html")
    throw UsageError(concat("--card ", path.string(), ": a card is Markdown (.md) or a page (.html)"));
  const auto title = model == "-" ? std::string("The model that mien ships") : "Model card of " + model;
  write_atomically(path, ending == ".md" ? card_markdown(file, title) : card_html(file, title));
  say(common, fmt::format("the card is {}\n", path.string()));
  return 0;
}

} // namespace

int run_info(int argc, char** argv) {
  Common common;
  std::string model;
  std::filesystem::path card;
  bool json = false;
  Command command(
      {.name = "info",
       .about = "Shows what a model file holds: the layers' table, how pictures are prepared, what the outputs "
                "are called, and where the model comes from. The file is checked first.",
       .examples = "mien info runs/seed-1/model.safetensors\nmien info model.safetensors --json\nmien info -\n"
                   "mien info runs/seed-1 --card card.html"},
      common);
  command.argument("MODEL", model, "A model file, the folder of a run, or -: the model that mien ships");
  command.group("Output");
  command.option("card", card, "FILE", "Write the model's card: Markdown, or a page if FILE ends with .html");
  command.flag("json", json, "Print one JSON object");
  if (!command.parse(argc, argv)) return 0;

  const auto classifier = load_classifier(model);
  if (!card.empty()) return write_card(card, classifier.file(), model, common);
  const auto bytes = model_bytes(model);
  print(json ? to_json(classifier.file(), bytes) : to_text(classifier.file(), bytes));
  return 0;
}

} // namespace mien::cli
