// SPDX-License-Identifier: Apache-2.0
// Any bytes are an AVI file that gives its whole frames, or an Error.
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/memory_source.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/videos.hpp"

namespace mien::test {
namespace {

/// A chunk, or with `list` a list ("LIST", "RIFF"), of this name.
std::string chunk(const std::string& name, std::string bytes, const std::string& list = "") {
  std::string size;
  if (!list.empty()) bytes = name + bytes;
  for (int shift = 0; shift < 32; shift += 8) size += static_cast<char>(bytes.size() >> shift & 255);
  if (bytes.size() % 2 == 1) bytes += '\0';
  return (list.empty() ? name : list) + size + bytes;
}

/// What other programs write besides: sound, records, frames of no bytes, a second part.
std::string with_company(const std::string& small) {
  const auto first = small.find("00dc"), second = small.find("00dc", first + 4);
  const auto frame = small.substr(first, second - first);
  const auto sound = chunk("01wb", "abc"), again = chunk("00dc", "");
  return small.substr(0, first) + chunk("rec ", sound + frame, "LIST") + chunk("JUNK", "abcde") + again +
         chunk("AVIX", chunk("movi", sound + frame + again, "LIST"), "RIFF");
}

} // namespace

std::vector<std::string> seeds() {
  const TempFolder folder;
  const auto whole = video_text(folder / "a.avi", {gradient(16, 8, 0, 1), gradient(16, 8, 1, 1)});
  // Without the room that is kept for indices, so that a change hits what matters.
  const auto index = whole.find("indx"), odml = whole.find("LIST", index), first = whole.find("00dc", odml);
  auto small = whole.substr(0, index) + whole.substr(whole.rfind("LIST", first));
  return {whole, small, small.substr(0, small.find("ix00")), with_company(small)};
}

void try_input(std::span<const std::byte> input) {
  for (const bool grey : {false, true}) {
    const auto stream = open_avi(memory_input(input), "input", grey);
    if (!stream) return;                   // for ffmpeg
    constexpr std::int64_t most = 1 << 20; // a header may honestly announce more, but then an input takes seconds
    if (std::int64_t{stream->info().width} * stream->info().height <= most) read_all(*stream, input.size());
  }
}

} // namespace mien::test
