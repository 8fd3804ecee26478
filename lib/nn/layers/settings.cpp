// SPDX-License-Identifier: Apache-2.0
#include "lib/nn/layers/settings.hpp"

#include "mien/core/error.hpp"

namespace mien {

const Setting* SettingsReader::find(const std::string& name) {
  known_.insert(name);
  const auto found = settings_.find(name);
  return found == settings_.end() ? nullptr : &found->second;
}

void SettingsReader::fail(const std::string& name, const char* expected) const {
  throw Error(concat(layer_, ": the setting \"", name, "\" must be ", expected));
}

void SettingsReader::read(const char* name, std::int64_t& value) {
  if (const auto* setting = find(name)) {
    const auto* number = std::get_if<std::int64_t>(setting);
    if (number == nullptr) fail(name, "a whole number");
    value = *number;
  }
}

void SettingsReader::read(const char* name, double& value) {
  if (const auto* setting = find(name)) {
    if (const auto* number = std::get_if<double>(setting)) {
      value = *number;
    } else if (const auto* whole = std::get_if<std::int64_t>(setting)) {
      value = static_cast<double>(*whole);
    } else {
      fail(name, "a number");
    }
  }
}

void SettingsReader::read(const char* name, std::string& value) {
  if (const auto* setting = find(name)) {
    const auto* text = std::get_if<std::string>(setting);
    if (text == nullptr) fail(name, "a word");
    value = *text;
  }
}

void SettingsReader::read(const char* name, bool& value) {
  if (const auto* setting = find(name)) {
    const auto* truth = std::get_if<bool>(setting);
    if (truth == nullptr) fail(name, "true or false");
    value = *truth;
  }
}

void SettingsReader::read(const char* name, Activation& value) {
  std::string text = name_of(value);
  read(name, text);
  if (text != "linear" && text != "relu") fail(name, "linear or relu");
  value = text == "relu" ? Activation::relu : Activation::linear;
}

void SettingsReader::read(const char* name, Padding& value) {
  std::string text = name_of(value);
  read(name, text);
  if (text != "valid" && text != "same") fail(name, "valid or same");
  value = text == "same" ? Padding::same : Padding::valid;
}

void SettingsReader::read(const char* name, Initializer& value) {
  std::string text(mien::name_of(value));
  read(name, text);
  value = initializer_named(text);
}

void SettingsReader::read(const char* name, std::array<std::int64_t, 2>& value) {
  read((std::string(name) + "_h").c_str(), value[0]);
  read((std::string(name) + "_w").c_str(), value[1]);
}

void SettingsReader::finish() const {
  for (const auto& [name, value] : settings_) {
    if (!known_.contains(name)) throw Error(concat(layer_, ": there is no setting \"", name, "\" in this version"));
  }
}

std::string name_of(Activation activation) { return activation == Activation::relu ? "relu" : "linear"; }
std::string name_of(Padding padding) { return padding == Padding::same ? "same" : "valid"; }

void write(Settings& settings, const std::string& name, const std::array<std::int64_t, 2>& value) {
  settings[name + "_h"] = value[0];
  settings[name + "_w"] = value[1];
}

Shape only_input(std::span<const Shape> inputs, std::string_view layer, std::size_t rank) {
  if (inputs.size() != 1) throw Error(concat(layer, ": takes one input, ", inputs.size(), " given"));
  const auto& shape = inputs[0];
  if (rank != 0 && shape.rank() != rank) {
    throw Error(concat(layer, ": the input must have ", rank, rank == 1 ? " extent" : " extents", " a picture, it is ",
                       shape, rank == 1 ? "; flatten it first" : ""));
  }
  return shape;
}

} // namespace mien
