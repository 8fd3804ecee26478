// SPDX-License-Identifier: Apache-2.0
// What a fuzz target is: some good inputs, and a reader that must survive bad ones.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace mien::test {

/// Whole files that the reader accepts, few and small: what fuzzing starts from.
std::vector<std::string> seeds();

/// Reads the input. May throw Error and nothing else; must not crash, hang or take more than some megabytes.
void try_input(std::span<const std::byte> input);

} // namespace mien::test
