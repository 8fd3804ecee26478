// SPDX-License-Identifier: Apache-2.0
// The window of `mien webcam`, seen on a display that only exists in memory (Xvfb), its keys pressed by xdotool.
#include "mien/capture/window.hpp"
#include "mien/core/error.hpp"
#include "tests/cli/webcam.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <iostream>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

bool can_look() {
  return Window::built_in() &&
         shell("command -v Xvfb && command -v xdotool && command -v import && command -v convert").code == 0;
}

} // namespace

TEST_CASE("mien webcam: the window shows what it saves, and obeys its keys") {
  if (!can_look()) {
    std::cout << "SKIPPED: SDL2, Xvfb, xdotool or ImageMagick is not here\n";
    return;
  }
  const TempFolder folder;
  write_scene(folder / "scene");
  // Xvfb says which display is free. The window is waited for; `s` answers with a file's name, after which the screen
  // is looked at; then the faces are hidden, seen again, and the program is told to quit.
  const auto ran = shell(
      "cd '" + folder.path().string() +
      "'; mkfifo display err; Xvfb -displayfd 5 -screen 0 1200x700x24 5>display 2>/dev/null & server=$!; read number "
      "<display; export DISPLAY=:$number; trap 'kill $server' EXIT; "
      "FAKE_V4L2_SCENE=scene " +
      fake_driver() + "\"$MIEN\" webcam --no-mirror --model '" + fixture().model +
      "' 60 2>err & program=$!; exec 3<err; read line <&3; "
      "window=$(timeout 60 xdotool search --sync --onlyvisible --name '^mien$' | head -n 1); "
      "press() { xdotool key --window $window $1; }; "
      "press h; press h; press p; press s; read line <&3; import -window $window screen.png; "
      "press b; press s; read line <&3; press p; press q; wait $program; echo code $?; ls");
  INFO(ran.out << ran.err);
  CHECK_THAT(ran.out, Contains("code 0"));
  std::vector<std::filesystem::path> saved;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    if (entry.path().filename().string().starts_with("mien-")) saved.push_back(entry.path());
  REQUIRE(saved.size() == 2);
  std::ranges::sort(saved, {}, [](const auto& path) { return std::filesystem::last_write_time(path); });
  const Image screen = read_image(folder / "screen.png"), view = read_image(saved[0]), hidden = read_image(saved[1]);
  REQUIRE((screen.width == view.width && screen.height == view.height && view.height == 480));
  // Above the speed and the notice. Boxes and bars may come between the one and the other; hidden faces
  // are far more.
  const auto differing_share = [&](const Image& other) {
    constexpr std::size_t rows = 370;
    const auto bytes = rows * static_cast<std::size_t>(view.width) * 3;
    std::size_t differing = 0;
    for (std::size_t i = 0; i < bytes; ++i) differing += other.pixels[i] != view.pixels[i];
    return static_cast<double>(differing) / static_cast<double>(bytes);
  };
  REQUIRE((screen.channels == 3 && view.channels == 3 && hidden.channels == 3 && hidden.width == view.width));
  INFO(differing_share(hidden));
  CHECK(differing_share(screen) < 0.03);
  CHECK(differing_share(hidden) > 0.06);
}

TEST_CASE("window: appears with the first picture, takes others, and closes") {
  if (!Window::built_in()) {
    CHECK_THROWS_WITH(Window("mien"), Contains("libsdl2-dev"));
    return;
  }
  ::setenv("SDL_VIDEODRIVER", "dummy", 1);
  {
    Window window("mien");
    CHECK(window.event() == std::nullopt);
    window.show(scene());
    window.set_title("other");
    window.set_full_screen(true);
    CHECK(window.full_screen());
    window.set_full_screen(false);
    window.show(Image{2, 1, 3, {1, 2, 3, 4, 5, 6}});
    CHECK_THROWS_AS(window.show(Image{2, 1, 3, {1}}), Error);
    while (const auto event = window.event()) CHECK_FALSE(event->close);
    Window moved = std::move(window);
    moved.show(scene());
  }
  ::unsetenv("SDL_VIDEODRIVER");
  ::unsetenv("DISPLAY");
  ::unsetenv("WAYLAND_DISPLAY");
  ::unsetenv("XDG_RUNTIME_DIR");
  CHECK_THROWS_WITH(Window("mien"), Contains("no window can be opened") && Contains("graphical session"));
}
