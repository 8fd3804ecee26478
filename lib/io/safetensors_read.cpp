// SPDX-License-Identifier: Apache-2.0
// Reading: nothing in the file is believed before it is checked.
#include "mien/io/safetensors.hpp"

#include "mien/core/error.hpp"
#include "mien/io/digest.hpp"

#include "lib/io/json.hpp"
#include "lib/io/safetensors_format.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <optional>
#include <set>
#include <tuple>

namespace mien {
namespace {

using namespace safetensors;
using nlohmann::json;

/// Where a file's bytes come from, in order: memory, or a file on disk.
struct Source {
  std::string name;
  std::uint64_t size = 0;
  std::function<void(std::span<std::byte>)> read;
};

struct Entry {
  std::string name;
  DType dtype = DType::f32;
  Shape shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// A whole number that is not negative, or nothing.
std::optional<std::uint64_t> count(const json& value) {
  if (!value.is_number_unsigned()) return std::nullopt;
  return value.get<std::uint64_t>();
}

Shape parse_shape(const json& value, const std::string& tensor) {
  std::vector<std::int64_t> extents;
  for (const auto& item : value) {
    const auto extent = count(item);
    if (!extent || *extent > std::uint64_t{1} << 60) {
      throw Error(concat(tensor, " has the extent ", item.dump(), "; extents are whole numbers from 0 to 2^60"));
    }
    extents.push_back(static_cast<std::int64_t>(*extent));
  }
  try {
    return Shape(extents);
  } catch (const Error& error) {
    throw Error(concat(tensor, ": ", error.what()));
  }
}

Entry parse_entry(const std::string& name, const json& value, const std::string& file) {
  const auto tensor = concat(file, ": tensor '", name, "'");
  if (!value.is_object() || value.size() != 3 || !value.contains("dtype") || !value["dtype"].is_string() ||
      !value.contains("shape") || !value["shape"].is_array() || !value.contains("data_offsets") ||
      !value["data_offsets"].is_array() || value["data_offsets"].size() != 2) {
    throw Error(
        concat(tensor, R"( must be described by "dtype", "shape" and two "data_offsets", and by nothing else)"));
  }
  const auto& type = value["dtype"].get_ref<const std::string&>();
  const auto known = std::ranges::find(dtypes, type, &std::pair<std::string_view, DType>::first);
  if (known == dtypes.end()) {
    throw Error(concat(tensor, " has dtype '", type, "'; this program reads F32, BF16, U8 and I32: convert it"));
  }
  const auto begin = count(value["data_offsets"][0]);
  const auto end = count(value["data_offsets"][1]);
  if (!begin || !end || *begin > *end) {
    throw Error(concat(tensor, " has the data_offsets ", value["data_offsets"].dump(),
                       "; they must be two rising byte counts"));
  }
  Entry entry{name, known->second, parse_shape(value["shape"], tensor), *begin, *end};
  const auto bytes = static_cast<std::uint64_t>(entry.shape.size()) * size_of(entry.dtype);
  if (entry.end - entry.begin != bytes) {
    throw Error(concat(tensor, " has ", entry.end - entry.begin, " bytes, its shape ", entry.shape, " of ", type,
                       " needs ", bytes));
  }
  return entry;
}

/// The tensors by their place in the data, which they must fill without holes, overlaps or a rest.
std::vector<Entry> parse_entries(const json& header, const std::string& file, std::uint64_t data_size) {
  std::vector<Entry> entries;
  for (const auto& [name, value] : header.items()) {
    if (name != "__metadata__") entries.push_back(parse_entry(name, value, file));
  }
  std::ranges::sort(entries, {}, [](const Entry& e) { return std::tie(e.begin, e.end, e.name); });
  std::uint64_t filled = 0;
  for (const auto& entry : entries) {
    if (entry.begin != filled) {
      throw Error(concat(file, ": tensor '", entry.name, "' begins at byte ", entry.begin,
                         " of the data, the one before it ends at ", filled,
                         "; there must be neither holes nor overlaps"));
    }
    filled = entry.end;
  }
  if (filled != data_size) {
    throw Error(concat(file, ": its tensors take ", filled, " bytes, after the header there are ", data_size,
                       filled > data_size ? ": the file is cut short" : ": something else follows them"));
  }
  return entries;
}

std::map<std::string, std::string> parse_metadata(const json& header, const std::string& file) {
  std::map<std::string, std::string> metadata;
  if (!header.contains("__metadata__")) return metadata;
  const auto& table = header["__metadata__"];
  if (!table.is_object()) throw Error(concat(file, ": __metadata__ must be an object of texts"));
  for (const auto& [key, value] : table.items()) {
    if (!value.is_string()) throw Error(concat(file, ": __metadata__ must hold texts only, '", key, "' is none"));
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

Safetensors read_from(const Source& source) {
  const auto& file = source.name;
  std::array<std::byte, 8> prefix{};
  if (source.size < prefix.size()) {
    throw Error(concat(file, ": ", source.size,
                       " bytes are no safetensors file, which begins with 8 that tell its header's length"));
  }
  source.read(prefix);
  std::uint64_t length = 0;
  for (std::size_t i = prefix.size(); i-- > 0;) length = length << 8 | std::to_integer<std::uint64_t>(prefix[i]);
  const auto rest = source.size - prefix.size();
  if (length > most_header) {
    throw Error(concat(file, ": no safetensors file, or a damaged one: its header would have ", length,
                       " bytes, at most ", most_header, " are read"));
  }
  if (length > rest) {
    throw Error(concat(file, ": cut short: its header has ", length, " bytes, ", rest, " of them are there"));
  }
  std::string text(length, '\0');
  source.read(std::as_writable_bytes(std::span(text)));
  const auto header = parse_json(text, file + ": header");
  if (!header.is_object()) throw Error(concat(file, ": no safetensors file: its header is not a JSON object"));

  Safetensors result;
  result.metadata = parse_metadata(header, file);
  const auto entries = parse_entries(header, file, rest - length);
  for (const auto& entry : entries)
    source.read(result.tensors.emplace_back(entry.name, Tensor(entry.shape, entry.dtype)).second.bytes());

  const auto claimed = result.metadata.extract("digest");
  result.sealed = !claimed.empty();
  if (result.sealed) {
    // Where the digits do not stand in their place, other bytes are blanked and the digest cannot be right.
    if (text.size() >= seal.size() + digits) text.replace(seal.size(), digits, digits, '0');
    Digest digest;
    digest.update(prefix).update(std::as_bytes(std::span(text)));
    for (const auto& [name, tensor] : result.tensors) digest.update(tensor.bytes());
    if (const auto found = digest.hex(); found != claimed.mapped()) {
      throw Error(
          concat(file, ": damaged: its digest should be ", claimed.mapped(), " and is ", found,
                 "; take a fresh copy, or if it was edited on purpose, save it without 'digest' in its metadata"));
    }
  }
  return result;
}

} // namespace

const Tensor* Safetensors::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(tensors, name, &std::pair<std::string, Tensor>::first);
  return found == tensors.end() ? nullptr : &found->second;
}

Safetensors parse_safetensors(std::span<const std::byte> bytes, std::string_view name) {
  const auto read = [&bytes](std::span<std::byte> to) {
    std::ranges::copy(bytes.first(to.size()), to.begin());
    bytes = bytes.subspan(to.size());
  };
  return read_from({std::string(name), bytes.size(), read});
}

Safetensors read_safetensors(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    throw Error(concat(path.string(), ": a folder; a safetensors file is needed"));
  const auto size = std::filesystem::file_size(path, error);
  if (error) throw Error(concat(path.string(), ": cannot be read: ", error.message()));
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw Error(concat(path.string(), ": cannot be opened: ", std::strerror(errno)));
  const auto read = [&](std::span<std::byte> to) {
    if (!stream.read(reinterpret_cast<char*>(to.data()), static_cast<std::streamsize>(to.size()))) {
      throw Error(concat(path.string(), ": reading it failed; it changed meanwhile, or the disk is damaged"));
    }
  };
  return read_from({path.string(), size, read});
}

} // namespace mien
