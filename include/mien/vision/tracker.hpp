// SPDX-License-Identifier: Apache-2.0
// Faces followed from picture to picture: who is who among detections, and where somebody will be next.
#pragma once

#include "mien/vision/detector.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mien {

/// When a detection is taken for a face that is known.
struct TrackerSettings {
  double least_overlap = 0.2; ///< of a detection with the place where the face is expected, as overlap() counts it
  double patience = 1;        ///< seconds for which a face that is not seen is waited for
  std::size_t most = 64;      ///< faces that are followed at once: of more detections the largest, and those seen last

  friend bool operator==(const TrackerSettings&, const TrackerSettings&) = default;
};

/// A face that is followed.
struct Track {
  std::uint64_t id = 0;                   ///< from 1, in the order of appearance; never given twice
  Box box{};                              ///< where it was seen last
  double first = 0, last = 0;             ///< when it was seen first and last, in seconds
  std::optional<std::size_t> detection{}; ///< which of the last update's detections it is; none: not seen there
  double vx = 0, vy = 0;                  ///< motion of the box's centre, in pixels a second

  friend bool operator==(const Track&, const Track&) = default;
};

/// Where a track's box will be at a time, if it moves on as it did: its motion dies away with a time constant of half a
/// second, since who is not seen may have stopped.
[[nodiscard]] Box expected(const Track& track, double time) noexcept;

/// Gives the same face the same number from picture to picture, by where faces are and how they move.
///
/// At every update each known face is expected where its motion takes it; the detections are dealt out by assignment()
/// so that as many faces as possible get one, and together overlap as much as possible. What is left over is a new
/// face. A face that got none waits for `patience` and is then forgotten. Of a face nothing is known but boxes: one
/// that comes back later is a new one, and of two that are hidden by one another the numbers may be exchanged.
class Tracker {
public:
  /// Throws Error if a setting is out of range.
  explicit Tracker(const TrackerSettings& settings = {});

  [[nodiscard]] const TrackerSettings& settings() const noexcept { return settings_; }
  /// Takes the detections of the next picture, shown at `time` in seconds; returns all faces that are followed, those
  /// not seen now included, in the order of their numbers. Throws Error if the time is not finite or goes back.
  std::span<const Track> update(std::span<const Detection> detections, double time);
  /// The same for a picture of which is known who is who, `ids[i]` being in `detections[i]`: takes up a stream again
  /// from what was written down about it. Throws Error as update() does, and if there are not as many of both, or a
  /// number is 0 or is there twice.
  std::span<const Track> repeat(std::span<const std::uint64_t> ids, std::span<const Detection> detections, double time);
  /// As after the last update.
  [[nodiscard]] std::span<const Track> tracks() const noexcept { return tracks_; }
  /// Forgets every face, but gives no number again: the next picture may be shown at any time.
  void reset() noexcept;

private:
  void begin(double time);
  [[nodiscard]] std::vector<std::size_t> followed(std::span<const Detection> detections) const;
  /// The places of their tracks, each detection's; none for new faces.
  [[nodiscard]] std::vector<std::optional<std::size_t>> dealt(std::span<const Detection> detections,
                                                              std::span<const std::size_t> chosen, double time) const;

  TrackerSettings settings_;
  std::vector<Track> tracks_;
  std::uint64_t next_ = 1;
  std::optional<double> time_;
};

} // namespace mien
