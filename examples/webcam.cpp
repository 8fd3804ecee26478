// SPDX-License-Identifier: Apache-2.0
// Names the apparent expressions before a camera, in a window or without a display as text: webcam [SOURCE]
#include <mien/mien.hpp>

#include <algorithm>
#include <iostream>
#include <optional>

int main(int argc, char** argv) try {
  const auto source = mien::open_source(argc > 1 ? argv[1] : ""); // without a name: the first camera
  mien::LiveRecognizer recognizer;                                // the model that mien ships
  std::optional<mien::Window> window;
  try {
    window.emplace("mien: q quits");
  } catch (const mien::Error& error) {
    std::cerr << error.what() << '\n';
  }

  for (mien::Frame frame;;) {
    const auto next = source->next(frame);
    if (next == mien::Next::end) return 0;
    if (next != mien::Next::frame) { // late, or gone: it is waited for
      std::cerr << "no picture; " << source->note() << '\n';
      continue;
    }
    std::vector<mien::Annotation> marks;
    for (const auto& face : recognizer.recognize(frame.picture, frame.time)) {
      const auto text = face.label.empty() ? "unsure" : face.label;
      const auto colour = std::ranges::find(recognizer.labels(), face.label) - recognizer.labels().begin();
      marks.push_back({.box = face.face.box, .text = text, .colour = static_cast<int>(colour)});
      if (!window) std::cout << frame.number << " face " << face.id << ' ' << text << std::endl;
    }
    if (!window) continue;
    window->show(mien::annotated(frame.picture, marks));
    while (const auto event = window->event())
      if (event->close || event->key == "q") return 0;
  }
} catch (const std::exception& error) {
  std::cerr << "error: " << error.what() << '\n';
  return 1;
}
