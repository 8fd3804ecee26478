// SPDX-License-Identifier: Apache-2.0
// An outsider's program: it needs nothing but the installed package, and not even a file.
#include <mien/mien.hpp>

#include <iostream>

int main() try {
  const mien::Classifier untrained({mien::seed_network(7), {}, mien::expression_classes(), {}});
  const auto face = mien::draw_face(mien::expression_index("happy"), 1, 0);

  mien::Classifier::Session session(untrained);
  const auto probabilities = session.probabilities(face.pixels);
  std::cout << "mien " << mien::version() << " on " << mien::kernels().name
            << "; before training, a drawn happy face is\n";
  for (std::size_t i = 0; i < probabilities.size(); ++i)
    std::cout << "  " << untrained.labels()[i] << ' ' << probabilities[i] << '\n';
} catch (const std::exception& error) {
  std::cerr << "error: " << error.what() << '\n';
  return 1;
}
