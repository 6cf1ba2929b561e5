// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cornu {

// "major.minor.patch" of the library, as in pyproject.toml.
const char* version() noexcept;

}  // namespace cornu
