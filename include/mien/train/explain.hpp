// SPDX-License-Identifier: Apache-2.0
// Where a classifier looks: two maps of a face, and a check that they tell something of the network.
#pragma once

#include "mien/nn/classifier.hpp"
#include "mien/train/heatmap.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mien {

/// Where the last feature map speaks for a label.
///
///   alpha[c] = mean over (h, w) of d logit[label] / d A[h, w, c],  map[h, w] = max(0, sum over c of alpha[c] A[h, w,
///   c])
///
/// A (H,W,C) is what split_at_features() cuts at. face: height * width * channels bytes, as
/// Classifier::Session::probabilities() takes them; the map has A's H and W. Throws Error if the bytes are not one
/// face, if there is no such label, or as split_at_features() does. Source: Selvaraju et al. 2017, "Grad-CAM".
[[nodiscard]] Heatmap grad_cam(const Model& model, const Preprocessing& preprocessing,
                               std::span<const std::uint8_t> face, std::size_t label);

/// The square that is moved over a face.
struct OcclusionPatch {
  int side = 12;  ///< in pixels of the network's input
  int stride = 4; ///< from place to place
};

/// How much a label's probability falls while a part of the face is covered.
///
///   drop(place) = p(label | face) - p(label | face, covered by the face's mean there)
///   map[y, x] = mean of drop over the places that cover (y, x)
///
/// Places go from edge to edge, the last one ends at the edge. The map has the face's extents; below 0, covering
/// raises the probability. Throws Error as grad_cam() does, or if the patch does not fit into the face.
/// Source: Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks".
[[nodiscard]] Heatmap occlusion_map(const Classifier& classifier, std::span<const std::uint8_t> face, std::size_t label,
                                    const OcclusionPatch& patch = {}, int threads = 1);

struct ExplainOptions {
  std::optional<std::size_t> label{}; ///< none: the classifier's answer
  OcclusionPatch patch{};
  int random_networks = 10; ///< that the maps are compared with; 0: none
  std::uint64_t seed = 1;   ///< of their weights
  int threads = 1;          ///< no bit depends on it
};

/// What both maps say of one face.
struct Explanation {
  std::size_t label = 0;
  std::vector<float> probabilities{}; ///< one a label
  Heatmap grad_cam{}, occlusion{};
  /// The rank correlation of each map with the same map of the same network with random weights: the mean over the
  /// random networks whose map is not flat. NaN where all are, or where there is none.
  double grad_cam_random = 0, occlusion_random = 0;
};

/// Both maps, and whether they would have come out the same had the network learnt nothing.
///
/// A map that stays the same when the weights are thrown away shows the picture, and not what the network has learnt:
/// a correlation near 1 unmasks it, one near 0 is how it should be. Throws Error as the maps do, or if a number of
/// networks is below 0. Source: Adebayo et al. 2018, "Sanity checks for saliency maps".
[[nodiscard]] Explanation explain(const Classifier& classifier, std::span<const std::uint8_t> face,
                                  const ExplainOptions& options = {});

} // namespace mien
