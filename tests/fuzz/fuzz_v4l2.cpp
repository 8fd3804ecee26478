// SPDX-License-Identifier: Apache-2.0
// Whatever a driver answers, Camera gives whole frames or says why not, and leaves nothing open. The driver of
// tests/capture is linked into this program and spoils its replies as the input says; the first byte picks a device.
#include "mien/capture/camera.hpp"
#include "mien/core/error.hpp"
#include "tests/capture/fake_v4l2.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/pictures.hpp"

#include <cstdlib>

namespace mien::test {
namespace {

/// An input of which some bytes spoil a reply (192 and more) and most do not, none of them before `first`.
std::string spoiling(char device, std::uint32_t seed, std::size_t first) {
  std::string input(1, device);
  for (const auto byte : noise(300, 1, 1, seed).pixels) input += static_cast<char>(byte > 230 ? byte : byte % 192);
  std::fill_n(input.begin() + 1, first, '\0');
  return input;
}

void read_some(const CameraSettings& settings) {
  Camera camera(settings);
  Frame frame;
  for (int i = 0; i < 16; ++i) {
    const auto before = camera.counts();
    const auto answer = camera.next(frame);
    if (answer == Next::end) std::abort();
    if (answer == Next::frame) expect_whole(frame.picture, "frame");
    if (camera.counts().given != before.given + (answer == Next::frame ? 1 : 0)) std::abort();
    (void)camera.note();
  }
  (void)camera.info();
}

} // namespace

std::vector<std::string> seeds() {
  std::vector<std::string> all;
  for (char device = 0; device < 4; ++device)
    for (const std::size_t first : {0u, 20u, 60u, 300u})
      all.push_back(spoiling(device, static_cast<std::uint32_t>(all.size()), first));
  return all;
}

void try_input(std::span<const std::byte> input) {
  if (input.empty()) return;
  const int number = 40 + std::to_integer<int>(input[0]) % 4;
  fake_v4l2_spoil(input.data() + 1, input.size() - 1);
  try {
    read_some({.device = "/dev/video" + std::to_string(number), .width = 32, .height = 24, .timeout = 0});
  } catch (const Error& error) { // a driver that makes no sense is told, and no failure of the input
    if (std::string_view(error.what()).empty()) std::abort();
  }
  fake_v4l2_spoil(nullptr, 0);
  if (fake_v4l2_open_count() != 0 || fake_v4l2_map_count() != 0) std::abort();
}

} // namespace mien::test
