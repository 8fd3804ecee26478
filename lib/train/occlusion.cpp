// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/train/explain.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace mien {
namespace {

/// A square of a face, by its top left corner.
struct Place {
  int y, x;
};

/// From edge to edge; the last one ends at the edge.
std::vector<int> beginnings(int extent, const OcclusionPatch& patch) {
  std::vector<int> all;
  for (int at = 0; at < extent - patch.side; at += patch.stride) all.push_back(at);
  all.push_back(extent - patch.side);
  return all;
}

std::vector<Place> places_of(const Preprocessing& p, const OcclusionPatch& patch) {
  if (patch.side < 1 || patch.stride < 1 || patch.side > std::min(p.height, p.width))
    throw Error(concat("explain: a patch of ", patch.side, " pixels moved by ", patch.stride,
                       ", expected a side from 1 to ", std::min(p.height, p.width), " and a stride of at least 1"));
  std::vector<Place> all;
  for (const int y : beginnings(p.height, patch))
    for (const int x : beginnings(p.width, patch)) all.push_back({y, x});
  return all;
}

/// Calls f(i) for the index of every pixel in the square.
template <class F> void for_each_pixel(Place place, int side, int width, const F& f) {
  for (int y = place.y; y < place.y + side; ++y)
    for (int x = place.x; x < place.x + side; ++x) f(static_cast<std::size_t>(y * width + x));
}

/// The mean of each channel, rounded.
std::vector<std::uint8_t> means_of(std::span<const std::uint8_t> face, std::size_t channels) {
  std::vector<std::size_t> sums(channels);
  for (std::size_t i = 0; i < face.size(); ++i) sums[i % channels] += face[i];
  const auto pixels = face.size() / channels;
  std::vector<std::uint8_t> means;
  for (const auto sum : sums) means.push_back(static_cast<std::uint8_t>((sum + pixels / 2) / pixels));
  return means;
}

/// The face again and again, covered at each place in turn, and once more as it is.
std::vector<std::uint8_t> covered_faces(std::span<const std::uint8_t> face, const std::vector<Place>& places, int side,
                                        const Preprocessing& p) {
  const auto channels = static_cast<std::size_t>(p.channels);
  const auto means = means_of(face, channels);
  std::vector<std::uint8_t> all;
  all.reserve(face.size() * (places.size() + 1));
  for (const auto place : places) {
    const auto begin = all.size();
    all.insert(all.end(), face.begin(), face.end());
    for_each_pixel(place, side, p.width, [&](std::size_t i) {
      std::ranges::copy(means, all.begin() + std::ssize(means) * static_cast<std::ptrdiff_t>(i) +
                                   static_cast<std::ptrdiff_t>(begin));
    });
  }
  all.insert(all.end(), face.begin(), face.end());
  return all;
}

} // namespace

Heatmap occlusion_map(const Classifier& classifier, std::span<const std::uint8_t> face, std::size_t label,
                      const OcclusionPatch& patch, int threads) {
  const auto& p = classifier.preprocessing();
  const auto labels = classifier.labels().size();
  const auto pixels = static_cast<std::size_t>(p.height) * static_cast<std::size_t>(p.width);
  if (face.size() != pixels * static_cast<std::size_t>(p.channels))
    throw Error(concat("explain: ", face.size(), " bytes, expected one face of ", p.height, "x", p.width, "x",
                       p.channels, "; prepare pictures with to_input_bytes()"));
  if (label >= labels) throw Error(concat("explain: there is no label ", label, ", the network has ", labels));
  const auto places = places_of(p, patch);
  Classifier::Session session(classifier, 32, threads);
  const auto probabilities = session.probabilities(covered_faces(face, places, patch.side, p));
  const double whole = probabilities[places.size() * labels + label];

  std::vector<double> drops(pixels);
  std::vector<int> times(pixels);
  for (std::size_t i = 0; i < places.size(); ++i) {
    for_each_pixel(places[i], patch.side, p.width, [&](std::size_t pixel) {
      drops[pixel] += whole - double{probabilities[i * labels + label]};
      ++times[pixel];
    });
  }
  Heatmap map{p.height, p.width, {}};
  for (std::size_t i = 0; i < pixels; ++i)
    map.values.push_back(times[i] > 0 ? static_cast<float>(drops[i] / times[i]) : 0.0f);
  return map;
}

} // namespace mien
