// Which instruction sets the kernels are compiled for. To be included before any header of Highway.
#pragma once

// x86 without AVX2 is served by the portable form (every x86 server since 2015 has AVX2): less code and build
// time.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4)
