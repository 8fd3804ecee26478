// SPDX-License-Identifier: Apache-2.0
#include "mien/capture/picture_folder.hpp"

#include "mien/core/error.hpp"
#include "mien/data/grey.hpp"
#include "mien/io/file_name.hpp"

#include <algorithm>

namespace mien {

PictureFolder::PictureFolder(const std::filesystem::path& folder, FrameRate rate, bool grey)
    : folder_(folder), rate_(rate), grey_(grey) {
  std::error_code problem;
  for (std::filesystem::directory_iterator entry(folder, problem), end; !problem && entry != end;
       entry.increment(problem))
    if (looks_like_a_picture(entry->path()) && !entry->is_directory(problem)) files_.push_back(entry->path());
  if (problem) throw Error(concat(folder.string(), ": the folder cannot be read: ", problem.message()));
  if (files_.empty())
    throw Error(concat(folder.string(), ": holds no picture; their names end with .png, .jpg, .bmp, .pgm or .ppm"));
  std::ranges::sort(files_);
}

Next PictureFolder::next(Frame& frame) {
  while (next_ < files_.size()) {
    last_ = next_++;
    try {
      frame.picture = read_image(files_[last_]);
    } catch (const Error& error) {
      if (bad_++ == 0) problem_ = error.what();
      continue;
    }
    if (grey_) frame.picture = to_grey(frame.picture);
    frame.number = last_, frame.time = rate_.time_of(last_);
    return Next::frame;
  }
  return Next::end;
}

StreamInfo PictureFolder::info() const {
  return {.name = folder_.string() + ", pictures", .rate = rate_, .frames = files_.size()};
}

std::string PictureFolder::note() const {
  return bad_ == 0 ? "" : concat(bad_, " of ", files_.size(), " pictures could not be read; the first: ", problem_);
}

std::filesystem::path PictureFolder::file() const { return next_ == 0 ? std::filesystem::path() : files_[last_]; }

} // namespace mien
