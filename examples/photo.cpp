// SPDX-License-Identifier: Apache-2.0
// Names the apparent expressions of the faces in a picture: photo photograph.jpg
#include <mien/mien.hpp>

#include <algorithm>
#include <iostream>

int main(int argc, char** argv) try {
  if (argc != 2) throw mien::Error("usage: photo PICTURE");
  const mien::Recognizer recognizer; // the model that mien ships; one object serves many threads
  const auto picture = mien::read_image(argv[1]);
  for (const auto& face : recognizer.recognize(picture)) {
    const auto surest = *std::ranges::max_element(face.probabilities);
    std::cout << face.label << ' ' << surest << " at " << face.box.x << ',' << face.box.y << ", " << face.box.width
              << " pixels wide\n";
  }
} catch (const std::exception& error) {
  std::cerr << "error: " << error.what() << '\n';
  return 1;
}
