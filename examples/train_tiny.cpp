// SPDX-License-Identifier: Apache-2.0
// Trains a network of your own on generated faces, in memory, and measures it on people it has not seen.
#include <mien/mien.hpp>

#include <iostream>

int main() try {
  constexpr int per_class = 100;
  const auto train = mien::generated_dataset(per_class);
  const auto validation = mien::generated_dataset(per_class / 5, 1, 48, per_class); // the people after those of train
  const auto test = mien::generated_dataset(per_class / 5, 1, 48, mien::first_test_index);

  constexpr auto relu = mien::Activation::relu;
  const std::vector<mien::LayerSpec> layers = {
      mien::conv2d({.filters = 16, .strides = {2, 2}, .activation = relu}),
      mien::max_pooling2d(),
      mien::conv2d({.filters = 32, .activation = relu}),
      mien::max_pooling2d(),
      mien::flatten(),
      mien::dense({.units = 7}),
  };
  const mien::Model model({48, 48, 1}, layers);
  std::cout << model.summary() << '\n';

  const int threads = mien::available_threads();
  mien::Trainer trainer(model, {}, train, validation, {.epochs = 12, .batch = 16, .learning_rate = 3e-3}, threads);
  trainer.run({.on_epoch = [](const mien::EpochRow& row) {
    std::cout << "epoch " << row.epoch << ": loss " << row.loss << ", validation accuracy " << row.val_accuracy << '\n';
  }});

  const mien::ModelFile file{.model = trainer.model(),
                             .preprocessing = trainer.preprocessing(),
                             .labels = train.classes,
                             .provenance = {{"made by", "train_tiny"}},
                             .golden_face = mien::draw_face(mien::expression_index("happy"), 1, 0)};
  const auto evaluation = mien::evaluate(mien::Classifier(file), test, {.threads = threads});
  std::cout << "test accuracy " << evaluation.accuracy << " on " << evaluation.n << " faces\n";

  mien::save_model("tiny.safetensors", file);
  std::cout << "wrote tiny.safetensors\n";
} catch (const std::exception& error) {
  std::cerr << "error: " << error.what() << '\n';
  return 1;
}
