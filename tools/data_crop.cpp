// SPDX-License-Identifier: Apache-2.0
// `mien data crop`: cuts the faces out of a labelled folder of photographs, as training wants them.
#include "tools/cli.hpp"
#include "tools/commands.hpp"
#include "tools/detector_options.hpp"
#include "tools/picture_loop.hpp"

#include "mien/core/error.hpp"
#include "mien/io/atomic_file.hpp"
#include "mien/io/output_folder.hpp"
#include "mien/vision/face_finder.hpp"

#include <fmt/format.h>

#include <map>

namespace mien::cli {
namespace {

namespace fs = std::filesystem;

/// What became of one picture.
struct Crop {
  std::string picture;
  int cut = 0;          ///< faces written
  bool failed = false;  ///< it could not be read, or its faces not be written
  std::string reason{}; ///< why none, or not all
};

/// Cuts the faces of one picture and writes them; on any thread.
class Cropper {
public:
  Cropper(FaceFinder finder, fs::path out, bool all, std::span<const PictureFile> pictures)
      : finder_(std::move(finder)), out_(std::move(out)), all_(all) {
    for (const auto& picture : pictures) ++same_name_[plain_name(picture)];
  }

  [[nodiscard]] Crop operator()(const PictureFile& file, int threads) const {
    Crop crop{.picture = file.path};
    try {
      const Image picture = read_image(file.path);
      const auto faces = finder_.find(picture, threads, FaceOrder::by_size);
      if (faces.empty()) crop.reason = "no face found";
      if (faces.size() > 1 && !all_) crop.reason = fmt::format("{} faces: the largest was taken", faces.size());
      for (const auto& face : faces) {
        write_png(place_of(file, crop.cut), cut(picture, face.square));
        ++crop.cut;
        if (!all_) break;
      }
    } catch (const std::exception& error) {
      crop.failed = true;
      crop.reason = error.what();
    }
    return crop;
  }

private:
  static fs::path plain_name(const PictureFile& file) {
    auto name = file.relative();
    return name.replace_extension();
  }

  /// OUT/class/name.png. Where a.jpg and a.png stand side by side, both keep their extension; the faces after a
  /// picture's first are numbered.
  [[nodiscard]] fs::path place_of(const PictureFile& file, int face) const {
    auto name = same_name_.at(plain_name(file)) == 1 ? plain_name(file) : file.relative();
    name += face == 0 ? ".png" : fmt::format("-{}.png", face + 1);
    fs::create_directories((out_ / name).parent_path());
    return out_ / name;
  }

  FaceFinder finder_;
  fs::path out_;
  bool all_;
  std::map<fs::path, int> same_name_; ///< how many pictures have this name but for the extension
};

void expect_usable(const fs::path& in, const fs::path& out, bool force) {
  if (!fs::is_directory(in))
    throw Error(concat(in.string(), ": is no folder; expected one with a folder of photographs for each class"));
  std::error_code not_there;
  if (fs::equivalent(in, out, not_there))
    throw UsageError("IN and OUT are the same folder; give the faces one of their own");
  expect_output_folder(out, force);
}

} // namespace

int run_data_crop(int argc, char** argv) {
  Common common;
  fs::path in, out;
  bool all = false, force = false;
  FaceCrop shape;
  DetectorOptions detector;
  Command command({.name = "data crop",
                   .about = "Finds the faces in a labelled folder of photographs and cuts them out, as `mien predict` "
                            "does, so that you can train on your own pictures. IN/<class>/... becomes "
                            "OUT/<class>/....png; folders train/ and test/ above the classes stay. What gave no face "
                            "is listed, with the reason, in OUT/skipped.csv.",
                   .examples = "mien data crop photographs faces\n"
                               "mien train faces --out runs/mine"},
                  common);
  command.argument("IN", in, "The folder of photographs");
  command.argument("OUT", out, "The folder to write; it may not hold anything yet");
  command.group("Faces");
  command.flag("all", all, "Every face of a picture, not only the largest: where all of them show the class");
  command.flag("align", shape.aligned, "Turn each face until its eyes are level; then train with --aligned");
  command.flag("force", force, "Write into a folder that holds something; files of the same names are replaced");
  detector.bind(command);
  if (!command.parse(argc, argv)) return 0;
  expect_usable(in, out, force);

  const auto found = pictures_in({in}, out);
  for (const auto& problem : found.problems) say_error(problem);
  const Cropper cropper(FaceFinder(detector.detector(), shape), out, all, found.pictures);
  std::size_t cut = 0, skipped = 0, failed = found.problems.size();
  std::string list = "image,faces,reason\n";
  catch_interrupts();
  const bool whole = for_each_picture(found.pictures, "cropping", common, cropper, [&](const Crop& crop) {
    cut += static_cast<std::size_t>(crop.cut);
    skipped += crop.cut == 0;
    failed += crop.failed;
    if (!crop.reason.empty())
      list += fmt::format("{},{},{}\n", csv_field(crop.picture), crop.cut, csv_field(crop.reason));
  });
  fs::create_directories(out);
  write_atomically(out / "skipped.csv", list, Flush::later);
  say(common, fmt::format("{} from {} {} in {}\n", plural(cut, "face"), plural(found.pictures.size(), "picture"),
                          cut == 1 ? "is" : "are", out.string()));
  if (skipped > 0)
    say(common,
        fmt::format("{} gave none: {} tells why\n", plural(skipped, "picture"), (out / "skipped.csv").string()));
  if (!whole) return exit_interrupted;
  if (cut == 0) throw Error("no face was cut out; see skipped.csv");
  return failed > 0 ? 1 : 0;
}

} // namespace mien::cli
