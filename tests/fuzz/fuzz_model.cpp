// SPDX-License-Identifier: Apache-2.0
// Any bytes are a model file or an Error; the first byte says which part of a good file the others replace.
#include "mien/io/atomic_file.hpp"
#include "mien/io/safetensors.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tiny_model.hpp"

namespace mien::test {
namespace {

Safetensors good_file() {
  const TempFolder folder;
  save_model(folder / "tiny.safetensors", tiny_model());
  return read_safetensors(folder / "tiny.safetensors");
}

} // namespace

std::vector<std::string> seeds() {
  const Safetensors good = good_file();
  const auto bytes = safetensors_bytes(good);
  std::vector<std::string> all{"\xff" + std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())};
  for (const auto& [name, text] : good.metadata) all.push_back(static_cast<char>(all.size() - 1) + text);
  return all;
}

void try_input(std::span<const std::byte> input) {
  static const Safetensors good = good_file();
  if (input.empty()) return;
  const auto rest = input.subspan(1);
  const auto part = std::to_integer<std::size_t>(input[0]);
  if (part >= good.metadata.size()) {
    (void)parse_model(rest, "input");
    return;
  }
  auto file = good;
  auto& text = std::next(file.metadata.begin(), static_cast<std::ptrdiff_t>(part))->second;
  text.assign(reinterpret_cast<const char*>(rest.data()), rest.size());
  (void)parse_model(safetensors_bytes(file), "input");
}

} // namespace mien::test
