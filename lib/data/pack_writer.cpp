// SPDX-License-Identifier: Apache-2.0
#include "mien/data/pack_writer.hpp"

#include "lib/data/packed_format.hpp"

#include "mien/core/error.hpp"

#include <algorithm>
#include <limits>

namespace mien {
namespace {

using namespace packed;

constexpr std::uint64_t most_pictures = std::numeric_limits<std::uint32_t>::max();

/// Enough for the JSON that will be there in the end, whose numbers are longer.
std::size_t room_for(PackedHeader header) {
  header.count = most_pictures;
  std::ranges::fill(header.class_counts, most_pictures);
  header.fingerprint.assign(32, '0');
  header.names_bytes = std::uint64_t{1} << 48;
  return header_text(header).size();
}

void append(AtomicFile& file, AtomicFile& more) {
  std::vector<std::byte> piece(std::size_t{1} << 18);
  for (std::uint64_t done = 0; done < more.size();) {
    const auto part = std::span(piece).first(std::min<std::uint64_t>(piece.size(), more.size() - done));
    more.read_at(done, part);
    file.write(part);
    done += part.size();
  }
}

void write_blanks(AtomicFile& file, std::uint64_t size) {
  const std::vector<std::byte> blanks(size);
  file.write(blanks);
}

} // namespace

PackWriter::PackWriter(const std::filesystem::path& path, std::vector<std::string> classes, int height, int width,
                       int channels, std::string_view part)
    : header_{.classes = std::move(classes),
              .class_counts = {},
              .height = height,
              .width = width,
              .channels = channels,
              .part = std::string(part),
              .fingerprint = {}},
      path_(path.string()), json_bytes_(0), file_(path), entries_(path), offsets_(path), names_(path) {
  header_.class_counts.resize(header_.classes.size());
  json_bytes_ = room_for(header_);
  write_blanks(file_, prefix_bytes + json_bytes_);
  const auto text = concat("mien pack 1\n", height, " ", width, " ", channels, "\n");
  digest_.update(std::as_bytes(std::span(text)));
  for (const auto& name : header_.classes) {
    const auto line = std::to_string(name.size()) + ":" + name + "\n";
    digest_.update(std::as_bytes(std::span(line)));
  }
}

void PackWriter::add(std::span<const std::uint8_t> pixels, std::int32_t label, std::string_view name) {
  if (pixels.size() != header_.picture_bytes())
    throw Error(concat(path_, ": a picture of ", pixels.size(), " bytes (", name, "), those of this file have ",
                       header_.picture_bytes()));
  if (label < 0 || static_cast<std::size_t>(label) >= header_.classes.size())
    throw Error(concat(path_, ": label ", label, " (", name, "), this file has ", header_.classes.size(), " classes"));
  if (header_.count == most_pictures)
    throw Error(concat(path_, ": more than ", most_pictures, " pictures; pack them into several files"));
  const PackedEntry entry{.digest = digest64(std::as_bytes(pixels)), .label = label};
  const auto digest = little(entry.digest);
  const auto its_label = little(static_cast<std::uint32_t>(label));
  entries_.write(digest);
  entries_.write(its_label);
  entries_.write(little(check_of(entry, header_.count)));
  offsets_.write(little(names_.size()));
  names_.write(std::as_bytes(std::span(name)));
  file_.write(std::as_bytes(pixels));
  digest_.update(digest).update(its_label);
  ++header_.class_counts[static_cast<std::size_t>(label)];
  ++header_.count;
}

void PackWriter::finish() {
  if (header_.count == 0) throw Error(concat(path_, ": there is no picture to pack"));
  offsets_.write(little(names_.size()));
  header_.names_bytes = names_.size();
  header_.fingerprint = digest_.hex();
  const auto at = sections_of(header_, json_bytes_);
  write_blanks(file_, at.entries - file_.size());
  for (auto* section : {&entries_, &offsets_, &names_}) append(file_, *section);

  const auto json = header_text(header_, json_bytes_);
  const auto bytes = std::as_bytes(std::span(json));
  std::vector<std::byte> head;
  const auto put = [&head](std::span<const std::byte> more) { head.insert(head.end(), more.begin(), more.end()); };
  put(std::as_bytes(std::span(magic)));
  put(little(version));
  put(little(static_cast<std::uint32_t>(json.size())));
  put(little(digest64(bytes)));
  put(bytes);
  file_.write_at(0, head);
  file_.commit();
}

} // namespace mien
