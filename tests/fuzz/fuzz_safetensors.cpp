// SPDX-License-Identifier: Apache-2.0
// Any bytes are a safetensors file that survives being written again, or an Error.
#include "mien/core/error.hpp"
#include "mien/io/safetensors.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mien;
  try {
    const auto file = parse_safetensors(std::as_bytes(std::span(data, size)), "input");
    const auto again = parse_safetensors(safetensors_bytes(file), "again");
    if (again.metadata != file.metadata || again.sealed != file.sealed) std::abort();
    for (const auto& [name, tensor] : file.tensors) {
      if (!again.find(name) || *again.find(name) != tensor) std::abort();
    }
  } catch (const Error&) {
  }
  return 0;
}
