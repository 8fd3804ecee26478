// SPDX-License-Identifier: Apache-2.0
// The ways to spoil a picture.
#include "mien/core/math.hpp"
#include "mien/data/augment.hpp"
#include "mien/data/resize.hpp"
#include "mien/ops/parallel.hpp"
#include "mien/train/stress.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mien {
namespace {

using Bytes = std::span<std::uint8_t>;
using Picture = std::span<const std::uint8_t>;

Preprocessing extents_of(const Dataset& data) {
  Preprocessing p;
  p.height = data.height;
  p.width = data.width;
  p.channels = data.channels;
  return p;
}

/// Resampled as training does it; of every other picture with the angle turned round.
Disturbance varied(std::string kind, std::string level, const Variation& variation) {
  return {std::move(kind), std::move(level), [variation](Bytes y, Picture x, const Dataset& data, std::size_t i) {
            auto one = variation;
            if (i % 2 == 1) one.degrees = -one.degrees;
            resample(y, x, extents_of(data), one);
          }};
}

/// Weights of a Gaussian, out to three deviations, that sum to 1.
std::vector<double> gaussian(double deviation) {
  const int reach = static_cast<int>(3 * deviation + 1);
  std::vector<double> weights;
  double sum = 0;
  for (int d = -reach; d <= reach; ++d) sum += weights.emplace_back(math::exp(-0.5 * d * d / (deviation * deviation)));
  for (auto& w : weights) w /= sum;
  return weights;
}

/// Blurs one line of `n` values, whose neighbours are `step` apart; beyond the ends the nearest value counts.
void blur_line(std::span<double> values, std::size_t first, std::size_t step, int n, std::span<const double> weights) {
  std::vector<double> line(static_cast<std::size_t>(n));
  for (int k = 0; k < n; ++k) line[static_cast<std::size_t>(k)] = values[first + static_cast<std::size_t>(k) * step];
  const int reach = static_cast<int>(weights.size() / 2);
  for (int k = 0; k < n; ++k) {
    double sum = 0;
    for (int d = -reach; d <= reach; ++d)
      sum += weights[static_cast<std::size_t>(d + reach)] * line[static_cast<std::size_t>(std::clamp(k + d, 0, n - 1))];
    values[first + static_cast<std::size_t>(k) * step] = sum;
  }
}

void blur(Bytes y, Picture x, const Dataset& data, double deviation) {
  const auto weights = gaussian(deviation);
  const auto width = static_cast<std::size_t>(data.width), channels = static_cast<std::size_t>(data.channels);
  std::vector<double> values(x.begin(), x.end());
  for (std::size_t row = 0; row < x.size(); row += width * channels)
    for (std::size_t c = 0; c < channels; ++c) blur_line(values, row + c, channels, data.width, weights);
  for (std::size_t column = 0; column < width * channels; ++column)
    blur_line(values, column, width * channels, data.height, weights);
  std::ranges::transform(values, y.begin(), [](double v) { return static_cast<std::uint8_t>(v + 0.5); });
}

Disturbance blurred(double forty_eighths) {
  return {"blur", fmt::format("{:g} / 48", forty_eighths), [=](Bytes y, Picture x, const Dataset& data, std::size_t) {
            blur(y, x, data, forty_eighths * data.width / 48);
          }};
}

Disturbance shrunk(std::string level, double share) {
  return {"scale", std::move(level), [share](Bytes y, Picture x, const Dataset& data, std::size_t) {
            const auto part = [&](int extent) { return std::max(1, static_cast<int>(share * extent + 0.5)); };
            const Image picture{data.width, data.height, data.channels, {x.begin(), x.end()}};
            const auto small = resized(picture, part(data.width), part(data.height));
            std::ranges::copy(resized(small, data.width, data.height).pixels, y.begin());
          }};
}

Disturbance covered(std::string level, float top, float height, float left, float width) {
  const auto place = [](float begin, float extent) { return extent < 1 ? begin / (1 - extent) : 0; };
  return varied(
      "occlusion", std::move(level),
      {.erase_height = height, .erase_width = width, .erase_y = place(top, height), .erase_x = place(left, width)});
}

} // namespace

std::vector<Disturbance> disturbances() {
  std::vector<Disturbance> all;
  for (const float factor : {0.25f, 0.5f, 1.5f, 2.0f})
    all.push_back(varied("light", fmt::format("x {:g}", factor), {.brightness = factor}));
  for (const double deviation : {1, 2, 3}) all.push_back(blurred(deviation));
  for (const float degrees : {10.0f, 20.0f, 30.0f})
    all.push_back(varied("rotation", fmt::format("{:g} degrees", degrees), {.degrees = degrees}));
  for (const auto& [level, share] : {std::pair{"2/3", 2.0 / 3}, {"1/2", 0.5}, {"1/3", 1.0 / 3}, {"1/4", 0.25}})
    all.push_back(shrunk(level, share));
  all.push_back(covered("eyes", 0.2f, 0.25f, 0, 1));
  all.push_back(covered("mouth", 0.65f, 0.3f, 0, 1));
  all.push_back(covered("left half", 0, 1, 0, 0.5f));
  all.push_back(covered("right half", 0, 1, 0.5f, 0.5f));
  return all;
}

Dataset disturbed(const Dataset& data, const Disturbance& disturbance, int threads) {
  Dataset spoilt;
  spoilt.classes = data.classes;
  spoilt.height = data.height;
  spoilt.width = data.width;
  spoilt.channels = data.channels;
  spoilt.pixels.resize(data.size() * data.picture_bytes());
  for (std::size_t i = 0; i < data.size(); ++i) {
    spoilt.labels.push_back(data.label(i));
    spoilt.names.push_back(data.name(i));
  }
  parallel_for(threads, static_cast<int>(data.size()), [&](int part, int) {
    const auto i = static_cast<std::size_t>(part);
    disturbance.spoil(std::span(spoilt.pixels).subspan(i * data.picture_bytes(), data.picture_bytes()), data.picture(i),
                      data, i);
  });
  return spoilt;
}

} // namespace mien
