// SPDX-License-Identifier: Apache-2.0
// Whether probabilities are honest, how to make them so, and when to give no answer.
#pragma once

#include "mien/nn/calibration.hpp"
#include "mien/train/answers.hpp"
#include "mien/train/metrics.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mien {

/// Measures probabilities against the truth. Throws Error as evaluate() does.
/// Sources: Guo et al. 2017 (bins, ECE); Geifman and El-Yaniv 2017 (risk and coverage).
[[nodiscard]] Reliability reliability(const Answers& answers);

/// Fits a temperature, and fills the table with what it gives.
///
///   T = the number from 0.05 to 20 for which the mean of -sum of t[k] log(softmax(log(p) / T)[k]) is least,
///   t[truth] = 1 - 1/(n + 2), what is left spread evenly over the other classes
///
/// The little doubt in t is what n pictures leave: were they all named rightly, a model would else be called
/// infallible. `answers` are those of an uncalibrated model to pictures that it has not learnt from: its validation;
/// never the test. The loss is convex in 1/T, and T is found to 1e-6 by golden section. Throws Error as evaluate()
/// does. Sources: Guo et al. 2017; Platt 1999 (the targets).
[[nodiscard]] Calibration fit_calibration(const Answers& answers);

/// The probabilities of an uncalibrated model as a temperature makes them.
[[nodiscard]] Answers at_temperature(const Answers& answers, double temperature);

/// The least highest probability, a multiple of 0.01, from which on a model may answer so that no more than `risk` of
/// its answers are wrong: with the upper end of Wilson's 95 % interval, so that it holds in new pictures of the same
/// kind as well, mostly. 1.01, which nothing reaches, if there is none. Throws Error unless 0 < risk < 1.
[[nodiscard]] double threshold_for(const Calibration& calibration, double risk);

/// As a person reads it: calibration error, confidence, and how good the surest answers are.
[[nodiscard]] std::string reliability_text(const Reliability& reliability);

/// How many of the answers have at least such a highest probability, and how many of these are right.
[[nodiscard]] Abstention abstention(const Answers& answers, double threshold);

} // namespace mien
