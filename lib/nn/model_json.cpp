// SPDX-License-Identifier: Apache-2.0
#include "lib/nn/model_json.hpp"

#include "mien/core/error.hpp"

#include "lib/io/json.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>

namespace mien {
namespace {

using nlohmann::json;

constexpr std::size_t most_layers = 10'000; // far beyond any network, and few enough to plan in no time

/// An object that has all keys of `needed`, and no others but those of `possible`.
void expect_keys(const json& object, const std::string& what, std::initializer_list<std::string_view> needed,
                 std::initializer_list<std::string_view> possible = {}) {
  if (!object.is_object()) throw Error(concat(what, " must be a JSON object"));
  for (const auto key : needed) {
    if (!object.contains(key)) throw Error(concat(what, " lacks '", key, "'"));
  }
  for (const auto& [key, value] : object.items()) {
    if (std::ranges::count(needed, key) + std::ranges::count(possible, key) == 0) {
      throw Error(concat(what, " has '", key, "', which this version does not know; install a newer mien"));
    }
  }
}

std::int64_t whole_number(const json& value, const std::string& what, std::int64_t least, std::int64_t most) {
  // The JSON reader keeps a number as signed only where it is negative.
  const bool fits = value.is_number_unsigned() && value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most);
  if (!fits || value.get<std::int64_t>() < least) {
    throw Error(concat(what, " is ", value.dump(), ", a whole number from ", least, " to ", most, " is needed"));
  }
  return value.get<std::int64_t>();
}

std::string text_of(const json& value, const std::string& what) {
  if (!value.is_string()) throw Error(concat(what, " is ", value.dump(), ", a text is needed"));
  return value.get<std::string>();
}

Setting setting_of(const json& value, const std::string& what) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_float()) return value.get<double>();
  if (value.is_number_integer() && !(value.is_number_unsigned() && value.get<std::uint64_t>() > most)) {
    return value.get<std::int64_t>();
  }
  throw Error(concat(what, " is ", value.dump(), ", a number, a text, true or false is needed"));
}

LayerSpec parse_layer(const json& value, const std::string& what) {
  expect_keys(value, what, {"type", "name", "settings"}, {"inputs"});
  Settings settings;
  const auto& table = value["settings"];
  if (!table.is_object()) throw Error(concat(what, ": settings must be a JSON object"));
  for (const auto& [key, setting] : table.items())
    settings[key] = setting_of(setting, what + ": setting '" + key + "'");
  std::vector<std::string> inputs;
  if (value.contains("inputs")) {
    if (!value["inputs"].is_array()) throw Error(concat(what, ": inputs must be a list of names"));
    for (const auto& input : value["inputs"]) inputs.push_back(text_of(input, what + ": an input"));
  }
  const auto name = text_of(value["name"], what + ": name");
  const auto type = text_of(value["type"], what + ": type");
  try {
    return {make_layer(type, settings), name, inputs};
  } catch (const Error& error) {
    throw Error(concat(what, ": ", error.what()));
  }
}

/// A number of at most this size: far beyond any use, and far from any overflow.
double number_within(const json& value, const std::string& what, double most) {
  if (!value.is_number() || !(std::abs(value.get<double>()) <= most)) {
    throw Error(concat(what, " is ", value.dump(), ", a number of at most ", most, " is needed"));
  }
  return value.get<double>();
}

FaceCrop parse_face(const json& value) {
  const std::string what = "preprocessing: face";
  expect_keys(value, what, {"scale", "x", "y", "aligned", "detector"});
  if (!value["aligned"].is_boolean()) throw Error(concat(what, ": aligned must be true or false"));
  return {.scale = number_within(value["scale"], what + ": scale", 10),
          .x = number_within(value["x"], what + ": x", 10),
          .y = number_within(value["y"], what + ": y", 10),
          .aligned = value["aligned"].get<bool>(),
          .detector = text_of(value["detector"], what + ": detector")};
}

} // namespace

std::string architecture_text(const Model& model) {
  const auto extents = model.input_shape().extents();
  auto layers = json::array();
  for (std::size_t i = 0; i < model.nodes().size(); ++i) {
    const auto& node = model.nodes()[i];
    auto settings = json::object();
    for (const auto& [key, setting] : node.layer->settings()) {
      std::visit([&, &name = key](const auto& value) { settings[name] = value; }, setting);
    }
    json layer{{"type", node.layer->type()}, {"name", node.name}, {"settings", settings}};
    if (node.inputs != std::vector{i}) { // not simply the layer before
      layer["inputs"] = json::array();
      for (const auto input : node.inputs)
        layer["inputs"].push_back(input == 0 ? "input" : model.nodes()[input - 1].name);
    }
    layers.push_back(std::move(layer));
  }
  return json{{"input", std::vector<std::int64_t>(extents.begin(), extents.end())}, {"layers", layers}}.dump();
}

