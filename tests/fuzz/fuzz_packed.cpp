// SPDX-License-Identifier: Apache-2.0
// Any bytes are a packed file whose every picture is whole or named as damaged, or an Error. After a first byte of 1
// the bytes are the header's JSON alone, with a digest that is right, before the sections of a good file.
#include "lib/data/packed_format.hpp"
#include "mien/data/pack.hpp"
#include "mien/data/split.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/packs.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/temp_folder.hpp"

#include <cstdlib>

namespace mien::test {
namespace {

std::string good_file() {
  const TempFolder folder;
  PackWriter writer(folder / "a.mienpack", {"angry", "happy"}, 3, 2, 1);
  for (std::uint32_t i = 0; i < 4; ++i) writer.add(noise(2, 3, 1, i).pixels, i % 2, "picture" + std::to_string(i));
  writer.finish();
  return file_text(folder / "a.mienpack");
}

template <class T> std::string text_of(T number) {
  const auto bytes = packed::little(number);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

std::vector<std::string> seeds() {
  const auto good = good_file();
  const auto json = good.substr(packed::prefix_bytes, good.find('}') + 1 - packed::prefix_bytes);
  return {std::string(1, '\0') + good, "\1" + json};
}

void try_input(std::span<const std::byte> input) {
  static const TempFolder folder;
  static const auto good = good_file();
  if (input.empty()) return;
  std::string bytes(reinterpret_cast<const char*>(input.data()) + 1, input.size() - 1);
  if (input[0] == std::byte{1}) {
    bytes.resize(packed::aligned(packed::prefix_bytes + bytes.size()) - packed::prefix_bytes, ' ');
    bytes = std::string(packed::magic) + text_of(packed::version) + text_of(static_cast<std::uint32_t>(bytes.size())) +
            text_of(digest64(bytes_of(bytes))) + bytes + good.substr(4096);
  }
  const auto path = folder / "input.mienpack";
  replace_file(path, bytes);
  const auto data = open_packed(path);
  if (data.size() > bytes.size()) std::abort();
  for (std::size_t i = 0; i < data.size(); ++i) (void)data.name(i);
  const auto verdict = verify_packed(data.packed->file());
  if (verdict.damaged > data.size()) std::abort();
  const auto [kept, held] = split(data, 0.5, 1);
  if (kept.size() + held.size() != data.size()) std::abort();
}

} // namespace mien::test
