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

namespace mien {
namespace {

using namespace safetensors;
using nlohmann::json;

/// The header: digest (32 noughts), metadata by key, tensors by place; padded with blanks so that the data begin at 8
/// n.
std::string header_text(const Safetensors& file, const std::vector<const std::pair<std::string, Tensor>*>& tensors) {
  std::string text = file.sealed ? std::string(seal) + std::string(digits, '0') + '"' : R"({"__metadata__":{)";
  const char* comma = file.sealed ? "," : "";
  for (const auto& [key, value] : file.metadata) {
    if (key == "digest") throw Error("safetensors: the metadata key 'digest' is reserved for the digest of the file");
    text += comma + json(key).dump() + ':' + json(value).dump();
    comma = ",";
  }
  text += '}';
  std::size_t begin = 0;
  for (const auto* entry : tensors) {
    const auto& [name, tensor] = *entry;
    const auto type = std::ranges::find(dtypes, tensor.dtype(), &std::pair<std::string_view, DType>::second)->first;
    const auto extents = tensor.shape().extents();
    const auto end = begin + tensor.bytes().size();
    text += ',' + json(name).dump() + R"(:{"dtype":")" + std::string(type) + R"(","shape":)" +
            json(std::vector<std::int64_t>(extents.begin(), extents.end())).dump() + R"(,"data_offsets":)" +
            json({begin, end}).dump() + '}';
    begin = end;
  }
  text += '}';
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

} // namespace

std::vector<std::byte> safetensors_bytes(const Safetensors& file) {
  std::vector<const std::pair<std::string, Tensor>*> tensors;
  for (const auto& entry : file.tensors) tensors.push_back(&entry);
  std::ranges::sort(tensors, [](const auto* a, const auto* b) {
    const auto x = size_of(a->second.dtype());
    const auto y = size_of(b->second.dtype());
    return x != y ? x > y : a->first < b->first;
  });
  std::string text;
  std::size_t data = 0;
  for (const auto* entry : tensors) data += entry->second.bytes().size();
  std::set<std::string_view> names{"__metadata__"};
  for (const auto* entry : tensors) {
    if (!names.insert(entry->first).second)
      throw Error(concat("safetensors: the tensor name '", entry->first, "' is reserved or used twice"));
  }
  try {
    text = header_text(file, tensors);
  } catch (const json::exception&) {
    throw Error("safetensors: a name or a text in the metadata is not UTF-8");
  }
  if (text.size() > most_header) {
    throw Error(concat("safetensors: a header of ", text.size(), " bytes, at most ", most_header,
                       " are allowed; shorten the metadata"));
  }

  std::vector<std::byte> bytes;
  bytes.reserve(8 + text.size() + data);
  for (unsigned shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<std::byte>(text.size() >> shift & 255));
  const auto append = [&bytes](std::span<const std::byte> more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
  };
  append(std::as_bytes(std::span(text)));
  for (const auto* entry : tensors) append(entry->second.bytes());
  if (file.sealed) {
    const auto hex = digest(bytes);
    std::ranges::copy(std::as_bytes(std::span(hex)), bytes.begin() + 8 + seal.size());
  }
  return bytes;
}

void write_safetensors(const std::filesystem::path& path, const Safetensors& file) {
  write_atomically(path, safetensors_bytes(file));
}

} // namespace mien
