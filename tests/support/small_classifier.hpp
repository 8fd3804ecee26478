// SPDX-License-Identifier: Apache-2.0
// A classifier of expressions that has learnt nothing, for tests of what is around it.
#pragma once

#include "mien/emotion/labels.hpp"
#include "mien/nn/classifier.hpp"
#include "mien/nn/layers.hpp"

#include <vector>

namespace mien::test {

/// An untrained network of 48x48 pictures.
inline Classifier small_classifier(const FaceCrop& crop = {}) {
  const std::vector<LayerSpec> layers = {conv2d({.filters = 4, .strides = {4, 4}, .activation = Activation::relu}),
                                         flatten(), dense({.units = 7})};
  Preprocessing preprocessing;
  preprocessing.face = crop;
  return Classifier({.model = Model(Shape{48, 48, 1}, layers, 3),
                     .preprocessing = preprocessing,
                     .labels = expression_classes(),
                     .provenance = {}});
}

} // namespace mien::test
