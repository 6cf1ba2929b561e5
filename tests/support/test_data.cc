#include "support/test_data.h"

namespace cornu::test {

std::filesystem::path data_folder() {
  return CORNU_TEST_DATA;
}

std::filesystem::path digits_folder() {
  return data_folder().parent_path() / "examples" / "digits";
}

}  // namespace cornu::test
