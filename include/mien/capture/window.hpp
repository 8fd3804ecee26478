// SPDX-License-Identifier: Apache-2.0
// A window that shows pictures and tells which keys are pressed. It stands on SDL2, which is loaded with the first one.
#pragma once

#include "mien/io/image.hpp"

#include <memory>
#include <optional>
#include <string>

namespace mien {

/// What somebody did with a window.
struct WindowEvent {
  bool close = false; ///< it was closed; the program decides what that means
  std::string key{};  ///< the key that was pressed, by SDL's name in small letters: `q`, `space`, `escape`, `f1`
};

/// A window. It appears with the first picture, as large as that, and may be made larger or smaller by whoever looks.
///
/// Nothing of SDL2 is loaded or linked before the first Window is made. All calls come from one thread.
class Window {
public:
  /// Connects with the display. Throws Error, with what to do, if there is none, SDL2 is not installed, or mien was
  /// built without it.
  explicit Window(std::string title);
  Window(Window&&) noexcept;
  Window& operator=(Window&&) noexcept;
  ~Window();

  /// Shows a picture, grey or RGB, as large as the window allows, its sides in proportion. Throws Error, if it is not
  /// whole or SDL2 fails.
  void show(const Image& picture);
  /// What happened since the last call, one at a time, oldest first; nothing if there is no more. Never waits. Has to
  /// be called many times a second, since the window answers to nobody else.
  [[nodiscard]] std::optional<WindowEvent> event();

  void set_title(const std::string& title);
  void set_full_screen(bool on);
  [[nodiscard]] bool full_screen() const noexcept;

  /// Whether mien was built with SDL2.
  [[nodiscard]] static bool built_in() noexcept;

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace mien
