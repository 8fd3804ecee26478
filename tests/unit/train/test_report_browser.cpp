// SPDX-License-Identifier: Apache-2.0
#include "lib/train/svg.hpp"
#include "mien/io/atomic_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/train/sample_evaluation.hpp"
#include "tests/unit/train/sample_report.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

using namespace mien;
using Catch::Contains;

namespace {

/// The page as headless Chromium builds it, with the outcome of its scripts; empty if Chromium does not run here.
std::string built_by_chromium(const test::TempFolder& folder, const std::string& html, const std::string& flags = "") {
  write_atomically(folder / "page.html", html);
  const auto path = folder.path().string();
  const auto command =
      "browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) && timeout 120 "
      "\"$browser\" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run "
      "--disable-background-networking --user-data-dir='" +
      path + "/profile' " + flags + " --dump-dom 'file://" + path + "/page.html' >'" + path + "/built.html' 2>'" +
      path + "/messages'";
  if (std::system(command.c_str()) != 0) return {};
  const auto bytes = read_file(folder / "built.html");
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A page that holds the report in a frame of each width and says how far its content goes over, how many pictures
/// cannot be shown, and the colour of its ground.
std::string measuring(const std::string& report) {
  std::string html = R"(<!DOCTYPE html><html><body><p id="found">found: </p><script>
    function measure(frame) {
      const page = frame.contentDocument, root = page.documentElement;
      const broken = [...page.images].filter(image => !image.naturalWidth).length;
      document.getElementById('found').textContent += `${frame.width}: ${root.scrollWidth - root.clientWidth} over, ` +
        `${broken} broken of ${page.images.length}, ground ${getComputedStyle(page.body).backgroundColor}; `;
    }</script>)";
  for (const auto* width : {"320", "375", "1280"})
    html += std::string("<iframe width=\"") + width + "\" height=\"900\" onload=\"measure(this)\" srcdoc=\"" +
            svg::escaped(report) + "\"></iframe>";
  return html + "</body></html>";
}

/// What measure() has found.
std::string found(const std::string& built) {
  const auto begin = std::min(built.find("found: "), built.size());
  return built.substr(begin, built.find("</p>", begin) - begin);
}

} // namespace

TEST_CASE("report: Chromium shows it on a phone and on a desk, in the light and in the dark") {
  const test::TempFolder folder;
  if (built_by_chromium(folder, "<p>runs</p>").find("runs") == std::string::npos) {
    std::cout << "SKIPPED: no Chromium runs here\n";
    return;
  }
  for (const auto& labels : {expression_classes(), test::hostile}) {
    for (const auto& [page, pictures] : {std::pair{report_html(test::sample_report(labels)), 13},
                                         std::pair{evaluation_html(test::sample_evaluation_report(labels)), 2}}) {
      const auto html = measuring(page);
      const auto fits = ": 0 over, 0 broken of " + std::to_string(pictures) + ", ground rgb";
      const auto light = found(built_by_chromium(folder, html, "--blink-settings=preferredColorScheme=1"));
      const auto dark = found(built_by_chromium(folder, html, "--blink-settings=preferredColorScheme=0"));
      for (const auto* width : {"320", "375", "1280"}) {
        CHECK_THAT(light, Contains(width + fits + "(255, 255, 255)"));
        CHECK_THAT(dark, Contains(width + fits + "(13, 17, 23)"));
      }
    }
  }
}
