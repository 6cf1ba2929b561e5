// The four functions that Highway's headers need for the choice of an instruction set at run time. They are libhwy's in name and
// meaning; libhwy itself is not linked because, in the release of Debian 12, loading it measures the resolution of the
// clock: 5 ms in every process, as long as everything else that a process does before its first layer.
#include <atomic>

#include "kernels/simd_targets.h"
// After simd_targets.h.
#include <hwy/highway.h>

#if HWY_ARCH_X86
#include <cpuid.h>
#endif

namespace hwy {
namespace {

std::atomic<int64_t> mocked{0};
std::atomic<int64_t> disabled{0};

#if HWY_ARCH_X86

constexpr unsigned kF16c = 1U << 29;  // of ecx, leaf 1
constexpr unsigned kLzcnt = 1U << 5;  // of ecx, leaf 0x80000001

unsigned leaf_ecx(unsigned leaf) {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid(leaf, &eax, &ebx, &ecx, &edx) != 0 ? ecx : 0;
}

// What the system saves at a change of threads is part of what the compiler's own detection asks.
int64_t detect() {
  int64_t targets = HWY_ENABLED_BASELINE;
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
      __builtin_cpu_supports("bmi2") && (leaf_ecx(1) & kF16c) != 0 && (leaf_ecx(0x80000001U) & kLzcnt) != 0) {
    targets |= HWY_AVX2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
      targets |= HWY_AVX3;
    }
  }
  return targets;
}

#else

int64_t detect() {
  return HWY_ENABLED_BASELINE;  // NEON is part of every arm64
}

#endif

}  // namespace

int64_t SupportedTargets() {
  static const int64_t detected = detect();
  const int64_t targets = mocked.load() != 0 ? mocked.load() : detected;
  const int64_t enabled = targets & ~disabled.load();
  return enabled != 0 ? enabled : HWY_STATIC_TARGET;
}

void DisableTargets(int64_t disabled_targets) {
  disabled = disabled_targets & ~static_cast<int64_t>(HWY_ENABLED_BASELINE);
  GetChosenTarget().DeInit();  // the next dispatch chooses anew
}

void SetSupportedTargetsForTest(int64_t targets) {
  mocked = targets;
  GetChosenTarget().DeInit();
}

ChosenTarget& GetChosenTarget() {
  static ChosenTarget chosen;
  return chosen;
}

}  // namespace hwy
