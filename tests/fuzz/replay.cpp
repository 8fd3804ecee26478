// SPDX-License-Identifier: Apache-2.0
// Feeds a reader its seeds, all of them cut short, and some thousand changed copies: the same ones on every machine.
// With --write DIR it writes the seeds as files instead.
#include "mien/core/error.hpp"
#include "mien/core/rng.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

using namespace mien;

namespace {

/// Numbers on which arithmetic breaks, as text and as bytes.
constexpr std::string_view numbers[] = {"9223372036854775807", "4611686018427387905", "-2147483648", "\xff\xff\xff\xff",
                                        "\xff\xff\xff\x7f"};

/// Puts one in the place of the next number in the text, or of the bytes there.
std::string with_number(std::string input, std::size_t at, std::string_view number) {
  constexpr std::string_view digits = "0123456789";
  if (number.size() == 4) return input.replace(at, 4, number);
  const auto begin = std::min(input.find_first_of(digits, at), input.size());
  const auto end = std::min(input.find_first_not_of(digits, begin), input.size());
  return input.replace(begin, end - begin, number);
}

/// Changes one to eight places: a byte, a special byte, a piece removed, doubled or moved, a number replaced by one on
/// which arithmetic breaks.
std::string changed(std::string input, Rng& rng) {
  static constexpr std::string_view special("\0\xff\x7f\x80\"\n\r,- 9{[", 13);
  for (auto changes = 1 + rng.below(8); changes > 0 && !input.empty(); --changes) {
    const auto at = rng.below(static_cast<std::uint32_t>(input.size()));
    const auto piece = input.substr(at, 1 + rng.below(16));
    switch (rng.below(6)) {
    case 0: input[at] = static_cast<char>(rng.below(256)); break;
    case 1: input[at] = special[rng.below(static_cast<std::uint32_t>(special.size()))]; break;
    case 2: input.erase(at, piece.size()); break;
    case 3: input.insert(at, piece); break;
    case 4: input = with_number(std::move(input), at, numbers[rng.below(std::size(numbers))]); break;
    default: input.replace(rng.below(static_cast<std::uint32_t>(input.size())), piece.size(), piece); break;
    }
  }
  return input;
}

/// Returns true if the input was accepted.
bool survives(const std::string& input) {
  try {
    test::try_input(std::as_bytes(std::span(input)));
    return true;
  } catch (const Error&) {
    return false;
  }
}

int write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const auto& seed : test::seeds()) std::ofstream(folder / ("seed" + std::to_string(number++))) << seed;
  return 0;
}

} // namespace

int main(int argc, char** argv) try {
  if (argc == 3 && std::string_view(argv[1]) == "--write") return write_seeds(argv[2]);
  Rng rng(1, Purpose::test);
  std::size_t inputs = 0, accepted = 0;
  for (const auto& seed : test::seeds()) {
    if (!survives(seed)) {
      std::puts("FAILED: a seed is refused");
      return 1;
    }
    const auto step = std::max<std::size_t>(1, seed.size() / 100);
    for (std::size_t size = 0; size < seed.size(); size += step, ++inputs) accepted += survives(seed.substr(0, size));
    for (int i = 0; i < 400; ++i, ++inputs) accepted += survives(changed(seed, rng));
  }
  std::printf("%zu changed inputs: %zu accepted, %zu refused\n", inputs, accepted, inputs - accepted);
  return 0;
} catch (const std::exception& error) {
  std::printf("FAILED: not an Error: %s\n", error.what());
  return 1;
}
