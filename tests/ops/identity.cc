#include "support/op_cases.h"

namespace cornu::test {
namespace {

TEST(op_identity, gives_its_input) {
  check_op({"identity",
            {},
            {floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                    {2, 3, 4})},
            floats({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24},
                   {2, 3, 4})});
  check_op({"identity", {}, {bools({1, 0, 1, 0, 0, 1}, {2, 3})}, bools({1, 0, 1, 0, 0, 1}, {2, 3})});
  check_op({"identity",
            {},
            {ints({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23},
                  {2, 3, 4}, DType::int16)},
            ints({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23},
                 {2, 3, 4}, DType::int16)});
  check_op({"identity", {}, {floats({}, {0, 2})}, floats({}, {0, 2})});
}

}  // namespace
}  // namespace cornu::test
