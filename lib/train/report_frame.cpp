// SPDX-License-Identifier: Apache-2.0
#include "lib/train/report_frame.hpp"

#include "lib/train/curves.hpp"
#include "lib/train/report_parts.hpp"
#include "lib/train/svg.hpp"

#include <fmt/format.h>

namespace mien::page {

using svg::escaped;

std::string tile(std::string_view kind, std::string_view name, std::string_view figure, std::string_view below) {
  return fmt::format("<dl class=\"tile{}\"><dt>{}</dt><dd class=\"big\">{}</dd><dd class=\"tiny\">{}</dd></dl>\n", kind,
                     name, figure, below);
}

std::string frame(const Head& head, std::span<const Part> parts) {
  std::string links, sections;
  for (const auto& [id, heading, html] : parts) {
    if (html.empty()) continue;
    links += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", id, heading);
    sections += fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-heading\">\n<h2 id=\"{0}-heading\">{1}</h2>\n{2}"
                            "</section>\n",
                            id, heading, html);
  }
  const auto privacy =
      head.faces_of.empty()
          ? std::string()
          : fmt::format("<p class=\"note\" role=\"note\"><strong>This page shows pictures from the {}.</strong> Do not "
                        "share it without the consent of the people on them.</p>\n",
                        head.faces_of);
  return fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>{0}</title>
<style>{1}{2}{3}
</style>
</head>
<body>
<header>
<p class="over">{9}</p>
<h1>{0}</h1>
{4}{5}{6}<nav aria-label="Parts of this page"><ul>
{7}</ul></nav>
</header>
<main>
{8}</main>
<footer class="tiny">
<p>An answer names the apparent expression of a face, as people labelled it. It does not say what a person feels.</p>
</footer>
</body>
</html>
)",
                     escaped(head.title), svg::style, curves::style, style, head.introduction, privacy, head.tiles,
                     links, sections, escaped(head.kind));
}

} // namespace mien::page
