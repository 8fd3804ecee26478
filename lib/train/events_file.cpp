// SPDX-License-Identifier: Apache-2.0
#include "mien/train/events_file.hpp"

#include "lib/io/bytes.hpp"
#include "lib/io/crc32c.hpp"
#include "lib/train/protobuf.hpp"
#include "mien/io/atomic_file.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <system_error>

namespace mien {
namespace {

constexpr std::string_view version = "brain.Event:2";

std::string masked_crc(std::string_view bytes) {
  const auto crc = crc32c(bytes);
  return little_endian((crc >> 15 | crc << 17) + 0xa282ead8u);
}

/// A TFRecord: the length and the data, each followed by its checksum.
std::string record(const std::string& data) {
  const auto length = little_endian(static_cast<std::uint64_t>(data.size()));
  return length + masked_crc(length) + data + masked_crc(data);
}

/// An Event without its content; a field that is 0 is left out.
Message event(double time, int step) {
  auto message = Message().real(1, time);
  if (step != 0) message.integer(2, static_cast<std::uint64_t>(step));
  return message;
}

Message scalar(std::string_view tag, double figure) {
  return Message().text(1, tag).real(2, static_cast<float>(figure));
}

Message picture(std::string_view tag, const Image& image) {
  const auto png = encode_png(image, "events: the picture");
  const std::string_view bytes(reinterpret_cast<const char*>(png.data()), png.size());
  const auto content = Message()
                           .integer(1, static_cast<std::uint64_t>(image.height))
                           .integer(2, static_cast<std::uint64_t>(image.width))
                           .integer(3, static_cast<std::uint64_t>(image.channels))
                           .text(4, bytes);
  return Message().text(1, tag).message(4, content);
}

/// A tensor that holds one string of Markdown, under the plugin that shows it.
Message table(std::string_view tag, const std::vector<std::pair<std::string, std::string>>& settings) {
  constexpr int string_type = 7; // DT_STRING
  std::string markdown = "| option | value |\n| --- | --- |\n";
  for (const auto& [name, value] : settings) markdown += "| " + name + " | " + value + " |\n";
  const auto tensor = Message().integer(1, string_type).message(2, {}).text(8, markdown);
  const auto metadata = Message().message(1, Message().text(1, "text"));
  return Message().text(1, tag).message(8, tensor).message(9, metadata);
}

std::string epoch(const EpochRow& row, double time) {
  const std::pair<std::string_view, double> figures[] = {{"loss/train", row.loss},
                                                         {"loss/validation", row.val_loss},
                                                         {"accuracy/train", row.accuracy},
                                                         {"accuracy/validation", row.val_accuracy},
                                                         {"macro_f1/validation", row.val_macro_f1},
                                                         {"learning_rate", row.learning_rate},
                                                         {"gradient_norm", row.gradient_norm},
                                                         {"images_per_second", row.images_per_second}};
  Message summary;
  for (const auto& [tag, figure] : figures) summary.message(1, scalar(tag, figure));
  return record(event(time, row.epoch).message(5, summary).bytes());
}

/// When the file says it began; nothing if its first record is not one of ours.
std::optional<double> beginning(Bytes file) {
  constexpr std::size_t data = 12; // behind the length and its checksum
  const auto first = record(event(0, 0).text(3, version).bytes());
  if (file.size() < first.size() || byte_at(file, data) != 9) return {}; // field 1, eight bytes
  const auto low = std::uint64_t{little32(file, data + 1)}, high = std::uint64_t{little32(file, data + 5)};
  return std::bit_cast<double>(high << 32 | low);
}

} // namespace

std::string events(std::span<const EpochRow> rows, const EventsOptions& options) {
  auto bytes = record(event(options.started, 0).text(3, version).bytes());
  Message summary;
  if (!options.settings.empty()) summary.message(1, table("options", options.settings));
  if (!options.augmented.pixels.empty()) summary.message(1, picture("augmented", options.augmented));
  if (!summary.bytes().empty()) bytes += record(event(options.started, 0).message(5, summary).bytes());
  double time = options.started;
  for (const auto& row : rows) bytes += epoch(row, time += row.seconds);
  return bytes;
}

void write_events(const std::filesystem::path& path, std::span<const EpochRow> rows, EventsOptions options) {
  std::error_code ignored;
  const auto stands = std::filesystem::exists(path, ignored) ? read_file(path) : std::vector<std::byte>();
  options.started = beginning(stands).value_or(options.started);
  const auto wanted = events(rows, options);
  const auto bytes = std::as_bytes(std::span(wanted));
  const bool begins = stands.size() <= bytes.size() && std::equal(stands.begin(), stands.end(), bytes.begin());
  if (stands.empty() || !begins)
    write_atomically(path, bytes);
  else if (stands.size() < bytes.size())
    append_to_file(path, bytes.subspan(stands.size()));
}

} // namespace mien
