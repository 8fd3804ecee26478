// SPDX-License-Identifier: Apache-2.0
// Drawn scenes: several drawn faces in one picture, and where they are, to try detection on.
#pragma once

#include "mien/emotion/generated_faces.hpp"
#include "mien/io/image.hpp"
#include "mien/vision/detector.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace mien {

/// The shortest and the longest side, in pixels, of a generated scene.
inline constexpr int least_scene = 64, most_scene = 8192;

/// How scenes are drawn.
struct SceneOptions {
  int width = 640;
  int height = 480;
  int least_face = 40; ///< pixels across the narrowest face; the widest are a third of the scene's shorter side
  int most_faces = 6;  ///< at least one, and about half as many as this; fewer where no room is left
  float tilted = 0;    ///< the share of faces that are turned by 20 to 40 degrees; the others keep within 8
};

/// Throws Error if an option is out of range.
void check(const SceneOptions& options);

/// A face of a scene, as somebody would label it.
struct SceneFace {
  Box box;                    ///< from temple to temple and from hairline to chin, before the face is turned
  float roll = 0;             ///< degrees by which it is turned about the box's centre, clockwise as seen
  std::size_t expression = 0; ///< a place in expression_names

  friend bool operator==(const SceneFace&, const SceneFace&) = default;
};

/// A picture and the faces in it, from the farthest, smallest, to the nearest. No face is hidden by another.
struct Scene {
  Image picture;
  std::vector<SceneFace> faces;
};

/// Draws a grey scene. The bytes depend on the arguments alone and are the same on every machine; nobody in it is among
/// the people of draw_face(). Throws Error as check() does.
[[nodiscard]] Scene draw_scene(std::uint64_t seed, std::uint32_t index, const SceneOptions& options = {});

/// What generate_scenes() writes.
struct GeneratedSceneOptions {
  int count = 10;
  std::uint64_t seed = 1; ///< another seed, other people in other places
  SceneOptions scene;
  bool force = false; ///< write into a folder that holds something; files of the same names are replaced
};

/// Writes scenes as `folder`/scenes/NNNNN.png and `folder`/scenes.json, a list of
/// {"image": "scenes/NNNNN.png", "width", "height", "faces": [{"box": [x, y, w, h], "label", "roll"}]}.
///
/// Throws Error if an option is out of range, if the folder exists, holds something and `force` is not set, or if a
/// file cannot be written.
void generate_scenes(const std::filesystem::path& folder, const GeneratedSceneOptions& options = {},
                     const GeneratedProgress& progress = {});

} // namespace mien
