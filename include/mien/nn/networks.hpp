// SPDX-License-Identifier: Apache-2.0
// Networks by name.
#pragma once

#include "mien/nn/model.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mien {

/// The field's network: four 3x3 convolutions of 32, 64, 128 and 256 filters, poolings, dropout, dense 512, dense
/// `classes`.
///
/// (48,48,1) -> logits (classes); 2,489,095 parameters for seven classes. Throws Error unless classes is at least 2.
[[nodiscard]] Model seed_network(std::int64_t classes, std::uint64_t seed = 1);

/// What a network is built for.
struct NetworkOptions {
  std::int64_t classes = 7;
  std::int64_t channels = 1; ///< of its pictures: 1 grey, 3 RGB
  std::uint64_t seed = 1;    ///< of its first weights
};

/// A network by its name, and what it is in a sentence.
struct NamedNetwork {
  std::string_view name;
  std::string_view about;
  std::vector<LayerSpec> (*layers)(std::int64_t classes);
};

/// The networks there are: `seed`, `vgg8`, ... Each is a short text in lib/nn/networks.cpp.
[[nodiscard]] std::span<const NamedNetwork> named_networks() noexcept;

/// The network of this name with fresh parameters, for pictures of 48x48. Throws Error for another name, listing those
/// there are, for fewer than 2 classes, and for channels other than 1 and 3.
[[nodiscard]] Model network_named(std::string_view name, const NetworkOptions& options = {});

} // namespace mien
