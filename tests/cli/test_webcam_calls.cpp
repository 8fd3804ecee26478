// SPDX-License-Identifier: Apache-2.0
// What `mien webcam` asks of the system: nothing is stored or sent unless it was asked for.
#include "mien/capture/window.hpp"
#include "tests/cli/webcam.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <iostream>
#include <regex>

using namespace mien;
using namespace mien::test;

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true; // it tries memory by writing it into pipes of its own
#else
constexpr bool sanitized = false;
#endif

bool can_trace() { return shell("strace -f -qq -o /dev/null true").code == 0; }

/// The calls that make, change or move a file, open one to write into it, write elsewhere than to stdout and stderr, or
/// make a connection, in a run of this line of /bin/sh. Cameras are opened to be written to, since that is how they are
/// told what to do.
std::vector<std::string> suspicious(const std::string& line) {
  const TempFolder folder;
  const auto log = folder / "log";
  const auto ran = shell("strace -f -qq -e trace=%file,%network,write,writev,pwritev,sendfile -o '" + log.string() +
                         "' sh -c '" + line + "'");
  INFO(ran.err);
  CHECK(ran.code == 0);
  const std::regex stores(R"(O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE|\b(creat|rename|link|symlink|mkdir|mknod|unlink|rmdir|)"
                          R"(truncate|chmod|chown|utimens)\w*\()");
  const std::regex writes(R"(\b(write|writev|pwritev|sendfile)\((?![12],))");
  const std::regex sends(R"(\b(socket|socketpair|connect|bind|listen|send|sendto|sendmsg|sendmmsg)\()");
  const std::regex innocent(R"re(/dev/video|"/dev/(null|tty)"|readlink|AF_NETLINK)re"); // where SDL2 hears of devices
  std::vector<std::string> found;
  const auto calls = lines(contents(log));
  CHECK(std::ranges::any_of(calls, [](const auto& call) { return call.find("execve") != std::string::npos; }));
  for (const auto& call : calls) {
    const bool bad = std::regex_search(call, stores) || std::regex_search(call, sends) ||
                     (!sanitized && std::regex_search(call, writes));
    if (bad && !std::regex_search(call, innocent)) found.push_back(call);
  }
  return found;
}

const std::string program = MIEN_PROGRAM;

} // namespace

TEST_CASE("mien webcam: nothing is stored or sent") {
  if (!can_trace()) {
    std::cout << "SKIPPED: strace is not here, or may not trace\n";
    return;
  }
  const TempFolder folder;
  write_clip(folder / "clip.y4m", 3);
  const auto options = " webcam --headless --model \"" + fixture().model + "\" ";
  const auto clip = "\"" + (folder / "clip.y4m").string() + "\"";
  const std::string quiet = "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 ";
  CHECK(suspicious(quiet + program + options + clip) == std::vector<std::string>{});
  CHECK(suspicious(quiet + program + options + "- < " + clip) == std::vector<std::string>{});
  CHECK(suspicious(quiet + "LD_PRELOAD=" MIEN_FAKE_V4L2 " " + program + options + "--frames 3 /dev/video40") ==
        std::vector<std::string>{});
  // A window that nobody sees: neither a display nor a graphics driver is asked, which have files of their own.
  CHECK(suspicious("SDL_VIDEODRIVER=dummy " + quiet + program + " webcam --model \"" + fixture().model + "\" " +
                   clip) == std::vector<std::string>{});
  // What was asked for is seen by this test.
  const auto recorded =
      suspicious(quiet + program + options + "--record \"" + (folder / "a.avi").string() + "\" " + clip);
  CHECK_FALSE(recorded.empty());
}

TEST_CASE("mien webcam --headless does not load what windows need") {
  if (!can_trace()) {
    std::cout << "SKIPPED: strace is not here, or may not trace\n";
    return;
  }
  const TempFolder folder;
  write_clip(folder / "clip.y4m", 1);
  const auto log = folder / "log";
  const auto options = " webcam --model '" + fixture().model + "' '" + (folder / "clip.y4m").string() + "'";
  const auto trace = "strace -f -qq -e trace=%file -o '" + log.string() + "' ";
  const auto loads = [&](const std::string& line) {
    CHECK(shell("ASAN_OPTIONS=detect_leaks=0 SDL_VIDEODRIVER=dummy " + trace + program + options + line).code == 0);
    return contents(log).find("libSDL2") != std::string::npos;
  };
  CHECK_FALSE(loads(" --headless"));
  if (Window::built_in()) CHECK(loads(""));
}
