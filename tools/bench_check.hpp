// SPDX-License-Identifier: Apache-2.0
// Whether what is to be timed computes what it should: `mien bench` times nothing that does not.
#pragma once

#include "tools/bench_work.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mien::cli {

/// How far results may lie from the reference's, as shares of their length: well above rounding, far below mistakes.
/// A gradient leaps where a rectifier or a maximum is decided: rounding by 1e-5 decides one unit in 1e5 otherwise,
/// which moves the gradient by the root of that, 3e-3, and by some times more where there are few units.
inline constexpr double allowed_loss = 1e-4, allowed_logits = 1e-3, allowed_gradients = 0.03;

/// The distance of `got` from `expected`, as a share of the latter's length or of `least`, if that is more. Throws
/// Error, which begins with WRONG, if it exceeds `allowed` or is no number.
double expect_close(std::string_view what, std::span<const float> got, std::span<const float> expected, double allowed,
                    double least = 0);

/// What was found: the largest distances.
struct TrainingCheck {
  double loss = 0, gradients = 0;
};
/// Takes the first step of a training on a few faces, on the kernels in use and on the reference set. Loss, and all
/// gradients tensor by tensor, must agree, or Error is thrown.
[[nodiscard]] TrainingCheck check_training(const BenchSubject& subject, int threads, bool augmented);

/// What the reference set answers about the first faces: their logits, less the mean of each face's.
class InferenceCheck {
public:
  InferenceCheck(const BenchSubject& subject, int threads);
  /// Compares the answers of a whole batch's first faces, or throws Error; returns the distance.
  double operator()(InferenceWork& work) const;

private:
  std::vector<float> expected_;
};

} // namespace mien::cli
