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

/// The entries of a folder in the order of their names, bytewise: the same on every machine. Hidden ones are left out.
std::vector<fs::directory_entry> sorted_entries(const fs::path& folder) {
  std::error_code failure;
  std::vector<fs::directory_entry> entries;
  for (auto i = fs::directory_iterator(folder, failure); !failure && i != fs::directory_iterator();
       i.increment(failure)) {
    if (!i->path().filename().string().starts_with('.')) entries.push_back(*i);
  }
  if (failure) {
    throw Error(
        concat(folder.string(), ": cannot be listed: ", failure.message(), "; give a folder that you may read"));
  }
  std::ranges::sort(entries, {}, [](const auto& entry) { return entry.path().native(); });
  return entries;
}

bool is_folder(const fs::directory_entry& entry) {
  std::error_code ignored;
  return entry.is_directory(ignored);
}

std::vector<fs::path> class_folders(const fs::path& path, ReadReport& report) {
  std::vector<fs::path> folders;
  bool pictures = false;
  for (const auto& entry : sorted_entries(path)) {
    if (is_folder(entry)) {
      folders.push_back(entry.path());
    } else {
      ++report.ignored_files;
      pictures = pictures || looks_like_a_picture(entry.path());
    }
  }
  if (folders.empty()) {
    throw Error(concat(path.string(), pictures ? ": has pictures but no class folders" : ": has no class folders",
                       "; put the pictures into folders named after their classes, ", path.string(), "/<class>/"));
  }
  return folders;
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

/// Closes the gaps that pictures with a reason to be left out have left.
void remove_skipped(ReadData& read, std::span<std::string> reasons, const ReadOptions& options) {
  auto& data = read.data;
  const auto bytes = static_cast<std::ptrdiff_t>(data.picture_bytes());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (!reasons[i].empty()) {
      skip(read.report, std::move(reasons[i]), options);
      continue;
    }
    if (kept != i) {
      const auto from = data.pixels.begin() + static_cast<std::ptrdiff_t>(i) * bytes;
      std::copy(from, from + bytes, data.pixels.begin() + static_cast<std::ptrdiff_t>(kept) * bytes);
      data.labels[kept] = data.labels[i];
      data.names[kept] = std::move(data.names[i]);
    }
    ++kept;
  }
  data.pixels.resize(kept * static_cast<std::size_t>(bytes));
  data.labels.resize(kept);
  data.names.resize(kept);
}

} // namespace

ReadData read_image_folder(const fs::path& path, const ReadOptions& options) {
  ReadData read{empty_dataset(options), {}};
  auto& data = read.data;
  const auto folders = class_folders(path, read.report);
  if (options.classes.empty()) {
    for (const auto& folder : folders) data.classes.push_back(folder.filename().string());
  }
  for (const auto& folder : folders) {
    const auto label = label_of(folder.filename().string(), data);
    if (label < 0) {
      throw Error(concat(folder.string(), ": is no class of the model, which knows ", joined(data.classes),
                         "; rename or remove the folder"));
    }
    for (const auto& entry : sorted_entries(folder)) {
      if (is_folder(entry) || !looks_like_a_picture(entry.path())) {
        ++read.report.ignored_files;
        continue;
      }
      data.names.push_back(entry.path().string());
      data.labels.push_back(label);
    }
  }

  data.pixels.resize(data.size() * data.picture_bytes());
  std::vector<std::string> reasons(data.size());
  constexpr std::size_t batch = 64;
  std::atomic<std::size_t> done = 0;
  parallel_for(options.threads, static_cast<int>((data.size() + batch - 1) / batch), [&](int part, int worker) {
    const auto begin = static_cast<std::size_t>(part) * batch, end = std::min(begin + batch, data.size());
    for (auto i = begin; i < end; ++i) {
      const auto pixels = std::span(data.pixels).subspan(i * data.picture_bytes(), data.picture_bytes());
      reasons[i] = read_into(pixels, data.names[i], options.preprocessing);
    }
    done += end - begin;
    if (worker == 0 && options.progress) options.progress(done, reasons.size());
  });
  remove_skipped(read, reasons, options);
  expect_pictures(read, path, options);
  return read;
}

} // namespace mien
