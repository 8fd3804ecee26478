// SPDX-License-Identifier: Apache-2.0
// The JSON at the beginning of a packed file.
#include "lib/data/packed_format.hpp"
#include "lib/io/json.hpp"

#include "mien/core/error.hpp"
#include "mien/io/image.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace mien::packed {

using nlohmann::json;

std::string header_text(const PackedHeader& header, std::size_t at_least) {
  std::string text;
  try {
    text = json{{"classes", header.classes}, {"class_counts", header.class_counts}, {"height", header.height},
                {"width", header.width},     {"channels", header.channels},         {"count", header.count},
                {"part", header.part},       {"fingerprint", header.fingerprint},   {"names_bytes", header.names_bytes}}
               .dump();
  } catch (const json::exception&) {
    throw Error("packed file: the name of a class is not UTF-8; rename its folder");
  }
  text.resize(aligned(prefix_bytes + std::max(text.size(), at_least)) - prefix_bytes, ' ');
  if (text.size() > most_json) {
    throw Error(concat("packed file: a header of ", text.size(), " bytes, at most ", most_json,
                       " are allowed; use fewer classes, or shorter names for them"));
  }
  return text;
}

PackedHeader parse_header(std::string_view text, std::string_view name) {
  const auto value = parse_json(text, name);
  PackedHeader header;
  const auto expect = [&](bool sound, const char* what) {
    if (!sound) throw Error(concat(name, ": its header is wrong about ", what, "; pack the data again"));
  };
  const auto number = [&](const char* key, std::uint64_t least, std::uint64_t most) {
    const auto found = value.find(key);
    expect(found != value.end() && found->is_number_unsigned(), key);
    const auto n = found->get<std::uint64_t>();
    expect(n >= least && n <= most, key);
    return n;
  };
  const auto text_of = [&](const char* key) {
    const auto found = value.find(key);
    expect(found != value.end() && found->is_string(), key);
    return found->get<std::string>();
  };
  expect(value.is_object(), "everything: it is no JSON object");
  header.height = static_cast<int>(number("height", 1, most_pixels));
  header.width = static_cast<int>(number("width", 1, most_pixels));
  expect(std::int64_t{header.height} * header.width <= most_pixels, "height and width");
  header.channels = static_cast<int>(number("channels", 1, 3));
  expect(header.channels != 2, "channels");
  header.count = number("count", 1, 0xffffffff);
  header.names_bytes = number("names_bytes", 0, std::uint64_t{1} << 48);
  header.part = text_of("part");
  header.fingerprint = text_of("fingerprint");
  expect(header.fingerprint.size() == 32, "fingerprint");

  const auto classes = value.find("classes"), counts = value.find("class_counts");
  expect(classes != value.end() && classes->is_array() && !classes->empty(), "classes");
  expect(counts != value.end() && counts->is_array() && counts->size() == classes->size(), "class_counts");
  std::uint64_t left = header.count;
  for (const auto& one : *counts) {
    expect(one.is_number_unsigned() && one.get<std::uint64_t>() <= left, "class_counts");
    header.class_counts.push_back(one.get<std::size_t>());
    left -= header.class_counts.back();
  }
  expect(left == 0, "class_counts");
  for (const auto& one : *classes) {
    expect(one.is_string(), "classes");
    header.classes.push_back(one.get<std::string>());
  }
  expect(std::set<std::string>(header.classes.begin(), header.classes.end()).size() == header.classes.size(),
         "classes: a name stands twice");
  return header;
}

} // namespace mien::packed
