// SPDX-License-Identifier: Apache-2.0
// Says how likely each expression of a face is: classify runs/first/model.safetensors face.png
#include <mien/mien.hpp>

#include <iostream>

int main(int argc, char** argv) try {
  if (argc != 3) throw mien::Error("usage: classify MODEL PICTURE");
  const auto classifier = mien::Classifier::load(argv[1]);
  const auto face = mien::to_input_bytes(mien::read_image(argv[2]), classifier.preprocessing());

  mien::Classifier::Session session(classifier);
  const auto probabilities = session.probabilities(face.pixels);
  for (std::size_t i = 0; i < probabilities.size(); ++i)
    std::cout << classifier.labels()[i] << ' ' << probabilities[i] << '\n';
} catch (const std::exception& error) {
  std::cerr << "error: " << error.what() << '\n';
  return 1;
}
