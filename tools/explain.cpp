// SPDX-License-Identifier: Apache-2.0
// `mien explain`: where in a face the model looks.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/detector_options.hpp"
#include "tools/inputs.hpp"

#include "mien/core/error.hpp"
#include "mien/data/contact_sheet.hpp"
#include "mien/data/cut.hpp"
#include "mien/data/resize.hpp"
#include "mien/emotion/recognizer.hpp"
#include "mien/io/image.hpp"
#include "mien/train/explain.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mien::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr int shown_side = 240;    // of a face on the sheet, in pixels
constexpr double suspicious = 0.5; // a rank correlation with random weights from which a map says little

/// A face as the network sees it, and what the maps say.
struct Explained {
  Face face;
  Image input;
  Explanation maps;
};

/// Where a map is highest: right and down, as shares of the face.
struct Peak {
  double x = 0, y = 0;
  float value = 0;
};

Peak peak_of(const Heatmap& map) {
  const auto highest = std::ranges::max_element(map.values);
  const auto place = static_cast<int>(highest - map.values.begin());
  return {(place % map.width + 0.5) / map.width, (place / map.width + 0.5) / map.height, *highest};
}

std::vector<Face> faces_of(const Recognizer& recognizer, const Image& picture, bool whole, int threads) {
  if (whole) return {recognizer.recognize_whole(picture, threads)};
  return recognizer.recognize(picture, threads);
}

SheetRow row_of(const Explained& one, std::span<const std::string> labels) {
  const auto face = resized(one.input, shown_side, shown_side);
  const auto shown = [&](const Heatmap& map) { return overlaid(face, resized(map, shown_side, shown_side)); };
  return {fmt::format("{} {:.0f} %: the face, Grad-CAM, occlusion", labels[one.maps.label],
                      100 * one.maps.probabilities[one.maps.label]),
          {face, shown(one.maps.grad_cam), shown(one.maps.occlusion)}};
}

std::string check_text(std::string_view name, double correlation) {
  if (std::isnan(correlation)) return fmt::format("  {:<10} flat: it shows nothing of this face\n", name);
  return fmt::format("  {:<10} {:+.2f}{}\n", name, correlation,
                     std::abs(correlation) < suspicious ? "" : "   it shows the picture more than what was learnt");
}

std::string text_of(const Explained& one, std::span<const std::string> labels) {
  const auto& box = one.face.box;
  const auto occlusion = peak_of(one.maps.occlusion), cam = peak_of(one.maps.grad_cam);
  const auto place = [](const Peak& peak) {
    return fmt::format("{:.0f} % from the left, {:.0f} % from the top", 100 * peak.x, 100 * peak.y);
  };
  auto text = fmt::format("{} {:.1f} %, face {}x{} at {},{}\n", labels[one.maps.label],
                          100 * one.maps.probabilities[one.maps.label], box.width, box.height, box.x, box.y);
  text += cam.value > 0 ? fmt::format("  speaks most for it (Grad-CAM): {}\n", place(cam))
                        : std::string("  nothing in the last feature map speaks for it (Grad-CAM)\n");
  text += occlusion.value > 0 ? fmt::format("  covering costs most: {}, {:.1f} points\n", place(occlusion),
                                            100 * static_cast<double>(occlusion.value))
                              : std::string("  covering any part raises it\n");
  return text + "  rank correlation with the maps of random weights, near 0 if they tell what was learnt:\n" +
         check_text("  Grad-CAM", one.maps.grad_cam_random) + check_text("  occlusion", one.maps.occlusion_random);
}

Json json_of(const Heatmap& map, double correlation) {
  return {{"height", map.height},
          {"width", map.width},
          {"values", map.values},
          {"random_weights_correlation", std::isnan(correlation) ? Json() : Json(correlation)}};
}

