// SPDX-License-Identifier: Apache-2.0
#include "lib/vision/cascade_table.hpp"

#include "lib/vision/cascade_check.hpp"
#include "mien/core/error.hpp"

#include <bit>
#include <cstdint>
#include <utility>

namespace mien {
namespace {

class TableReader {
public:
  TableReader(std::span<const std::byte> bytes, std::string_view name) : rest_(bytes), name_(name) {}

  Cascade read() {
    if (rest_.size() > 8 << 20) fail("is larger than 8 MB");
    for (const char c : std::string_view("miencas1"))
      if (u8() != static_cast<std::uint8_t>(c)) fail("begins with other bytes than miencas1");
    const auto kind = u32();
    if (kind > 1) fail("is of a kind that is neither Haar nor LBP");
    cascade_.kind = kind == 0 ? Cascade::Kind::haar : Cascade::Kind::lbp;
    cascade_.width = static_cast<int>(u32());
    cascade_.height = static_cast<int>(u32());
    const std::size_t stages = count(8), trees = count(1), nodes = count(8), features = count(4);
    for (std::size_t s = 0; s < stages; ++s) read_stage(static_cast<std::int32_t>(trees));
    for (std::size_t t = 0; t < trees; ++t) read_tree();
    for (std::size_t n = 0; n < nodes; ++n) cascade_.nodes.push_back(node());
    for (std::size_t l = 0; l < nodes + trees; ++l) cascade_.leaves.push_back(f32());
    for (std::size_t f = 0; f < features; ++f)
      haar() ? cascade_.haar_features.push_back(haar_feature()) : cascade_.lbp_features.push_back(lbp_feature());
    if (!rest_.empty()) fail("goes on after its end");
    return std::move(cascade_);
  }

private:
  [[nodiscard]] bool haar() const noexcept { return cascade_.kind == Cascade::Kind::haar; }
  [[noreturn]] void fail(const char* what) const { throw Error(concat(name_, ": the table ", what)); }

  std::uint8_t u8() {
    if (rest_.empty()) fail("ends too early");
    const auto value = std::to_integer<std::uint8_t>(rest_.front());
    rest_ = rest_.subspan(1);
    return value;
  }
  std::int8_t i8() { return static_cast<std::int8_t>(u8()); }
  std::uint32_t u32() {
    std::uint32_t value = 0;
    for (int shift = 0; shift < 32; shift += 8) value |= std::uint32_t{u8()} << shift;
    return value;
  }
  float f32() { return std::bit_cast<float>(u32()); }
  /// A number of records of so many bytes at least: never more than there can be.
  std::size_t count(std::size_t bytes_each) {
    const std::size_t records = u32();
    if (records > rest_.size() / bytes_each) fail("counts more records than it holds");
    return records;
  }

  void read_stage(std::int32_t all_trees) {
    const float threshold = effective_threshold(f32());
    const auto trees = static_cast<std::int32_t>(count(1));
    if (trees > all_trees - next_tree_) fail("has more trees in its stages than it counts");
    cascade_.stages.push_back({threshold, next_tree_, trees});
    next_tree_ += trees;
  }
  void read_tree() {
    const std::int32_t nodes = u8();
    cascade_.trees.push_back({next_node_, nodes, next_leaf_});
    next_node_ += nodes;
    next_leaf_ += nodes + 1;
  }
  CascadeNode node() {
    CascadeNode node;
    node.left = i8();
    node.right = i8();
    node.feature = u8();
    node.feature |= u8() << 8;
    if (haar()) {
      node.threshold = f32();
    } else {
      for (auto& bits : node.subset) bits = u32();
    }
    return node;
  }
  HaarFeature haar_feature() {
    HaarFeature feature;
    feature.tilted = u8() != 0;
    for (auto& r : feature.rects)
      for (int* value : {&r.x, &r.y, &r.width, &r.height}) *value = u8();
    for (auto& r : feature.rects) r.weight = f32();
    return feature;
  }
  LbpFeature lbp_feature() {
    LbpFeature f;
    for (int* value : {&f.x, &f.y, &f.width, &f.height}) *value = u8();
    return f;
  }

  std::span<const std::byte> rest_;
  std::string_view name_;
  Cascade cascade_;
  std::int32_t next_tree_ = 0, next_node_ = 0, next_leaf_ = 0;
};

} // namespace

Cascade parse_cascade_table(std::span<const std::byte> bytes, std::string_view name) {
  auto cascade = TableReader(bytes, name).read();
  expect_sound(cascade, name);
  return cascade;
}

} // namespace mien
