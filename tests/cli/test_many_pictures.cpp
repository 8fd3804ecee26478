// SPDX-License-Identifier: Apache-2.0
// A folder as people have it: ten thousand pictures, some of them broken.
#include "mien/emotion/generated_faces.hpp"
#include "mien/io/image.hpp"
#include "tests/cli/fixture.hpp"
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <sys/resource.h>

using namespace mien;
using namespace mien::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

/// Links to a few drawn faces under many names; every hundredth file is half a picture.
void fill_folder(const fs::path& folder, int pictures) {
  fs::create_directories(folder);
  std::vector<fs::path> faces;
  for (std::uint32_t i = 0; i < 7; ++i) {
    faces.push_back(folder.parent_path() / (std::to_string(i) + ".png"));
    write_png(faces.back(), draw_face(i, 1, i, 96));
  }
  const auto half = folder.parent_path() / "half.png";
  fs::copy_file(faces[0], half, fs::copy_options::overwrite_existing);
  fs::resize_file(half, fs::file_size(half) / 2);
  for (int i = 0; i < pictures; ++i) {
    const auto& from = i % 100 == 50 ? half : faces[static_cast<std::size_t>(i) % 7];
    fs::create_hard_link(from, folder / (std::to_string(i) + ".png"));
  }
}

/// The most memory that a program run from here has had so far, in MiB.
long peak_mib() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  return usage.ru_maxrss / 1024;
}

} // namespace

TEST_CASE("of ten thousand pictures a hundred are broken: 9,900 results, 100 reasons, no more memory than for few") {
  const TempFolder folder;
  fill_folder(folder / "few", 400);
  fill_folder(folder / "many", 10'000);
  const auto predict = [&](const std::string& which, const std::string& form) {
    return run({"predict", "--model", fixture().model, (folder / which).string(), form, "--neighbors", "1"});
  };
  CHECK(predict("few", "--json").code == 1);
  const auto before = peak_mib();
  const auto ran = predict("many", "--json");
  CHECK(ran.code == 1);
  CHECK_THAT(ran.err, Contains("in 10000 pictures") && Contains("100 pictures failed"));
  int results = 0, reasons = 0, faces = 0;
  for (const auto& line : lines(ran.out)) {
    const auto json = nlohmann::json::parse(line);
    if (json.contains("error")) ++reasons;
    if (json.contains("faces")) ++results, faces += !json["faces"].empty();
  }
  CHECK(results == 9900);
  CHECK(reasons == 100);
  CHECK(faces > 0);
  INFO("peak " << peak_mib() << " MiB, after the small folder " << before << " MiB");
  CHECK(peak_mib() <= before + 8); // the list of ten thousand names takes two
}
