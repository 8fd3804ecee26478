// SPDX-License-Identifier: Apache-2.0
// Transcendental functions with the same bits on every machine: no libm, plain double arithmetic.
#pragma once

namespace mien::math {

/// e to the x, within 1 ulp or so; 0 below -745.2 and infinity above 709.8. NaN for NaN.
[[nodiscard]] double exp(double x) noexcept;
/// The natural logarithm; -infinity at 0, NaN below it.
[[nodiscard]] double log(double x) noexcept;
/// base to a whole exponent, by squaring.
[[nodiscard]] double pow(double base, long long exponent) noexcept;
/// The sine and cosine of an angle given in turns (1 turn = 360 degrees), for any finite number of turns.
[[nodiscard]] double sin_turns(double turns) noexcept;
[[nodiscard]] double cos_turns(double turns) noexcept;
/// The direction of a vector in turns, from -1/2 to 1/2: 0 along x, 1/4 along y; 0 for the vector (0, 0).
[[nodiscard]] double turns_of(double x, double y) noexcept;

} // namespace mien::math
