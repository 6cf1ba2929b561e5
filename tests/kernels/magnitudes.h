// Inputs and errors for functions of one number.
#pragma once

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace cornu::kernels {

// Every 9973rd float from 0 to infinity, and their negatives.
inline std::vector<float> all_magnitudes() {
  std::vector<float> values;
  for (uint32_t bits = 0; bits <= std::bit_cast<uint32_t>(INFINITY); bits += 9973) {
    values.push_back(std::bit_cast<float>(bits));
    values.push_back(-values.back());
  }
  // Densely where functions bend.
  for (int i = -120000; i <= 120000; i++) values.push_back(static_cast<float>(i) * 0.001F);
  return values;
}

// Distance in units in the last place of the exact value; values below 2^least count like 2^least.
inline double error_in_units(float actual, double exact, int least) {
  if (std::isnan(exact)) return std::isnan(actual) ? 0 : 1e9;
  const double largest = std::numeric_limits<float>::max();
  if (std::abs(exact) > largest) return std::abs(actual) >= largest && (actual > 0) == (exact > 0) ? 0 : 1e9;
  const double unit = std::ldexp(1.0, std::max(std::ilogb(exact == 0 ? 1e-45 : exact), least) - 23);
  return std::abs(static_cast<double>(actual) - exact) / unit;
}

}  // namespace cornu::kernels
