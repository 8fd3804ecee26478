// SPDX-License-Identifier: Apache-2.0
// What stands for lib/capture/window.cpp where mien is built without SDL2.
#include "mien/capture/window.hpp"

#include "mien/core/error.hpp"

namespace mien {

struct Window::Parts {};

Window::Window(std::string) {
  throw Error(
      "no window can be opened: mien was built without SDL2; install its headers (Debian's and Ubuntu's package "
      "libsdl2-dev) and build again");
}
Window::Window(Window&&) noexcept = default;
Window& Window::operator=(Window&&) noexcept = default;
Window::~Window() = default;

void Window::show(const Image&) {}
std::optional<WindowEvent> Window::event() { return std::nullopt; }
void Window::set_title(const std::string&) {}
void Window::set_full_screen(bool) {}
bool Window::full_screen() const noexcept { return false; }
bool Window::built_in() noexcept { return false; }

} // namespace mien
