// SPDX-License-Identifier: Apache-2.0
#include "lib/io/pnm.hpp"

#include "mien/core/error.hpp"

#include <algorithm>

namespace mien {
namespace {

/// Reads a header from its third byte on: numbers apart by blanks and comments.
class HeaderReader {
public:
  explicit HeaderReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  /// The next number; -1 if there is none, or none that a header may hold.
  std::int64_t number() noexcept {
    while (is_blank(peek()) || peek() == '#') {
      if (next() == '#') {
        while (peek() != '\n' && peek() >= 0) next();
      }
    }
    std::int64_t value = peek() >= '0' && peek() <= '9' ? 0 : -1;
    while (peek() >= '0' && peek() <= '9') {
      value = 10 * value + (next() - '0');
      if (value > most_pixels * 10) return -1;
    }
    return value;
  }
  /// What comes after the one blank that ends the header.
  std::span<const std::byte> rest() noexcept { return bytes_.subspan(std::min(i_ + 1, bytes_.size())); }

private:
  static bool is_blank(int c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
  [[nodiscard]] int peek() const noexcept { return i_ < bytes_.size() ? std::to_integer<int>(bytes_[i_]) : -1; }
  int next() noexcept { return i_ < bytes_.size() ? std::to_integer<int>(bytes_[i_++]) : -1; }

  std::span<const std::byte> bytes_;
  std::size_t i_ = 2;
};

} // namespace

bool is_pnm(std::span<const std::byte> bytes) noexcept {
  return bytes.size() > 2 && bytes[0] == std::byte{'P'} && (bytes[1] == std::byte{'5'} || bytes[1] == std::byte{'6'});
}

Image decode_pnm(std::span<const std::byte> bytes, std::string_view name) {
  HeaderReader header(bytes);
  const auto width = header.number(), height = header.number(), greatest = header.number();
  if (width < 1 || height < 1 || greatest < 1 || greatest > 65535) {
    throw Error(concat(name, ": has no PNM header (width, height, greatest value up to 65535); it may be damaged"));
  }
  expect_decodable_size(width, height, name);
  Image image{static_cast<int>(width), static_cast<int>(height), bytes[1] == std::byte{'6'} ? 3 : 1, {}};
  const auto count = static_cast<std::size_t>(width * height * image.channels);
  const std::size_t wide = greatest > 255 ? 2 : 1;
  const auto values = header.rest();
  if (values.size() / wide < count) {
    throw Error(concat(name, ": ends before its last pixel; copy or download it again"));
  }

  image.pixels.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto value = std::to_integer<std::int64_t>(values[wide * i]);
    if (wide == 2) value = value << 8 | std::to_integer<std::int64_t>(values[2 * i + 1]);
    image.pixels[i] = static_cast<std::uint8_t>((std::min(value, greatest) * 510 + greatest) / (2 * greatest));
  }
  return image;
}

void expect_decodable_size(std::int64_t width, std::int64_t height, std::string_view name) {
  if (width < 1 || height < 1) throw Error(concat(name, ": has ", width, "x", height, " pixels; it may be damaged"));
  if (width > most_pixels || height > most_pixels || width * height > most_pixels) { // no product that overflows
    throw Error(concat(name, ": has ", width, "x", height, " pixels, at most ", most_pixels,
                       " are read; make the picture smaller"));
  }
}

} // namespace mien
