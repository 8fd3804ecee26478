// SPDX-License-Identifier: Apache-2.0
#include "mien/nn/networks.hpp"

#include "mien/core/error.hpp"
#include "mien/nn/layers.hpp"

namespace mien {

Model seed_network(std::int64_t classes, std::uint64_t seed) {
  if (classes < 2) throw Error(concat("seed network: ", classes, " classes asked for, at least 2 are needed"));
  constexpr auto relu = Activation::relu;
  return Model({48, 48, 1},
               {
                   conv2d({.filters = 32, .activation = relu}),
                   conv2d({.filters = 64, .activation = relu}),
                   max_pooling2d(),
                   dropout({.rate = 0.1}),
                   conv2d({.filters = 128, .activation = relu}),
                   max_pooling2d(),
                   dropout({.rate = 0.1}),
                   conv2d({.filters = 256, .activation = relu}),
                   max_pooling2d(),
                   dropout({.rate = 0.1}),
                   flatten(),
                   dense({.units = 512, .activation = relu}),
                   dropout({.rate = 0.2}),
                   dense({.units = classes}),
               },
               seed);
}

Model network_named(std::string_view name, std::int64_t classes, std::uint64_t seed) {
  if (name == "seed") return seed_network(classes, seed);
  throw Error(concat("there is no network \"", name, "\"; there is seed"));
}

} // namespace mien
