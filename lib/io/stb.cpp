// SPDX-License-Identifier: Apache-2.0
// The only file that compiles stb: static, so that nothing of it is visible outside.
#include "lib/io/stb.hpp"

#include <cstdlib>

namespace {

/// What stb_image may take at once, in bytes: its own bound is 4 GB, which some megabytes of PNG can unpack to.
thread_local std::size_t most_memory = 0;

/// Zeros, since stb_image 2.27 decodes with Huffman tables that a JPEG never defined: zeroed ones are harmless, what
/// stood in memory before is read out of bounds.
void* take(std::size_t size) noexcept { return size > most_memory ? nullptr : std::calloc(size, 1); }
void* grow(void* old, std::size_t size) noexcept { return size > most_memory ? nullptr : std::realloc(old, size); }

} // namespace

#define STBI_MALLOC(size) take(size)
#define STBI_REALLOC(old, size) grow(old, size)
#define STBI_FREE(old) std::free(old)
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STBI_FAILURE_USERMSG
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>
#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>

namespace mien::stb {
namespace {

const stbi_uc* data_of(std::span<const std::byte> bytes) { return reinterpret_cast<const stbi_uc*>(bytes.data()); }

void append(void* context, void* data, int size) {
  const auto* bytes = static_cast<const std::byte*>(data);
  auto& file = *static_cast<std::vector<std::byte>*>(context);
  file.insert(file.end(), bytes, bytes + size);
}

} // namespace

void Free::operator()(void* memory) const noexcept { stbi_image_free(memory); }

bool read_header(std::span<const std::byte> bytes, Header& header) noexcept {
  most_memory = 1 << 20;
  return stbi_info_from_memory(data_of(bytes), static_cast<int>(bytes.size()), &header.width, &header.height,
                               &header.channels) != 0;
}

Pixels decode(std::span<const std::byte> bytes, int channels, Header& header) noexcept {
  // Four channels of two bytes, sides rounded up to whole blocks, buffers that grow by doubling.
  const auto pixels_in_blocks =
      (static_cast<std::size_t>(header.width) + 64) * (static_cast<std::size_t>(header.height) + 64);
  most_memory = 2 * (bytes.size() + 8 * pixels_in_blocks);
  Pixels pixels(stbi_load_from_memory(data_of(bytes), static_cast<int>(bytes.size()), &header.width, &header.height,
                                      &header.channels, channels));
  if (channels != 0) header.channels = channels;
  return pixels;
}

const char* failure_reason() noexcept {
  const char* reason = stbi_failure_reason();
  return reason ? reason : "unknown";
}

std::vector<std::byte> encode_png(int width, int height, int channels, const std::uint8_t* pixels) {
  std::vector<std::byte> file;
  stbi_write_png_to_func(append, &file, width, height, channels, pixels, width * channels);
  return file;
}

std::vector<std::byte> encode_jpeg(int width, int height, int channels, const std::uint8_t* pixels, int quality) {
  std::vector<std::byte> file;
  if (width > 65535 || height > 65535) return file;
  stbi_write_jpg_to_func(append, &file, width, height, channels, pixels, quality);
  return file;
}

} // namespace mien::stb
