// SPDX-License-Identifier: Apache-2.0
#include "tools/pictures.hpp"

#include "mien/core/error.hpp"
#include "mien/io/file_name.hpp"

#include <algorithm>
#include <system_error>

namespace mien::cli {
namespace {

namespace fs = std::filesystem;

/// Adds the pictures of one folder and, below it, of every other one.
void search(const fs::path& folder, std::size_t top, const fs::path& without, PictureFiles& found) {
  std::error_code failure;
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure))
    entries.push_back(*at);
  if (failure) {
    found.problems.push_back(concat(folder.string(), ": cannot be searched: ", failure.message()));
    return;
  }
  std::ranges::sort(entries);
  for (const auto& entry : entries) {
    std::error_code ignored; // what cannot be looked at is neither folder nor picture
    if (entry.is_directory(ignored) && !entry.is_symlink(ignored)) {
      if (without.empty() || !fs::equivalent(entry.path(), without, ignored)) search(entry.path(), top, without, found);
    } else if (entry.is_regular_file(ignored) && looks_like_a_picture(entry.path())) {
      found.pictures.push_back({entry.path().string(), top});
    }
  }
}

} // namespace

PictureFiles pictures_in(const std::vector<fs::path>& paths, const fs::path& without) {
  PictureFiles found;
  for (const auto& path : paths) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
      const auto name = path.string();
      found.pictures.push_back({name, name.size() - path.filename().string().size()});
      continue;
    }
    const auto before = found.pictures.size() + found.problems.size();
    search(path, (path / "").string().size(), without, found);
    if (found.pictures.size() + found.problems.size() == before)
      throw Error(concat(path.string(), ": no picture (png jpg bmp pgm ppm pnm) is in this folder"));
  }
  return found;
}

} // namespace mien::cli
