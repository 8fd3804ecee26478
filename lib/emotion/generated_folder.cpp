// SPDX-License-Identifier: Apache-2.0
// Generated faces and scenes as files.
#include "mien/core/error.hpp"
#include "mien/emotion/generated_faces.hpp"
#include "mien/emotion/generated_scenes.hpp"
#include "mien/emotion/labels.hpp"

#include "lib/io/json.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/io/output_folder.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace mien {
namespace {

std::string five_digits(std::size_t number) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
}

nlohmann::ordered_json described(const Scene& scene, const std::string& image) {
  auto faces = nlohmann::ordered_json::array();
  for (const auto& [box, roll, expression] : scene.faces) {
    faces.push_back({{"box", {box.x, box.y, box.width, box.height}},
                     {"label", expression_names[expression]},
                     {"roll", std::round(static_cast<double>(roll) * 10) / 10}});
  }
  return {{"image", image}, {"width", scene.picture.width}, {"height", scene.picture.height}, {"faces", faces}};
}

struct Part {
  const char* name;
  std::size_t per_class;
  std::uint32_t first_index;
};

} // namespace

void generate_faces(const std::filesystem::path& folder, const GeneratedOptions& options,
                    const GeneratedProgress& progress) {
  if (options.per_class < 1) {
    throw Error(
        concat("generate_faces: ", options.per_class, " faces of each expression were asked for; ask for 1 or more"));
  }
  (void)draw_face(0, options.seed, 0, options.size); // a wrong size is refused before anything is written
  expect_output_folder(folder, options.force);
  const auto training = static_cast<std::size_t>(options.per_class);
  const Part parts[] = {{"train", training, 0}, {"test", std::max<std::size_t>(1, training / 5), first_test_index}};
  const std::size_t total = expression_names.size() * (parts[0].per_class + parts[1].per_class);
  std::size_t done = 0;
  for (const Part& part : parts) {
    for (std::size_t expression = 0; expression < expression_names.size(); ++expression) {
      const auto place = folder / part.name / expression_names[expression];
      make_folder(place);
      for (std::size_t i = 0; i < part.per_class; ++i) {
        const std::uint32_t index = part.first_index + static_cast<std::uint32_t>(i);
        write_png(place / (five_digits(i) + ".png"), draw_face(expression, options.seed, index, options.size));
        if (progress) progress(++done, total);
      }
    }
  }
}

void generate_scenes(const std::filesystem::path& folder, const GeneratedSceneOptions& options,
                     const GeneratedProgress& progress) {
  if (options.count < 1) throw Error(concat("generate_scenes: ", options.count, " were asked for; ask for 1 or more"));
  check(options.scene); // before anything is written
  expect_output_folder(folder, options.force);
  make_folder(folder / "scenes");
  std::string list; // a line a scene
  const auto total = static_cast<std::size_t>(options.count);
  for (std::size_t i = 0; i < total; ++i) {
    const std::string image = "scenes/" + five_digits(i) + ".png";
    const Scene scene = draw_scene(options.seed, static_cast<std::uint32_t>(i), options.scene);
    write_png(folder / image, scene.picture);
    list += (i == 0 ? "[" : ",\n ") + described(scene, image).dump();
    if (progress) progress(i + 1, total);
  }
  write_atomically(folder / "scenes.json", list + "]\n", Flush::later);
}

} // namespace mien
