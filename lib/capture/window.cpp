// SPDX-License-Identifier: Apache-2.0
#include "mien/capture/window.hpp"

#include "lib/capture/sdl.hpp"
#include "mien/data/grey.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace mien {
namespace {

using namespace std::string_view_literals;

template <auto destroy> struct Destroy {
  template <class T> void operator()(T* thing) const noexcept { (Sdl::get().*destroy)(thing); }
};
template <class T, auto destroy> using Owned = std::unique_ptr<T, Destroy<destroy>>;

[[noreturn]] void fail(const char* advice) {
  const char* const reason = Sdl::get().error();
  throw Error(concat("no window can be opened: SDL2 says `", reason, "`; ", advice));
}

/// SDL2's part for windows and keys, used from the first window to the last one.
class Display {
public:
  Display() {
    const auto& sdl = Sdl::get();
    sdl.set_hint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");        // Ctrl-C is the program's
    sdl.set_hint(SDL_HINT_RENDER_SCALE_QUALITY, "linear"); // of pictures that are made larger
    sdl.set_hint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    if (sdl.init(SDL_INIT_VIDEO) != 0) fail(advice);
    if (shows_nothing() && !sdl.hint(SDL_HINT_VIDEODRIVER)) {
      sdl.quit(SDL_INIT_VIDEO);
      throw Error(concat("no window can be opened: there is no display; ", advice));
    }
  }
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;
  ~Display() { Sdl::get().quit(SDL_INIT_VIDEO); }

private:
  /// What SDL2 falls back to. Tests ask for it by the hint, which is the variable SDL_VIDEODRIVER.
  static bool shows_nothing() {
    const auto* driver = Sdl::get().driver();
    return driver && (driver == "offscreen"sv || driver == "dummy"sv || driver == "evdev"sv);
  }
  static constexpr auto advice = "it takes a graphical session; over SSH, `ssh -X`";
};

std::string small_letters(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

} // namespace

struct Window::Parts {
  std::string title;
  bool full_screen = false;
  Display display{};
  const Sdl& sdl = Sdl::get();
  Owned<SDL_Window, &Sdl::destroy_window> window{}; // from the first picture on
  Owned<SDL_Renderer, &Sdl::destroy_renderer> renderer{};
  Owned<SDL_Texture, &Sdl::destroy_texture> texture{};
  int width = 0, height = 0; // of the texture

  explicit Parts(std::string text) : title(std::move(text)) {}

  /// As large as the picture, twice as large where that is small, and no larger than the screen.
  void open(const Image& picture) {
    constexpr int small = 480, any = SDL_WINDOWPOS_UNDEFINED;
    const int times = picture.width < small && picture.height < small ? 2 : 1;
    SDL_Rect screen{0, 0, picture.width * times, picture.height * times};
    sdl.usable_bounds(0, &screen);
    const int wide = std::min(picture.width * times, screen.w), high = std::min(picture.height * times, screen.h);
    window.reset(sdl.create_window(title.c_str(), any, any, wide, high, SDL_WINDOW_RESIZABLE));
    if (!window) fail("look whether another program can open one");
    set_full_screen(full_screen);
    renderer.reset(sdl.create_renderer(window.get(), -1, 0));
    if (!renderer) fail("look whether another program can open one");
  }

  void fit(const Image& picture) {
    if (texture && width == picture.width && height == picture.height) return;
    width = picture.width, height = picture.height;
    texture.reset(
        sdl.create_texture(renderer.get(), SDL_PIXELFORMAT_RGB24, SDL_TEXTUREACCESS_STREAMING, width, height));
    if (!texture) fail("the picture may be too large: ask for a smaller size");
    sdl.set_logical_size(renderer.get(), width, height); // sides stay in proportion
  }

  void present() const {
    if (!texture) return;
    sdl.clear(renderer.get());
    sdl.copy(renderer.get(), texture.get(), nullptr, nullptr);
    sdl.present(renderer.get());
  }

  void set_full_screen(bool on) {
    full_screen = on;
    if (window) sdl.set_full_screen(window.get(), on ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
  }
};

Window::Window(std::string title) : parts_(std::make_unique<Parts>(std::move(title))) {}
Window::Window(Window&&) noexcept = default;
Window& Window::operator=(Window&&) noexcept = default;
Window::~Window() = default;

void Window::show(const Image& picture) {
  expect_whole(picture, "window");
  if (!parts_->window) parts_->open(picture);
  parts_->fit(picture);
  const Image rgb = to_rgb(picture);
  parts_->sdl.update_texture(parts_->texture.get(), nullptr, rgb.pixels.data(), rgb.width * 3);
  parts_->present();
}

std::optional<WindowEvent> Window::event() {
  for (SDL_Event event; parts_->sdl.poll_event(&event) != 0;) {
    if (event.type == SDL_QUIT) return WindowEvent{.close = true};
    if (event.type == SDL_KEYDOWN && event.key.repeat == 0)
      return WindowEvent{.key = small_letters(parts_->sdl.key_name(event.key.keysym.sym))};
    if (event.type == SDL_WINDOWEVENT) parts_->present(); // moved, uncovered, of another size
  }
  return std::nullopt;
}

void Window::set_title(const std::string& title) {
  parts_->title = title;
  if (parts_->window) parts_->sdl.set_title(parts_->window.get(), title.c_str());
}

void Window::set_full_screen(bool on) { parts_->set_full_screen(on); }
bool Window::full_screen() const noexcept { return parts_->full_screen; }
bool Window::built_in() noexcept { return true; }

} // namespace mien
