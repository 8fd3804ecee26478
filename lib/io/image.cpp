// SPDX-License-Identifier: Apache-2.0
#include "mien/io/image.hpp"

#include "lib/io/exif.hpp"
#include "lib/io/picture_bytes.hpp"
#include "lib/io/pnm.hpp"
#include "lib/io/stb.hpp"
#include "lib/io/upright.hpp"
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/io/file_name.hpp"

#include <limits>

namespace mien {

void expect_whole(const Image& image, std::string_view name) {
  const auto wanted = std::int64_t{image.width} * image.height * image.channels;
  if (image.width < 1 || image.height < 1 || (image.channels != 1 && image.channels != 3) ||
      static_cast<std::int64_t>(image.pixels.size()) != wanted) {
    throw Error(concat(name, ": no whole picture: ", image.width, "x", image.height, " with ", image.channels,
                       " channels and ", image.pixels.size(), " bytes, expected 1 or 3 channels and a byte for each"));
  }
}

Image decode_image(std::span<const std::byte> bytes, std::string_view name) {
  if (bytes.empty()) throw Error(concat(name, ": is empty, expected a picture (PNG, JPEG, BMP or PNM)"));
  if (is_pnm(bytes)) return decode_pnm(bytes, name);
  if (const char* problem = picture_problem(bytes)) throw Error(concat(name, ": ", problem));
  stb::Header header;
  if (bytes.size() > std::numeric_limits<int>::max() || !stb::read_header(bytes, header)) {
    throw Error(concat(name, ": is not a picture in PNG, JPEG, BMP or binary PNM; convert it to one of these"));
  }
  expect_decodable_size(header.width, header.height, name); // before memory is taken for them
  if (!holds(bytes, header.width, header.height)) {
    throw Error(concat(name, ": has ", bytes.size(), " bytes, too few for ", header.width, "x", header.height,
                       " pixels; it is cut short or damaged"));
  }
  const int channels = byte_at(bytes, 0) == 'B' ? 3 : 0; // a BMP's fourth byte is hardly ever meant as alpha
  const auto pixels = stb::decode(bytes, channels, header);
  if (!pixels) throw Error(concat(name, ": cannot be decoded (", stb::failure_reason(), "); it may be damaged"));
  return upright({pixels.get(), header.width, header.height, header.channels}, exif_orientation(bytes));
}

Image read_image(const std::filesystem::path& path) { return decode_image(read_file(path), path.string()); }

std::vector<std::byte> encode_png(const Image& image, std::string_view name) {
  expect_whole(image, name);
  auto file = stb::encode_png(image.width, image.height, image.channels, image.pixels.data());
  if (file.empty()) throw Error(concat(name, ": not enough memory to encode the picture"));
  return file;
}

void write_png(const std::filesystem::path& path, const Image& image) {
  write_atomically(path, encode_png(image, path.string()), Flush::later);
}

void write_picture(const std::filesystem::path& path, const Image& image) {
  const auto ending = small_extension(path);
  if (ending == ".png") return write_png(path, image);
  if (ending != ".jpg" && ending != ".jpeg") {
    throw Error(concat(path.string(), ": a picture is written as PNG or JPEG; let its name end with .png or .jpg"));
  }
  expect_whole(image, path.string());
  constexpr int quality = 92; // up to 90 the encoder halves the colours' resolution, and thin coloured lines smear
  const auto file = stb::encode_jpeg(image.width, image.height, image.channels, image.pixels.data(), quality);
  if (file.empty()) throw Error(concat(path.string(), ": cannot be a JPEG, which has at most 65535 pixels a side"));
  write_atomically(path, file, Flush::later);
}

} // namespace mien
