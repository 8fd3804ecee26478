// SPDX-License-Identifier: Apache-2.0
#include "mien/core/math.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace mien::math {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double ln2_high = 0x1.62e42feep-1; // 33 bits, so that its multiples by an exponent are exact
constexpr double ln2_low = 0x1.a39ef35793c76p-33;

/// sin(pi t) for |t| <= 1/4, by its Taylor series to the 17th power: the next term is below 2^-60.
double sin_small(double t) noexcept {
  const double x = pi * t;
  const double x2 = x * x;
  double sum = 0;
  for (int k = 17; k >= 3; k -= 2) sum = (1.0 + sum) * (-x2 / (k * (k - 1)));
  return x * (1.0 + sum);
}

/// cos(pi t) for |t| <= 1/4, likewise.
double cos_small(double t) noexcept {
  const double x = pi * t;
  const double x2 = x * x;
  double sum = 0;
  for (int k = 18; k >= 2; k -= 2) sum = (1.0 + sum) * (-x2 / (k * (k - 1)));
  return 1.0 + sum;
}

} // namespace

double exp(double x) noexcept {
  if (std::isnan(x)) return x;
  if (x > 709.782712893384) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0.0;
  const double k = std::nearbyint(x / (ln2_high + ln2_low)); // x = k ln 2 + r, |r| <= 0.35
  const double r = (x - k * ln2_high) - k * ln2_low;
  double sum = 0;
  for (int n = 14; n >= 1; --n) sum = (1.0 + sum) * (r / n); // Taylor: the next term is below 2^-60
  return std::ldexp(1.0 + sum, static_cast<int>(k));
}

double log(double x) noexcept {
  if (std::isnan(x) || x < 0) return std::numeric_limits<double>::quiet_NaN();
  if (x == 0) return -std::numeric_limits<double>::infinity();
  if (std::isinf(x)) return x;
  int exponent = 0;
  double m = std::frexp(x, &exponent); // [1/2, 1)
  if (m < 0x1.6a09e667f3bcdp-1) {      // below sqrt(1/2): keep m near 1
    m *= 2;
    --exponent;
  }
  // log m = 2 artanh z = 2 (z + z^3/3 + z^5/5 + ...), |z| <= 0.172
  const double z = (m - 1) / (m + 1);
  const double z2 = z * z;
  double sum = 0;
  for (int n = 23; n >= 3; n -= 2) sum = (sum + 1.0 / n) * z2;
  return exponent * ln2_high + (exponent * ln2_low + 2 * (z + z * sum));
}

double pow(double base, long long exponent) noexcept {
  const bool inverse = exponent < 0;
  double result = 1;
  for (auto n = inverse ? 0ULL - static_cast<unsigned long long>(exponent) : static_cast<unsigned long long>(exponent);
       n != 0; n >>= 1, base *= base) {
    if (n & 1) result *= base;
  }
  return inverse ? 1 / result : result;
}

double sin_turns(double turns) noexcept {
  const double t = 2 * (turns - std::floor(turns)); // half turns, [0, 2)
  const double quadrant = std::floor(2 * t + 0.5);  // nearest quarter turn, 0 to 4
  const double rest = t - quadrant / 2;             // |rest| <= 1/4
  switch (static_cast<int>(quadrant) & 3) {
  case 0: return sin_small(rest);
  case 1: return cos_small(rest);
  case 2: return -sin_small(rest);
  default: return -cos_small(rest);
  }
}

double cos_turns(double turns) noexcept { return sin_turns(turns + 0.25); }

double turns_of(double x, double y) noexcept {
  const double size = std::max(std::abs(x), std::abs(y));
  if (size == 0) return 0;
  x /= size;
  y /= size;
  const double length = std::sqrt(x * x + y * y); // IEEE 754 rounds it alike everywhere
  double turns = x >= std::abs(y) ? 0.0 : y >= std::abs(x) ? 0.25 : y <= -std::abs(x) ? -0.25 : y < 0 ? -0.5 : 0.5;
  for (int i = 0; i < 4; ++i) { // the error is at most 1/8 turn, and each pass leaves about its fifth power
    const double sine = (y * cos_turns(turns) - x * sin_turns(turns)) / length; // of the angle still missing
    turns += sine * (1 + sine * sine / 6) / (2 * pi);
  }
  return turns;
}

} // namespace mien::math
