// SPDX-License-Identifier: Apache-2.0
// OpenCV's XML: <cascade> holds <stages>, each with <weakClassifiers> (trees), and the <features> they ask for.
#include "lib/vision/cascade_check.hpp"
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/vision/cascade.hpp"

#include <pugixml.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <system_error>

namespace mien {
namespace {

constexpr std::size_t most_bytes = 8 << 20; // thrice OpenCV's largest; parsed, hostile text takes twenty times as much

/// The numbers in the text of an element, one after another.
class Numbers {
public:
  Numbers(pugi::xml_node element, std::string_view name)
      : rest_(element.child_value()), element_(element), name_(name) {
    skip_blanks();
  }

  [[nodiscard]] bool left() const noexcept { return !rest_.empty(); }
  std::int32_t whole() { return next<std::int32_t>("a whole number"); }
  /// Through double, as OpenCV reads them: rounding twice differs from rounding once.
  float real() {
    const auto value = next<double>("a number");
    if (!(std::abs(value) <= double{std::numeric_limits<float>::max()})) fail("a finite number");
    return static_cast<float>(value);
  }
  /// There must be no number left.
  void end() const {
    if (left()) fail("nothing more");
  }

private:
  template <class T> T next(const char* expected) {
    T value{};
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc()) fail(expected);
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    if (left() && !is_blank(rest_.front())) fail(expected);
    skip_blanks();
    return value;
  }
  static bool is_blank(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
  void skip_blanks() noexcept {
    while (left() && is_blank(rest_.front())) rest_.remove_prefix(1);
  }
  [[noreturn]] void fail(const char* expected) const {
    throw Error(concat(name_, ": <", element_.name(), "> at byte ", element_.offset_debug(), ": expected ", expected,
                       left() ? ", found \"" : ", found its end", rest_.substr(0, 20), left() ? "\"" : ""));
  }

  std::string_view rest_;
  pugi::xml_node element_;
  std::string_view name_;
};

class CascadeReader {
public:
  CascadeReader(pugi::xml_node root, std::string_view name) : root_(root), name_(name) {}

  Cascade read() {
    if (const std::string_view type = child(root_, "stageType").child_value(); type != "BOOST")
      throw Error(concat(name_, ": its stages are of type \"", type, "\"; only BOOST can be read"));
    const std::string_view kind = child(root_, "featureType").child_value();
    if (kind != "HAAR" && kind != "LBP")
      throw Error(concat(name_, ": its features are of type \"", kind, "\"; only HAAR and LBP can be read"));
    cascade_.kind = kind == "HAAR" ? Cascade::Kind::haar : Cascade::Kind::lbp;
    cascade_.width = whole(root_, "width");
    cascade_.height = whole(root_, "height");
    const int patterns = whole(child(root_, "featureParams"), "maxCatCount");
    if (patterns != (haar() ? 0 : 256))
      throw Error(concat(name_, ": expected <maxCatCount> ", haar() ? 0 : 256, ", found ", patterns));
    for (const auto stage : child(root_, "stages").children("_")) read_stage(stage);
    for (const auto feature : child(root_, "features").children("_")) haar() ? read_haar(feature) : read_lbp(feature);
    return std::move(cascade_);
  }

private:
  [[nodiscard]] bool haar() const noexcept { return cascade_.kind == Cascade::Kind::haar; }
  [[nodiscard]] pugi::xml_node child(pugi::xml_node parent, const char* tag) const {
    const auto found = parent.child(tag);
    if (!found)
      throw Error(concat(name_, ": <", parent.name(), "> at byte ", parent.offset_debug(), " has no <", tag, ">"));
    return found;
  }
  [[nodiscard]] std::int32_t whole(pugi::xml_node parent, const char* tag) const {
    Numbers numbers(child(parent, tag), name_);
    const auto value = numbers.whole();
    numbers.end();
    return value;
  }

  void read_stage(pugi::xml_node element) {
    CascadeStage stage{.first_tree = static_cast<std::int32_t>(cascade_.trees.size())};
    Numbers threshold(child(element, "stageThreshold"), name_);
    stage.threshold = effective_threshold(threshold.real());
    threshold.end();
    for (const auto tree : child(element, "weakClassifiers").children("_")) {
      read_tree(tree);
      ++stage.trees;
    }
    cascade_.stages.push_back(stage);
  }

  void read_tree(pugi::xml_node element) {
    CascadeTree tree{static_cast<std::int32_t>(cascade_.nodes.size()), 0,
                     static_cast<std::int32_t>(cascade_.leaves.size())};
    for (Numbers nodes(child(element, "internalNodes"), name_); nodes.left(); ++tree.nodes) {
      CascadeNode node;
      node.left = nodes.whole();
      node.right = nodes.whole();
      node.feature = nodes.whole();
      if (haar()) {
        node.threshold = nodes.real();
      } else {
        for (auto& bits : node.subset) bits = static_cast<std::uint32_t>(nodes.whole());
      }
      cascade_.nodes.push_back(node);
    }
    for (Numbers leaves(child(element, "leafValues"), name_); leaves.left();) cascade_.leaves.push_back(leaves.real());
    cascade_.trees.push_back(tree);
  }

  void read_haar(pugi::xml_node element) {
    HaarFeature feature;
    std::size_t count = 0;
    for (const auto rect : child(element, "rects").children("_")) {
      if (count == feature.rects.size())
        throw Error(concat(name_, ": <rects> at byte ", rect.offset_debug(), " holds more than three rectangles"));
      Numbers numbers(rect, name_);
      auto& r = feature.rects[count++];
      for (int* value : {&r.x, &r.y, &r.width, &r.height}) *value = numbers.whole();
      r.weight = numbers.real();
      numbers.end();
    }
    feature.tilted = element.child("tilted") && whole(element, "tilted") != 0;
    cascade_.haar_features.push_back(feature);
  }

  void read_lbp(pugi::xml_node element) {
    LbpFeature f;
    Numbers numbers(child(element, "rect"), name_);
    for (int* value : {&f.x, &f.y, &f.width, &f.height}) *value = numbers.whole();
    numbers.end();
    cascade_.lbp_features.push_back(f);
  }

  pugi::xml_node root_;
  std::string_view name_;
  Cascade cascade_;
};

void expect_possible_size(std::uintmax_t bytes, std::string_view name) {
  if (bytes > most_bytes) throw Error(concat(name, ": is larger than ", most_bytes >> 20, " MB; no cascade is"));
}

} // namespace

Cascade parse_cascade(std::string_view xml, std::string_view name) {
  expect_possible_size(xml.size(), name);
  pugi::xml_document document;
  const auto result = document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!result) throw Error(concat(name, ": is no XML: ", result.description(), " at byte ", result.offset));
  const auto root = document.child("opencv_storage").first_child();
  if (!root) throw Error(concat(name, ": expected OpenCV's cascade XML, which begins with <opencv_storage>"));
  if (std::string_view(root.attribute("type_id").value()) == "opencv-haar-classifier")
    throw Error(concat(name, ": is in OpenCV 1's format, opencv-haar-classifier; train or convert it to the present "
                             "one, opencv-cascade-classifier (OpenCV's traincascade writes it)"));
  auto cascade = CascadeReader(root, name).read();
  expect_sound(cascade, name);
  return cascade;
}

Cascade read_cascade(const std::filesystem::path& path) {
  std::error_code unknown; // of a pipe, say: then only what was read can be measured
  const auto size = std::filesystem::file_size(path, unknown);
  if (!unknown) expect_possible_size(size, path.string());
  const auto bytes = read_file(path);
  return parse_cascade({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.string());
}

} // namespace mien
