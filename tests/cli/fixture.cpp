// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/fixture.hpp"

#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/labels.hpp"
#include "mien/nn/layers.hpp"
#include "mien/nn/model_file.hpp"
#include "tests/support/temp_folder.hpp"

namespace mien::test {

const Fixture& fixture() {
  static const TempFolder folder;
  static const Fixture made = [] {
    generate_faces(folder / "faces", {.per_class = 3, .seed = 7});
    const Model network(Shape{48, 48, 1}, {conv2d({.filters = 4, .kernel_size = {5, 5}, .strides = {3, 3}}),
                                           max_pooling2d(), flatten(), dense({.units = 7})});
    const Preprocessing preprocessing; // named: GCC 12 takes the temporary `{}` for uninitialised
    const ModelFile file{.model = network,
                         .preprocessing = preprocessing,
                         .labels = expression_classes(),
                         .provenance = {{"seed", "1"},
                                        {"validation_pictures", "2"},
                                        {"validation_accuracy", "0.5"},
                                        {"validation_macro_f1", "0.25"},
                                        {"validation_loss", "1.75"}},
                         .golden_face = draw_face(3, 1, 0)};
    save_model(folder / "model.safetensors", file);
    return Fixture{folder.path(), (folder / "faces").string(), (folder / "model.safetensors").string(),
                   Classifier(file)};
  }();
  return made;
}

} // namespace mien::test
