// SPDX-License-Identifier: Apache-2.0
// Networks from JSON files.
#include "mien/nn/network_file.hpp"

#include "lib/nn/model_json.hpp"

#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"

#include <string_view>

namespace mien {

Model read_network(const std::filesystem::path& path, std::uint64_t seed) {
  const auto bytes = read_file(path);
  try {
    const auto [input, layers] =
        parse_architecture(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    return Model(input, layers, seed);
  } catch (const Error& error) {
    throw Error(concat(path.string(), ": ", error.what()));
  }
}

} // namespace mien
