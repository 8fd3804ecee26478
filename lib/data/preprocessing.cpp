// SPDX-License-Identifier: Apache-2.0
#include "mien/data/preprocessing.hpp"

#include "mien/core/error.hpp"
#include "mien/data/grey.hpp"
#include "mien/data/resize.hpp"

#include "lib/data/standardize.hpp"

namespace mien {

Image to_input_bytes(const Image& picture, const Preprocessing& preprocessing) {
  if (preprocessing.version != Preprocessing{}.version || preprocessing.height < 1 || preprocessing.width < 1 ||
      (preprocessing.channels != 1 && preprocessing.channels != 3)) {
    throw Error(concat("preprocessing: version ", preprocessing.version, ", ", preprocessing.height, "x",
                       preprocessing.width, "x", preprocessing.channels, ": expected version ", Preprocessing{}.version,
                       ", extents of at least 1 and 1 or 3 channels"));
  }
  if (preprocessing.channels == 1) return resized(to_grey(picture), preprocessing.width, preprocessing.height);
  return to_rgb(resized(picture, preprocessing.width, preprocessing.height));
}

void to_input_floats(std::span<float> y, std::span<const std::uint8_t> x, const Preprocessing& preprocessing) {
  const auto picture = static_cast<std::size_t>(preprocessing.height) * static_cast<std::size_t>(preprocessing.width) *
                       static_cast<std::size_t>(preprocessing.channels);
  if (y.size() != x.size() || picture == 0 || x.size() % picture != 0) {
    throw Error(concat("preprocessing: ", x.size(), " bytes for ", y.size(), " floats, expected equal multiples of ",
                       preprocessing.height, "x", preprocessing.width, "x", preprocessing.channels));
  }
  if (preprocessing.standardize) {
    for (std::size_t i = 0; i < x.size(); i += picture) standardize(y.data() + i, x.data() + i, picture);
    return;
  }
  const float scale = preprocessing.scale;
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = scale * static_cast<float>(x[i]);
}

} // namespace mien
