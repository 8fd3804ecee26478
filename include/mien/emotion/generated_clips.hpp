// SPDX-License-Identifier: Apache-2.0
// Drawn people who move, turn and change expression, and the truth about every frame: to try live recognition on.
#pragma once

#include "mien/emotion/generated_scenes.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mien {

/// The narrowest and the lowest clip, in pixels: its smallest faces are then as large as `smallest_face`.
inline constexpr int least_clip_width = 192, least_clip_height = 144;
/// How many people can be in a clip: each does something else.
inline constexpr int most_clip_faces = 4;
/// The longest clip, in seconds, and the most frames a second.
inline constexpr double most_clip_seconds = 3600;
inline constexpr int most_clip_rate = 240;

/// How a clip is drawn.
struct ClipOptions {
  int width = 640;
  int height = 480;
  double seconds = 10;
  int rate = 25; ///< frames a second
  /// The first turns the head by 30 degrees to either side and back, the second leaves the picture and comes back, the
  /// third and the fourth cross, one in front of the other, and cross again. It takes ten seconds and begins anew.
  int faces = most_clip_faces;
  std::uint64_t seed = 1; ///< another seed, other people

  friend bool operator==(const ClipOptions&, const ClipOptions&) = default;
};

/// Throws Error if an option is out of range.
void check(const ClipOptions& options);

/// A face in one frame of a clip, as somebody would label it.
struct ClipFace {
  int id = 0;                 ///< whose it is, from 1
  Box box{};                  ///< as that of a SceneFace; a part of it may lie outside of the picture
  float roll = 0;             ///< degrees by which it is turned about the box's centre, clockwise as seen
  std::size_t expression = 0; ///< a place in expression_names; while it changes, the nearer of the two
  float hidden = 0;           ///< about what share of the box is outside of the picture or behind somebody else

  friend bool operator==(const ClipFace&, const ClipFace&) = default;
};

/// A face goes smoothly from one expression to another.
struct ClipChange {
  int id = 0;                   ///< whose face
  double begin = 0, end = 0;    ///< seconds; half-way between them it is as near to the one as to the other
  std::size_t from = 0, to = 0; ///< places in expression_names

  friend bool operator==(const ClipChange&, const ClipChange&) = default;
};

/// A clip that is drawn frame by frame, in any order. A copy shares everything; many threads may draw at once.
///
/// All bytes depend on the options alone and are the same on every machine; a longer clip begins as a shorter one.
/// Nobody in it is among the people of draw_face() and draw_scene().
class GeneratedClip {
public:
  /// Throws Error as check() does.
  explicit GeneratedClip(const ClipOptions& options = {});

  [[nodiscard]] const ClipOptions& options() const noexcept;
  /// How many frames there are, at least one: seconds times rate, rounded.
  [[nodiscard]] int frames() const noexcept;
  /// When a frame is shown, in seconds since the first.
  [[nodiscard]] double time_of(int frame) const noexcept;
  /// All changes of expression that begin within the clip, in the order of their beginnings.
  [[nodiscard]] const std::vector<ClipChange>& changes() const noexcept;

  /// The faces of a frame, in the order of their ids; those that are wholly hidden are left out.
  /// Throws Error if there is no such frame.
  [[nodiscard]] std::vector<ClipFace> faces(int frame) const;
  /// A frame's grey picture. Throws Error if there is no such frame.
  [[nodiscard]] Image picture(int frame) const;

private:
  struct Parts;
  void expect_frame(int frame) const;
  std::shared_ptr<const Parts> parts_;
};

/// The truth about a clip as JSON; `video` is the name of the file that shows it:
/// {"video", "width", "height", "rate", "labels": [name], "changes": [{"id", "begin", "end", "from", "to"}],
///  "frames": [{"frame", "time", "faces": [{"id", "box": [x, y, w, h], "roll", "label", "hidden"}]}]}.
[[nodiscard]] std::string clip_json(const GeneratedClip& clip, std::string_view video);

} // namespace mien
