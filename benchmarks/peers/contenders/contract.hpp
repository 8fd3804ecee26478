// SPDX-License-Identifier: Apache-2.0
// What every contender in C++ shares: its orders, its material, and how it is timed in turns with the others.
#pragma once

#include "mien/io/safetensors.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace peers {

/// What benchmarks/peers/run asks of one process.
struct Job {
  bool train = false;
  std::string variant;
  std::int64_t batch = 1;
  int threads = 1;
  std::filesystem::path model;   ///< a mien model file: weights are read from here
  std::filesystem::path faces;   ///< x (N,48,48,1) and labels (N)
  std::filesystem::path outputs; ///< where to write what shall be compared
};

/// Reads `--task train|infer --net seed --precision f32 --variant V --batch B --threads T --model F --faces F --outputs
/// F`.
///
/// Throws mien::Error for anything else, and for networks and precisions that contenders in C++ do not have.
[[nodiscard]] Job job_from(int argc, char** argv);

/// Pictures in batches: whoever runs on past the last begins again with the first.
class Faces {
public:
  /// Throws mien::Error if the file is not what peers_material writes, or holds less than a batch.
  Faces(const std::filesystem::path& path, std::int64_t batch);

  [[nodiscard]] std::span<const float> x(std::int64_t step) const;
  [[nodiscard]] std::span<const std::int32_t> labels(std::int64_t step) const;

private:
  mien::Safetensors file_;
  std::int64_t batch_;
  std::int64_t batches_;
};

/// Says that the outputs are written, then does `time N` as often as standard input asks: one step untimed, N timed.
void serve(const std::string& library, const std::string& version, const std::function<void(std::int64_t step)>& run);

} // namespace peers
