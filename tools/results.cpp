// SPDX-License-Identifier: Apache-2.0
#include "tools/results.hpp"

#include "tools/console.hpp"

#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace mien::cli {
namespace {

/// Where the record that begins at `begin` ends, behind its line feed, which in quotes is part of a field; npos if the
/// text is torn before that.
std::size_t record_end(std::string_view text, std::size_t begin) {
  bool quoted = false;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '\n' && !quoted) return i + 1;
  }
  return std::string_view::npos;
}

/// The first field of a CSV record, as csv_field() wrote it.
std::string first_field(std::string_view record) {
  if (!record.starts_with('"')) return std::string(record.substr(0, record.find_first_of(",\n")));
  std::string field;
  for (std::size_t i = 1; i < record.size(); ++i) {
    if (record[i] == '"' && (i + 1 == record.size() || record[++i] != '"')) break;
    field += record[i];
  }
  return field;
}

/// Any text as JSON can hold it: bytes that are no UTF-8 are replaced.
std::string as_json_holds(const std::string& text) {
  using nlohmann::json;
  return json::parse(json(text).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
}

} // namespace

Results::Results(std::string_view heading) { print(heading); }

Results::Results(std::filesystem::path file, Form form, std::string_view heading, Existing existing)
    : path_(std::move(file)) {
  const bool there = std::filesystem::exists(path_);
  if (there && existing == Existing::refuse)
    throw Error(concat(path_.string(), ": is there already; --resume goes on with it, --force replaces it"));
  const bool resumes = there && existing == Existing::resume;
  if (resumes) keep_whole_records(form, heading);
  file_.open(path_, std::ios::binary | (resumes ? std::ios::app : std::ios::trunc));
  if (!file_) throw Error(concat(path_.string(), ": cannot be written: ", std::strerror(errno)));
  if (!resumes || std::filesystem::file_size(path_) == 0) write(heading);
}

/// A JSON line is whole when its end is there. The rows of a CSV's last picture may not be all: it is done again.
void Results::keep_whole_records(Form form, std::string_view heading) {
  const auto bytes = read_file(path_);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::size_t at = std::min(heading.size(), text.size());
  if (text.substr(0, at) != heading.substr(0, at))
    throw Error(concat(path_.string(), ": has other columns than this run would write; take another file, or --force"));
  std::size_t keep = at < heading.size() ? 0 : at;
  std::string last;
  for (std::size_t end = 0; (end = record_end(text, at)) != std::string_view::npos; at = end) {
    const auto record = text.substr(at, end - at);
    auto image = form == Form::csv ? first_field(record) : "";
    if (form == Form::json ? !take_up(record) : image.empty())
      throw Error(concat(path_.string(), ": is no file of results (byte ", at, "); take another file, or --force"));
    if (form == Form::json) {
      keep = end;
    } else if (image != last) {
      if (!last.empty()) done_.insert(last);
      last = std::move(image);
      keep = at;
    }
  }
  std::filesystem::resize_file(path_, keep);
}

/// Notes what a JSON line is about; false if it is no result.
bool Results::take_up(std::string_view line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object()) return false;
  const auto image = json.find("image"), video = json.find("video");
  if (image != json.end() && image->is_string()) {
    done_.insert(image->get<std::string>());
  } else if (video != json.end() && video->is_string()) {
    frames_[video->get<std::string>()].emplace_back(line);
  } else {
    return false;
  }
  return true;
}

std::vector<std::string> Results::frames_of(const std::string& video) const {
  const auto found = frames_.find(as_json_holds(video));
  return found == frames_.end() ? std::vector<std::string>{} : found->second;
}

bool Results::has(const std::string& image) const {
  return !done_.empty() && (done_.contains(image) || done_.contains(as_json_holds(image)));
}

void Results::write(std::string_view text) {
  if (path_.empty()) return print(text);
  file_.write(text.data(), static_cast<std::streamsize>(text.size()));
}

void Results::flush() {
  if (path_.empty()) return flush_output();
  if (!file_.flush()) throw Error(concat(path_.string(), ": cannot be written: ", std::strerror(errno)));
}

} // namespace mien::cli
