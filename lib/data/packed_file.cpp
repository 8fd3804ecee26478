// SPDX-License-Identifier: Apache-2.0
// Reading a packed file: its header when it is opened, a picture when it is asked for.
#include "mien/data/packed_file.hpp"

#include "lib/data/packed_format.hpp"

#include "mien/core/error.hpp"

#include <algorithm>

namespace mien {

using namespace packed;

PackedFile::PackedFile(const std::filesystem::path& path) : path_(path), file_(path) {
  const auto name = path.string();
  const auto bytes = file_.bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(magic))
    throw Error(concat(name, ": no packed file, which begins with ", magic, "; `mien data pack` makes one"));
  if (bytes.size() < prefix_bytes) throw Error(concat(name, ": cut short in its header; copy it, or pack, again"));
  const auto its_version = from_little<std::uint32_t>(bytes.subspan(8, 4));
  if (its_version != version)
    throw Error(concat(name, ": a packed file of version ", its_version, ", this program reads version ", version,
                       "; use the version of mien that packed it, or pack the data again"));
  const auto json_bytes = from_little<std::uint32_t>(bytes.subspan(12, 4));
  if (json_bytes > most_json)
    throw Error(concat(name, ": damaged: its header would have ", json_bytes, " bytes, at most ", most_json,
                       " are read; pack the data again"));
  if (json_bytes > bytes.size() - prefix_bytes)
    throw Error(concat(name, ": cut short in its header; copy it, or pack the data, again"));
  if (digest64(bytes.subspan(prefix_bytes, json_bytes)) != from_little<std::uint64_t>(bytes.subspan(16, 8)))
    throw Error(concat(name, ": damaged: its header is not the one that was packed; take a fresh copy, or pack again"));
  header_ = parse_header(text.substr(prefix_bytes, json_bytes), name);

  const auto at = sections_of(header_, json_bytes);
  if (bytes.size() < at.end) {
    const auto whole = std::min<std::uint64_t>(header_.count, (bytes.size() - at.pixels) / header_.picture_bytes());
    throw Error(concat(name, ": cut short: ", bytes.size(), " of ", at.end, " bytes are there, with the pixels of ",
                       whole, " of ", header_.count, " pictures; copy it, or pack the data, again"));
  }
  if (bytes.size() > at.end)
    throw Error(concat(name, ": ", bytes.size() - at.end, " bytes more than its ", header_.count,
                       " pictures take; take a fresh copy, or pack the data again"));
  pixels_at_ = at.pixels, entries_at_ = at.entries, offsets_at_ = at.offsets, names_at_ = at.names;
}

std::span<const std::uint8_t> PackedFile::picture(std::size_t record) const {
  const auto size = header_.picture_bytes();
  const auto offset = pixels_at_ + std::uint64_t{record} * size;
  const auto pixels = file_.bytes().subspan(offset, size);
  if (digest64(pixels) != entry(record).digest) throw_damaged(record, offset, "its pixels");
  return {reinterpret_cast<const std::uint8_t*>(pixels.data()), size};
}

PackedEntry PackedFile::entry(std::size_t record) const {
  const auto offset = entries_at_ + std::uint64_t{record} * entry_bytes;
  const auto bytes = file_.bytes().subspan(offset, entry_bytes);
  const PackedEntry entry{.digest = from_little<std::uint64_t>(bytes),
                          .label = static_cast<std::int32_t>(from_little<std::uint32_t>(bytes.subspan(8, 4)))};
  const bool known = entry.label >= 0 && static_cast<std::size_t>(entry.label) < header_.classes.size();
  if (!known || check_of(entry, record) != from_little<std::uint32_t>(bytes.subspan(12, 4)))
    throw_damaged(record, offset, "its label and digest");
  return entry;
}

std::string PackedFile::name(std::size_t record) const {
  const auto place = file_.bytes().subspan(offsets_at_ + std::uint64_t{record} * 8, 16);
  const auto begin = from_little<std::uint64_t>(place), end = from_little<std::uint64_t>(place.subspan(8));
  if (begin > end || end > header_.names_bytes) return {};
  const auto bytes = file_.bytes().subspan(names_at_ + begin, end - begin);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void PackedFile::will_read_entries() const noexcept { file_.will_read(entries_at_, offsets_at_ - entries_at_); }

void PackedFile::will_read_all() const noexcept { file_.will_read(0, file_.bytes().size()); }

void PackedFile::throw_damaged(std::size_t record, std::uint64_t offset, const char* what) const {
  const auto from = name(record);
  throw Error(concat(path_.string(), ": record ", record, " of ", header_.count, from.empty() ? "" : ", ", from,
                     ", is damaged: ", what, " at byte ", offset,
                     " are not those that were packed; take a fresh copy, "
                     "pack the data again, or leave out what is damaged: `mien data pack ",
                     path_.string(), " --out NEW.mienpack`"));
}

} // namespace mien
