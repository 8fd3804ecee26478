// SPDX-License-Identifier: Apache-2.0
// The entry that libFuzzer calls.
#include "mien/core/error.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    mien::test::try_input(std::as_bytes(std::span(data, size)));
  } catch (const mien::Error&) { // anything else is a finding
  }
  return 0;
}
