// SPDX-License-Identifier: Apache-2.0
#include "tools/annotated_pictures.hpp"

#include "mien/core/error.hpp"
#include "mien/io/file_name.hpp"
#include "mien/vision/annotate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <system_error>

namespace mien::cli {

namespace fs = std::filesystem;

AnnotatedPictures::AnnotatedPictures(fs::path folder, bool hide, std::span<const PictureFile> pictures,
                                     std::span<const std::string> labels)
    : folder_(std::move(folder)), hide_(hide), labels_(labels.begin(), labels.end()) {
  std::map<fs::path, const PictureFile*> taken;
  for (const auto& picture : pictures) {
    const auto place = place_of(picture);
    std::error_code not_there;
    if (fs::equivalent(place, picture.path, not_there))
      throw Error(concat(picture.path, ": its annotated copy would take its place; take another folder"));
    const auto [other, is_new] = taken.emplace(place, &picture);
    if (!is_new)
      throw Error(concat(other->second->path, " and ", picture.path, " would both be written to ", place.string(),
                         "; give the folder above them, or annotate them one after the other"));
  }
}

fs::path AnnotatedPictures::place_of(const PictureFile& file) const {
  auto relative = file.relative();
  const auto ending = small_extension(relative);
  if (ending != ".jpg" && ending != ".jpeg") relative.replace_extension(".png");
  return folder_ / relative;
}

void AnnotatedPictures::write(const PictureFile& file, Image picture, const PictureResult& result) const {
  std::vector<Box> boxes;
  std::vector<Annotation> annotations;
  for (const auto& face : result.faces) {
    const auto label = std::ranges::find(labels_, face.label) - labels_.begin();
    const auto surest = std::ranges::max(face.probabilities);
    boxes.push_back(face.box);
    annotations.push_back({.box = face.box,
                           .roll = face.roll,
                           .text = face.label.empty() ? "unsure" : fmt::format("{} {:.0f} %", face.label, 100 * surest),
                           .colour = static_cast<int>(label)});
  }
  if (hide_) picture = blurred(std::move(picture), boxes);
  const auto place = place_of(file);
  fs::create_directories(place.parent_path());
  write_picture(place, annotated(picture, annotations));
}

} // namespace mien::cli
