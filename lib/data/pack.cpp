// SPDX-License-Identifier: Apache-2.0
#include "mien/data/pack.hpp"

#include "lib/data/reading.hpp"

#include "mien/core/error.hpp"
#include "mien/data/pack_writer.hpp"
#include "mien/ops/parallel.hpp"

#include <algorithm>
#include <optional>

namespace mien {
namespace {

class PackSink : public PictureSink {
public:
  PackSink(const std::filesystem::path& out, DataPart part) : out_(out), part_(part) {}
  void begin(const Dataset& like, std::size_t) override {
    if (!writer) writer.emplace(out_, like.classes, like.height, like.width, like.channels, name_of(part_));
  }
  void add(std::span<const std::uint8_t> pixels, std::int32_t label, std::string name) override {
    writer->add(pixels, label, name);
  }
  std::optional<PackWriter> writer;

private:
  const std::filesystem::path& out_;
  DataPart part_;
};

} // namespace

ReadReport pack_data(const std::filesystem::path& out, const std::filesystem::path& path, DataPart part,
                     const ReadOptions& options) {
  PackSink sink(out, part);
  auto report = stream_data(path, part, options, sink);
  sink.writer->finish();
  return report;
}

PackedVerdict verify_packed(const PackedFile& file, int threads,
                            const std::function<void(std::size_t done, std::size_t all)>& progress) {
  constexpr std::size_t grain = 256, most_named = 100;
  std::vector<std::string> damages(64 * grain); // of a round
  PackedVerdict verdict;
  file.will_read_all();
  for (std::size_t first = 0; first < file.size(); first += damages.size()) {
    const auto n = std::min(damages.size(), file.size() - first);
    parallel_for(threads, static_cast<int>((n + grain - 1) / grain), [&](int part, int) {
      const auto begin = static_cast<std::size_t>(part) * grain;
      for (auto i = begin; i < std::min(begin + grain, n); ++i) {
        try {
          (void)file.picture(first + i);
        } catch (const Error& damaged) {
          damages[i] = damaged.what();
        }
      }
    });
    for (std::size_t i = 0; i < n; ++i) {
      if (damages[i].empty()) continue;
      ++verdict.damaged;
      if (verdict.first.size() < most_named) verdict.first.push_back(damages[i]);
      damages[i].clear();
    }
    if (progress) progress(first + n, file.size());
  }
  return verdict;
}

} // namespace mien
