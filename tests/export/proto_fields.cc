#include "export/proto_fields.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"

namespace cornu::exporting {
namespace {

// 1: 5, 2: "ab", 3: 1, 2: "c", 4 packed: 7 300
constexpr std::string_view kMessage(
    "\x08\x05\x12\x02"
    "ab\x18\x01\x12\x01"
    "c\x22\x03\x07\xac\x02",
    16);

TEST(ProtoFields, fields_are_views_that_make_up_the_message) {
  const auto fields = proto_fields(kMessage, "m");
  ASSERT_EQ(fields.size(), 5U);
  std::string joined;
  for (const ProtoField& field : fields) joined += field.raw;
  EXPECT_EQ(joined, kMessage);
  EXPECT_EQ(fields[1].raw, std::string_view("\x12\x02"
                                            "ab"));
  EXPECT_EQ(proto_text(fields, 2), "c");
  EXPECT_EQ(proto_all(fields, 2), (std::vector<std::string_view>{"ab", "c"}));
  EXPECT_EQ(proto_number(fields, 1), 5);
  EXPECT_EQ(proto_numbers(fields, 3), (std::vector<int64_t>{1}));
  EXPECT_EQ(proto_numbers(fields, 4), (std::vector<int64_t>{7, 300}));
  EXPECT_EQ(proto_text(fields, 9), "");
}

TEST(ProtoFields, a_message_that_is_cut_is_bad_file) {
  for (const size_t size : {1U, 3U, 5U, 12U})
    test::expect_error(
        ErrorCode::bad_file, [&] { proto_fields(kMessage.substr(0, size), "m"); }, "m");
}

}  // namespace
}  // namespace cornu::exporting
