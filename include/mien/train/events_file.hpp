// SPDX-License-Identifier: Apache-2.0
// A training as TensorBoard reads it.
#pragma once

#include "mien/io/image.hpp"
#include "mien/train/history.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mien {

/// A name by which TensorBoard finds the file in a run's folder.
inline constexpr std::string_view events_file_name = "events.out.tfevents.mien";

/// What stands in an events file beside the figures of the epochs.
struct EventsOptions {
  double started = 0;                                          ///< seconds since 1970-01-01 UTC
  std::vector<std::pair<std::string, std::string>> settings{}; ///< name and value: a table under Text, if any
  Image augmented{};                                           ///< pictures as training sees them, if any
};

/// The bytes of an events file: a function of its arguments alone.
///
/// The figures stand under the tags `loss/train`, `loss/validation`, `accuracy/train`, `accuracy/validation`,
/// `macro_f1/validation`, `learning_rate`, `gradient_norm` and `images_per_second`; the step is the epoch, the time
/// `started` and the seconds of the epochs so far. Text and picture have step 0. The bytes for fewer epochs are the
/// beginning of those for more. Throws Error if the picture is not whole.
/// Sources: tensorflow/core/lib/io/record_writer.h (framing), tensorboard/compat/proto/event.proto, summary.proto.
[[nodiscard]] std::string events(std::span<const EpochRow> rows, const EventsOptions& options = {});

/// Brings an events file up to these rows: adds to it what is new, so that a running TensorBoard sees it; where the
/// file holds anything else (later epochs, say, after going back to a saved state), writes it anew.
///
/// A file that is there keeps the time it began with. Throws Error if the file cannot be written, or as events() does.
void write_events(const std::filesystem::path& path, std::span<const EpochRow> rows, EventsOptions options = {});

} // namespace mien
