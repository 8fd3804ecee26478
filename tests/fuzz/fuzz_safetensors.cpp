// SPDX-License-Identifier: Apache-2.0
// Any bytes are a safetensors file that survives being written again, or an Error.
#include "mien/io/safetensors.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <cstdlib>

namespace mien::test {

std::vector<std::string> seeds() {
  Safetensors file;
  file.metadata = {{"name", "value"}, {"quoted", "\"\\\n"}};
  file.tensors = {
      {"a", Tensor(Shape{2, 3})}, {"b", Tensor(Shape{5}, DType::u8)}, {"c", Tensor(Shape{1, 2, 2}, DType::bf16)}};
  std::vector<std::string> all;
  for (const bool sealed : {true, false}) { // without a digest a changed copy gets further
    file.sealed = sealed;
    const auto bytes = safetensors_bytes(file);
    all.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  return all;
}

void try_input(std::span<const std::byte> input) {
  const auto file = parse_safetensors(input, "input");
  const auto again = parse_safetensors(safetensors_bytes(file), "again");
  if (again.metadata != file.metadata || again.sealed != file.sealed) std::abort();
  for (const auto& [name, tensor] : file.tensors) {
    if (!again.find(name) || *again.find(name) != tensor) std::abort();
  }
}

} // namespace mien::test
