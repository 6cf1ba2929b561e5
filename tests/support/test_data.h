// Where the tests' data lies: the folder tests/ of the source tree.
#pragma once

#include <filesystem>

namespace cornu::test {

std::filesystem::path data_folder();

// examples/digits, with the small trained model in every format.
std::filesystem::path digits_folder();

}  // namespace cornu::test