std::string json_of(const std::string& path, std::span<const Explained> faces, std::span<const std::string> labels) {
  Json json = {{"image", path}, {"faces", Json::array()}};
  for (const auto& [face, input, maps] : faces) {
    Json probabilities;
    for (std::size_t c = 0; c < labels.size(); ++c) probabilities[labels[c]] = maps.probabilities[c];
    json["faces"].push_back({{"box", {face.box.x, face.box.y, face.box.width, face.box.height}},
                             {"label", labels[maps.label]},
                             {"probabilities", probabilities},
                             {"grad_cam", json_of(maps.grad_cam, maps.grad_cam_random)},
                             {"occlusion", json_of(maps.occlusion, maps.occlusion_random)}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<std::size_t> label_named(const std::string& name, std::span<const std::string> labels) {
  if (name.empty()) return {};
  const auto found = std::ranges::find(labels, name);
  if (found == labels.end())
    throw UsageError(fmt::format("--label {}: the model does not know it; it names {}", name, fmt::join(labels, ", ")));
  return static_cast<std::size_t>(found - labels.begin());
}

} // namespace

int run_explain(int argc, char** argv) {
  Common common;
  std::filesystem::path path, out;
  std::string model = "-", label;
  DetectorOptions detector;
  bool whole = false, json = false;
  ExplainOptions options;
  Command command({.name = "explain",
                   .about =
                       "Shows where in a face the model looks, as a picture with three views of every face: as the "
                       "network sees it; Grad-CAM, what speaks for the label; occlusion, what it costs to cover a "
                       "place. Red is most. Both maps are drawn by networks with random weights, too: only what "
                       "these do not show was learnt.",
                   .examples = "mien explain photo.jpg\n"
                               "mien explain photo.jpg --label sad --out why-not-sad.png\n"
                               "mien explain --whole --model runs/first faces/test/happy/00000.png"},
                  common);
  command.argument("PICTURE", path, "A picture: its faces are found");
  command.group("Faces");
  command.option("model", model, "MODEL", "A model file, or the folder of a run; -: the model that mien ships");
  command.flag("whole", whole, "Take the picture as one face, and look for none");
  command.option("label", label, "NAME", "Explain this label (default: each face's own)");
  detector.bind(command);
  command.group("Maps");
  command.option("patch", options.patch.side, "PIXELS", "Side of the square that covers, of the network's input",
                 Range{1, 1024});
  command.option("stride", options.patch.stride, "PIXELS", "From place to place", Range{1, 1024});
  command.option("random", options.random_networks, "N", "Networks with random weights to compare with",
                 Range{0, 1000});
  command.group("Output");
  command.option("out", out, "FILE.png", "Where the views go (default: the picture's name and -explained.png)");
  command.flag("json", json, "Print one JSON object with both maps of every face");
  if (!command.parse(argc, argv)) return 0;

  const Recognizer recognizer(load_classifier(model), detector.detector());
  const auto& classifier = recognizer.classifier();
  options.label = label_named(label, classifier.labels());
  options.threads = common.threads;
  options.seed = common.seed;
  const auto picture = read_image(path);
  std::vector<Explained> faces;
  std::vector<SheetRow> rows;
  for (auto& face : faces_of(recognizer, picture, whole, common.threads)) {
    auto input = to_input_bytes(whole ? picture : cut(picture, face.square), classifier.preprocessing());
    auto maps = explain(classifier, input.pixels, options);
    faces.push_back({std::move(face), std::move(input), std::move(maps)});
    rows.push_back(row_of(faces.back(), classifier.labels()));
  }
  if (faces.empty())
    throw Error(concat(path.string(), ": no face was found in it; --whole takes the picture as one face"));
  if (out.empty()) out = path.parent_path() / (path.stem().string() + "-explained.png");
  write_png(out, contact_sheet(rows, 1));
  if (json) {
    print(json_of(path.string(), faces, classifier.labels()));
  } else {
    for (const auto& one : faces) print(text_of(one, classifier.labels()));
  }
  say(common, fmt::format("the views are in {}; share them as you may share the picture\n", out.string()));
  return 0;
}

} // namespace mien::cli
