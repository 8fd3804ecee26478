// SPDX-License-Identifier: Apache-2.0
// One generated face, from its seed to its bytes, and datasets of them.
#include "mien/emotion/generated_faces.hpp"

#include "lib/emotion/anatomy.hpp"
#include "lib/emotion/portrait.hpp"
#include "mien/core/error.hpp"
#include "mien/emotion/labels.hpp"

#include <string>

namespace mien {
Image draw_face(std::size_t expression, std::uint64_t seed, std::uint32_t index, int size) {
  using namespace faces;
  if (expression >= expression_names.size()) {
    throw Error(concat("draw_face: there is no expression ", expression, "; they count from 0 to ",
                       expression_names.size() - 1, ", see expression_index()"));
  }
  if (size < smallest_face || size > largest_face) {
    throw Error(concat("draw_face: a face of ", size, " pixels was asked for; ", smallest_face, " to ", largest_face,
                       " are possible"));
  }
  Rng of_person(seed, Purpose::faces, 0, index);
  Rng rng(seed, Purpose::faces, static_cast<std::uint32_t>(expression) + 1, index);
  const Sitter sitter = draw_sitter(expression, of_person, rng);

  Canvas canvas(size, size, draw_pose(rng));
  paint_background(canvas, rng);
  paint_back_hair(canvas, sitter.person);
  paint_shoulders(canvas, sitter.person);
  paint_face(canvas, sitter);
  canvas.light(draw_light(rng));
  return canvas.photograph(draw_camera(rng), rng);
}

Dataset generated_dataset(int per_class, std::uint64_t seed, int size, std::uint32_t first_index) {
  if (per_class < 1) {
    throw Error(
        concat("generated_dataset: ", per_class, " faces of each expression were asked for; ask for 1 or more"));
  }
  Dataset dataset;
  dataset.classes = expression_classes();
  dataset.height = dataset.width = size;
  for (std::size_t expression = 0; expression < expression_names.size(); ++expression) {
    for (int i = 0; i < per_class; ++i) {
      const std::uint32_t index = first_index + static_cast<std::uint32_t>(i);
      const Image face = draw_face(expression, seed, index, size);
      dataset.pixels.insert(dataset.pixels.end(), face.pixels.begin(), face.pixels.end());
      dataset.labels.push_back(static_cast<std::int32_t>(expression));
      dataset.names.push_back(concat("generated/", expression_names[expression], "/", index));
    }
  }
  return dataset;
}

} // namespace mien
