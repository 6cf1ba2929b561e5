// Which instruction sets the kernels are compiled for. To be included before any header of Highway.
#pragma once

// x86 without AVX2 is served by the portable form (every x86 server since 2015 has AVX2): less code and build
// time. SVE and RVV have vectors of unknown size, of which no arrays can be made: NEON serves all of arm64.
#define HWY_DISABLED_TARGETS \
  (HWY_SSSE3 | HWY_SSE4 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
