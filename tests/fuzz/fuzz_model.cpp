// SPDX-License-Identifier: Apache-2.0
// Any bytes are a model file or an Error; the first byte says which part of a good file the others replace.
#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/io/safetensors.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tiny_model.hpp"

namespace {

mien::Safetensors good_file() {
  const mien::test::TempFolder folder;
  mien::save_model(folder / "tiny.safetensors", mien::test::tiny_model());
  return mien::read_safetensors(folder / "tiny.safetensors");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mien;
  static const Safetensors good = good_file();
  if (size == 0) return 0;
  const auto rest = std::as_bytes(std::span(data, size).subspan(1));
  try {
    if (const std::size_t part = data[0] % 8; part < good.metadata.size()) {
      auto file = good;
      std::next(file.metadata.begin(), static_cast<std::ptrdiff_t>(part))
          ->second.assign(reinterpret_cast<const char*>(rest.data()), rest.size());
      (void)parse_model(safetensors_bytes(file), "input");
    } else {
      (void)parse_model(rest, "input");
    }
  } catch (const Error&) {
  }
  return 0;
}
