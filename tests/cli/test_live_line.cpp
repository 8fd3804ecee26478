// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.hpp"
#include "tools/live_line.hpp"

#include <cstdlib>
#include <limits>
#include <vector>

using namespace mien;
using namespace mien::cli;

namespace {

const double nothing = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> rising = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8};

LiveLine sample(std::span<const double> losses, std::span<const double> accuracies) {
  return {.step = {.epoch = 3, .step = 120, .steps = 449, .loss = 1.2345, .accuracy = 0.456},
          .epochs = 24,
          .images_per_second = 812.4,
          .time_left = "12m",
          .losses = losses,
          .accuracies = accuracies};
}

} // namespace

TEST_CASE("sparkline: from the least to the greatest") {
  CHECK(sparkline(rising, 20, true) == "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588");
  CHECK(sparkline(rising, 20, false) == "_.:-=+*#");
  CHECK(sparkline(rising, 3, true) == "\u2581\u2584\u2588"); // the last three
  CHECK(sparkline(std::vector<double>{5, nothing, -3}, 20, false) == "# _");
  CHECK(sparkline(std::vector<double>{2, 2}, 20, false) == "==");
  CHECK(sparkline({}, 20, true) == "");
  CHECK(sparkline(std::vector<double>{nothing, 1 / 0.0}, 20, true) == "  ");
}

TEST_CASE("columns count characters, not bytes, and no character is cut") {
  CHECK(columns("\u2581\u2588a") == 3);
  CHECK(clipped("\u2581\u2588a", 2) == "\u2581\u2588");
  CHECK(clipped("\u2581\u2588a", 9) == "\u2581\u2588a");
  CHECK(clipped("abc", 0) == "");
}

TEST_CASE("live line: sparklines where there is room, never wider than asked") {
  const auto line = sample(rising, rising);
  CHECK(live_line(line, 200, true) ==
        "epoch 3/24  step 120/449  loss 1.234 \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588  acc 45.6 %  "
        "val 80.0 % \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588  812 images/s  ETA 12m");
  CHECK(live_line(line, 95, false) ==
        "epoch 3/24  step 120/449  loss 1.234  acc 45.6 %  val 80.0 % _.:-=+*#  812 images/s  ETA 12m");
  CHECK(live_line(line, 20, true) == "epoch 3/24  step 120");
  for (std::size_t width = 0; width < 130; ++width) CHECK(columns(live_line(line, width, true)) <= width);
  CHECK(live_line(sample({}, {}), 200, true) ==
        "epoch 3/24  step 120/449  loss 1.234  acc 45.6 %  812 images/s  ETA 12m");
}

TEST_CASE("the environment says whether there is Unicode") {
  const auto with = [](const char* all, const char* type, const char* language) {
    const auto set = [](const char* name, const char* value) { value ? ::setenv(name, value, 1) : ::unsetenv(name); };
    set("LC_ALL", all);
    set("LC_CTYPE", type);
    set("LANG", language);
    return has_unicode();
  };
  CHECK(with("C.UTF-8", nullptr, nullptr));
  CHECK(with("", nullptr, "de_DE.utf8"));
  CHECK_FALSE(with("C", "en_US.UTF-8", "en_US.UTF-8"));
  CHECK_FALSE(with(nullptr, "POSIX", "en_US.UTF-8"));
  CHECK_FALSE(with(nullptr, nullptr, nullptr));
}