Architecture parse_architecture(std::string_view text) {
  const std::string what = "architecture";
  const auto value = parse_json(text, what);
  expect_keys(value, what, {"input", "layers"});
  if (!value["input"].is_array() || !value["layers"].is_array())
    throw Error("architecture: input and layers must be lists");
  std::vector<std::int64_t> extents;
  for (const auto& extent : value["input"])
    extents.push_back(whole_number(extent, "architecture: an input extent", 1, 1 << 24));
  Architecture result{Shape(extents), {}};
  if (value["layers"].size() > most_layers) {
    throw Error(concat("architecture: ", value["layers"].size(), " layers, at most ", most_layers, " are allowed"));
  }
  for (const auto& layer : value["layers"]) {
    result.layers.push_back(parse_layer(layer, concat(what, ": layer ", result.layers.size() + 1)));
  }
  return result;
}

std::string preprocessing_text(const Preprocessing& p) {
  return json{{"version", p.version},
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
                {"detector", p.face.detector}}}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

Preprocessing parse_preprocessing(std::string_view text) {
  const std::string what = "preprocessing";
  const auto value = parse_json(text, what);
  const int newest = Preprocessing{}.version;
  const auto is = [&](int version) {
    return value.is_object() && value.contains("version") && value["version"] == version;
  };
  const bool has_face = !is(1), has_standardize = has_face && !is(2);
  if (value.is_object() && value.contains("version") && has_standardize && !is(newest)) {
    throw Error(concat("its preprocessing is version ", value["version"].dump(), ", this program knows 1 to ", newest,
                       "; install a newer mien"));
  }
  if (!has_face) {
    expect_keys(value, what, {"version", "height", "width", "channels", "scale"});
  } else if (!has_standardize) {
    expect_keys(value, what, {"version", "height", "width", "channels", "scale", "face"});
  } else {
    expect_keys(value, what, {"version", "height", "width", "channels", "scale", "standardize", "face"});
  }
  Preprocessing result;
  result.height = static_cast<int>(whole_number(value["height"], "preprocessing: height", 1, 1024));
  result.width = static_cast<int>(whole_number(value["width"], "preprocessing: width", 1, 1024));
  result.channels = static_cast<int>(whole_number(value["channels"], "preprocessing: channels", 1, 3));
  if (!value["scale"].is_number()) throw Error("preprocessing: scale must be a number");
  result.scale = value["scale"].get<float>();
  if (has_standardize) {
    if (!value["standardize"].is_boolean()) throw Error("preprocessing: standardize must be true or false");
    result.standardize = value["standardize"].get<bool>();
  }
  if (has_face) result.face = parse_face(value["face"]);
  return result;
}

std::string labels_text(const std::vector<std::string>& labels) {
  try {
    return json(labels).dump();
  } catch (const json::exception&) {
    throw Error("a label is not UTF-8; rename it");
  }
}

std::vector<std::string> parse_labels(std::string_view text) {
  const auto value = parse_json(text, "labels");
  if (!value.is_array()) throw Error("labels must be a list of names");
  std::vector<std::string> labels;
  for (const auto& label : value) labels.push_back(text_of(label, "labels: one"));
  return labels;
}

std::string calibration_text(const std::optional<Calibration>& calibration) {
  if (!calibration) return "null";
  const auto& c = *calibration;
  return json{{"temperature", c.temperature}, {"pictures", c.pictures}, {"answered", c.answered}, {"right", c.right}}
      .dump();
}

std::optional<Calibration> parse_calibration(std::string_view text) {
  const auto value = parse_json(text, "calibration");
  if (value.is_null()) return {};
  expect_keys(value, "calibration", {"temperature", "pictures", "answered", "right"});
  constexpr std::int64_t most = std::int64_t{1} << 40;
  const auto numbers = [&](const char* key) {
    if (!value[key].is_array()) throw Error(concat("calibration: '", key, "' must be a list"));
    std::vector<std::int64_t> all;
    for (const auto& number : value[key]) all.push_back(whole_number(number, "calibration: a number", 0, most));
    return all;
  };
  if (!value["temperature"].is_number()) throw Error("calibration: 'temperature' must be a number");
  Calibration c{.temperature = value["temperature"].get<double>(),
                .pictures = whole_number(value["pictures"], "calibration: 'pictures'", 1, most),
                .answered = numbers("answered"),
                .right = numbers("right")};
  check(c);
  return c;
}

std::string provenance_text(const std::map<std::string, std::string>& provenance) {
  // A path in any old encoding must not keep a model from being saved.
  return json(provenance).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::map<std::string, std::string> parse_provenance(std::string_view text) {
  const auto value = parse_json(text, "provenance");
  if (!value.is_object()) throw Error("provenance must be a JSON object of texts");
  std::map<std::string, std::string> provenance;
  for (const auto& [key, item] : value.items()) provenance[key] = text_of(item, "provenance: '" + key + "'");
  return provenance;
}

} // namespace mien
