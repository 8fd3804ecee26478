// SPDX-License-Identifier: Apache-2.0
#include "lib/data/reading.hpp"
#include "mien/core/error.hpp"
#include "mien/io/file_name.hpp"
#include "mien/ops/parallel.hpp"

#include <algorithm>
#include <atomic>

namespace mien {
namespace {

namespace fs = std::filesystem;

/// Calls `look` for the entries of a folder but the hidden ones, in no order.
template <class Look> void for_each_entry(const fs::path& folder, const Look& look) {
  std::error_code failure;
  for (auto i = fs::directory_iterator(folder, failure); !failure && i != fs::directory_iterator();
       i.increment(failure)) {
    if (!i->path().filename().string().starts_with('.')) look(*i);
  }
  if (failure) {
    throw Error(
        concat(folder.string(), ": cannot be listed: ", failure.message(), "; give a folder that you may read"));
  }
}

bool is_folder(const fs::directory_entry& entry) {
  std::error_code ignored;
  return entry.is_directory(ignored);
}

/// The class folders in the order of their names, bytewise: the same on every machine.
std::vector<fs::path> class_folders(const fs::path& path, ReadReport& report) {
  std::vector<fs::path> folders;
  bool pictures = false;
  for_each_entry(path, [&](const fs::directory_entry& entry) {
    if (is_folder(entry)) {
      folders.push_back(entry.path());
    } else {
      ++report.ignored_files;
      pictures = pictures || looks_like_a_picture(entry.path());
    }
  });
  if (folders.empty()) {
    throw Error(concat(path.string(), pictures ? ": has pictures but no class folders" : ": has no class folders",
                       "; put the pictures into folders named after their classes, ", path.string(), "/<class>/"));
  }
  std::ranges::sort(folders, {}, [](const auto& folder) { return folder.native(); });
  return folders;
}

bool is_picture(const fs::directory_entry& entry) { return !is_folder(entry) && looks_like_a_picture(entry.path()); }

/// The names of a class's pictures, sorted: all that is held of a folder at once.
std::vector<std::string> picture_names(const fs::path& folder) {
  std::vector<std::string> names;
  for_each_entry(folder, [&](const fs::directory_entry& entry) {
    if (is_picture(entry)) names.push_back(entry.path().filename().string());
  });
  std::ranges::sort(names);
  return names;
}

/// Reads one picture into its place. Returns why it cannot be used, or nothing.
std::string read_into(std::span<std::uint8_t> pixels, const std::string& name, const Preprocessing& preprocessing) {
  try {
    const auto picture = to_input_bytes(read_image(name), preprocessing);
    if (is_constant(picture.pixels)) {
      return concat(name, ": every pixel has the value ", static_cast<int>(picture.pixels.front()));
    }
    std::ranges::copy(picture.pixels, pixels.begin());
    return {};
  } catch (const Error& error) {
    return error.what(); // begins with the name
  }
}

/// Reads pictures some thousand at a time, so that threads have enough to do and memory stays flat.
class FolderReader {
public:
  FolderReader(const ReadOptions& options, std::size_t total, Reading& reading)
      : options_(options), total_(total), reading_(reading), pixels_(most * reading.like.picture_bytes()) {}

  void read(const fs::path& folder, std::int32_t label) {
    const auto files = picture_names(folder);
    for (std::size_t first = 0; first < files.size(); first += most) {
      const auto n = std::min(most, files.size() - first);
      names_.clear();
      for (std::size_t i = 0; i < n; ++i) names_.push_back((folder / files[first + i]).string());
      read_chunk();
      for (std::size_t i = 0; i < n; ++i) {
        if (reasons_[i].empty())
          reading_.add(place(i), label, std::move(names_[i]));
        else
          skip(reading_.report, std::move(reasons_[i]), options_);
      }
      done_ += n;
    }
  }

private:
  static constexpr std::size_t most = 2048, batch = 64;

  std::span<std::uint8_t> place(std::size_t i) {
    const auto size = reading_.like.picture_bytes();
    return std::span(pixels_).subspan(i * size, size);
  }

  void read_chunk() {
    reasons_.assign(names_.size(), {});
    std::atomic<std::size_t> done = done_;
    parallel_for(options_.threads, static_cast<int>((names_.size() + batch - 1) / batch), [&](int part, int worker) {
      const auto begin = static_cast<std::size_t>(part) * batch, end = std::min(begin + batch, names_.size());
      for (auto i = begin; i < end; ++i) reasons_[i] = read_into(place(i), names_[i], options_.preprocessing);
      done += end - begin;
      if (worker == 0 && options_.progress) options_.progress(std::min<std::size_t>(done, total_), total_);
    });
  }

  const ReadOptions& options_;
  std::size_t total_, done_ = 0;
  Reading& reading_;
  std::vector<std::uint8_t> pixels_;
  std::vector<std::string> names_, reasons_;
};

} // namespace

ReadReport stream_image_folder(const fs::path& path, const ReadOptions& options, PictureSink& sink) {
  Reading reading{sink, empty_dataset(options)};
  const auto folders = class_folders(path, reading.report);
  auto& classes = reading.like.classes;
  if (options.classes.empty()) {
    for (const auto& folder : folders) classes.push_back(folder.filename().string());
  }
  std::size_t total = 0;
  for (const auto& folder : folders) {
    if (label_of(folder.filename().string(), reading.like) < 0) {
      throw Error(concat(folder.string(), ": is no class of the model, which knows ", joined(classes),
                         "; rename or remove the folder"));
    }
    for_each_entry(folder, [&](const fs::directory_entry& entry) {
      is_picture(entry) ? ++total : ++reading.report.ignored_files;
    });
  }
  reading.begin(total);
  FolderReader reader(options, total, reading);
  for (const auto& folder : folders) reader.read(folder, label_of(folder.filename().string(), reading.like));
  expect_pictures(reading, path, options);
  return std::move(reading.report);
}

} // namespace mien
