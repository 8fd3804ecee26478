// SPDX-License-Identifier: Apache-2.0
#include "tools/recording.hpp"

#include "mien/core/error.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

namespace mien::cli {

Recording::Recording(std::filesystem::path path, FrameRate rate, bool replace) : path_(std::move(path)), rate_(rate) {
  std::error_code ignored;
  if (!replace && std::filesystem::exists(path_, ignored))
    throw Error(concat(path_.string(), ": exists already; give another name, or --force to replace it"));
  writer_.emplace(path_, rate_);
}

void Recording::add(const Image& view, double time) {
  if (!writer_) return;
  if (!begin_) begin_ = time, width_ = view.width, height_ = view.height;
  if (view.width != width_ || view.height != height_) {
    ended_ = finish() + ", since the camera's pictures have another size now";
    return;
  }
  const auto due = static_cast<std::uint64_t>(std::floor((time - *begin_) * rate_.a_second() + 0.5));
  while (writer_->frames() > 0 && writer_->frames() < due) writer_->repeat();
  if (writer_->frames() <= due) writer_->write(view);
}

double Recording::seconds() const { return writer_ ? rate_.time_of(writer_->frames()) : 0; }

std::string Recording::finish() {
  if (!writer_) return ended_;
  const auto length = seconds();
  const bool empty = writer_->frames() == 0;
  if (!empty) writer_->finish();
  writer_.reset();
  return empty ? "nothing was recorded: there was no picture"
               : fmt::format("recorded {:.1f} s of the view as it was drawn: {}", length, path_.string());
}

} // namespace mien::cli
