// SPDX-License-Identifier: Apache-2.0
// Writing: equal contents give equal bytes.
#include "lib/io/json.hpp"
#include "lib/io/safetensors_format.hpp"

#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/io/digest.hpp"
#include "mien/io/safetensors.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace mien {
namespace {

using namespace safetensors;
using nlohmann::json;

/// What a file is made of: nothing is copied.
struct Parts {
  const std::map<std::string, std::string>& metadata;
  std::vector<NamedTensor> tensors;
  bool sealed;
};

Parts parts_of(const Safetensors& file) {
  Parts parts{file.metadata, {}, file.sealed};
  for (const auto& [name, tensor] : file.tensors) parts.tensors.push_back({name, &tensor});
  return parts;
}

/// By falling element size, then by name.
void sort_and_check(std::vector<NamedTensor>& tensors) {
  std::ranges::sort(tensors, [](const NamedTensor& a, const NamedTensor& b) {
    const auto x = size_of(a.tensor->dtype());
    const auto y = size_of(b.tensor->dtype());
    return x != y ? x > y : a.name < b.name;
  });
  std::set<std::string_view> names{"__metadata__"};
  for (const auto& [name, tensor] : tensors) {
    if (!names.insert(name).second)
      throw Error(concat("safetensors: the tensor name '", name, "' is reserved or used twice"));
  }
}

/// The header: digest (32 noughts), metadata by key, tensors by place; padded with blanks so that the data begin at 8
/// n.
std::string header_text(const Parts& file) {
  std::string text = file.sealed ? std::string(seal) + std::string(digits, '0') + '"' : R"({"__metadata__":{)";
  const char* comma = file.sealed ? "," : "";
  for (const auto& [key, value] : file.metadata) {
    if (key == "digest") throw Error("safetensors: the metadata key 'digest' is reserved for the digest of the file");
    text += comma + json(key).dump() + ':' + json(value).dump();
    comma = ",";
  }
  text += '}';
  std::size_t begin = 0;
  for (const auto& [name, tensor] : file.tensors) {
    const auto type = std::ranges::find(dtypes, tensor->dtype(), &std::pair<std::string_view, DType>::second)->first;
    const auto extents = tensor->shape().extents();
    const auto end = begin + tensor->bytes().size();
    text += ',' + json(name).dump() + R"(:{"dtype":")" + std::string(type) + R"(","shape":)" +
            json(std::vector<std::int64_t>(extents.begin(), extents.end())).dump() + R"(,"data_offsets":)" +
            json({begin, end}).dump() + '}';
    begin = end;
  }
  text += '}';
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

/// All that stands before the data, with the digest of header and data in its place. Puts the tensors into their order.
std::string beginning_of(Parts& file) {
  sort_and_check(file.tensors);
  std::string header;
  try {
    header = header_text(file);
  } catch (const json::exception&) {
    throw Error("safetensors: a name or a text in the metadata is not UTF-8");
  }
  if (header.size() > most_header) {
    throw Error(concat("safetensors: a header of ", header.size(), " bytes, at most ", most_header,
                       " are allowed; shorten the metadata"));
  }
  std::string text;
  for (unsigned shift = 0; shift < 64; shift += 8) text += static_cast<char>(header.size() >> shift & 255);
  text += header;
  if (file.sealed) {
    Digest digest;
    digest.update(std::as_bytes(std::span(text)));
    for (const auto& [name, tensor] : file.tensors) digest.update(tensor->bytes());
    text.replace(8 + seal.size(), digits, digest.hex());
  }
  return text;
}

void write(const std::filesystem::path& path, Parts file) {
  const auto text = beginning_of(file);
  std::vector<std::span<const std::byte>> pieces{std::as_bytes(std::span(text))};
  for (const auto& [name, tensor] : file.tensors) pieces.push_back(tensor->bytes());
  write_atomically(path, pieces);
}

} // namespace

std::vector<std::byte> safetensors_bytes(const Safetensors& file) {
  auto parts = parts_of(file);
  const auto text = beginning_of(parts);
  const auto beginning = std::as_bytes(std::span(text));
  std::vector<std::byte> bytes(beginning.begin(), beginning.end());
  for (const auto& [name, tensor] : parts.tensors)
    bytes.insert(bytes.end(), tensor->bytes().begin(), tensor->bytes().end());
  return bytes;
}

void write_safetensors(const std::filesystem::path& path, const Safetensors& file) { write(path, parts_of(file)); }

void write_safetensors(const std::filesystem::path& path, const std::map<std::string, std::string>& metadata,
                       std::vector<NamedTensor> tensors) {
  write(path, {metadata, std::move(tensors), true});
}

} // namespace mien
