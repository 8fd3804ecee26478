// SPDX-License-Identifier: Apache-2.0
#include "lib/io/json.hpp"

#include "mien/core/error.hpp"

#include <set>
#include <string>
#include <vector>

namespace mien {

nlohmann::json parse_json(std::string_view text, std::string_view name) {
  using nlohmann::json;
  constexpr std::size_t most_depth = 16;
  std::vector<std::set<std::string>> open; // the keys seen in each object or array that has not ended
  const auto check = [&](int, json::parse_event_t event, json& parsed) {
    switch (event) {
    case json::parse_event_t::object_start:
    case json::parse_event_t::array_start:
      if (open.size() == most_depth) throw Error(concat(name, ": JSON nested more than ", most_depth, " deep"));
      open.emplace_back();
      break;
    case json::parse_event_t::object_end:
    case json::parse_event_t::array_end: open.pop_back(); break;
    case json::parse_event_t::key:
      if (!open.back().insert(parsed.get<std::string>()).second) {
        throw Error(concat(name, ": ", parsed.dump(), " stands twice in one JSON object"));
      }
      break;
    case json::parse_event_t::value: break;
    }
    return true;
  };
  try {
    return json::parse(text, check);
  } catch (const json::parse_error& error) {
    throw Error(concat(name, ": no valid JSON at byte ", error.byte, " of ", text.size()));
  } catch (const json::exception&) {
    throw Error(concat(name, ": JSON with a number beyond all bounds"));
  }
}

} // namespace mien
