// Whole object graphs are in tests/export/strip_saved_model.cc.
#include "export/strip_objects.h"

#include <gtest/gtest.h>

#include "export/proto_fields.h"
#include "support/expect_error.h"

#include <protozero/pbf_writer.hpp>

namespace cornu::exporting {
namespace {

struct Link {
  int node;
  std::string name;
};

std::string object(const std::vector<Link>& children, uint32_t kind, const std::string& content) {
  std::string bytes;
  protozero::pbf_writer out(bytes);
  for (const Link& link : children) {
    protozero::pbf_writer child(out, 1);
    child.add_int32(1, link.node);
    child.add_string(2, link.name);
  }
  if (kind != 0) out.add_message(kind, content);
  return bytes;
}

std::string message(uint32_t tag, const std::string& text) {
  std::string bytes;
  protozero::pbf_writer(bytes).add_string(tag, text);
  return bytes;
}

// 0 root -> 1 optimizer -> 2 its variable; 0 -> 3 variable that f binds; 0 -> 4 signatures -> 5 f
std::string graph(int bound) {
  std::string bytes;
  protozero::pbf_writer out(bytes);
  const std::string user = message(1, "_generic_user_object");
  out.add_message(1, object({{1, "optimizer"}, {3, "w"}, {4, "signatures"}}, 4, user));
  out.add_message(1, object({{2, "m"}}, 4, user));
  out.add_message(1, object({}, 7, message(6, "m")));
  out.add_message(1, object({}, 7, message(6, "w")));
  out.add_message(1, object({{5, "serving_default"}}, 4, message(1, "signature_map")));
  out.add_message(1, object({}, 8, message(1, "f")));
  std::string function;
  protozero::pbf_writer(function).add_int32(2, bound);
  std::string entry;
  protozero::pbf_writer(entry).add_string(1, "f");
  protozero::pbf_writer(entry).add_message(2, function);
  out.add_message(2, entry);
  return bytes;
}

std::string checkpoint() {
  const auto with_key = [](const std::string& key) { return message(3, key); };
  std::string bytes;
  protozero::pbf_writer out(bytes);
  out.add_message(1, object({{1, "optimizer"}, {2, "w"}}, 0, ""));
  out.add_message(1, object({{3, "m"}}, 0, ""));
  out.add_message(1, object({}, 2, with_key("w/key")));
  out.add_message(1, object({}, 2, with_key("m/key")));
  return bytes;
}

TEST(StripObjects, what_no_signature_binds_goes_and_the_rest_gets_new_numbers) {
  const std::string objects = graph(3);
  const std::string stored = checkpoint();
  StripTally tally;
  const StrippedObjects out = strip_objects({objects, stored, {}, "m"}, {}, tally);
  EXPECT_EQ(out.keys, (std::set<std::string_view>{"w/key"}));
  EXPECT_EQ(out.functions, (std::vector<std::string_view>{"f"}));
  const auto fields = proto_fields(out.objects, "m");
  EXPECT_EQ(proto_all(fields, 1).size(), 4U);  // root, w, signatures, f
  const auto function = proto_fields(map_entry(proto_text(fields, 2)).second, "m");
  EXPECT_EQ(proto_numbers(function, 2), (std::vector<int64_t>{1}));
  EXPECT_EQ(proto_all(proto_fields(out.checkpoint, "m"), 1).size(), 4U);
}

TEST(StripObjects, all_variables_stay_where_the_options_say) {
  const std::string objects = graph(3);
  const std::string stored = checkpoint();
  StripTally tally;
  const StrippedObjects out = strip_objects({objects, stored, {}, "m"}, {{"optimizer"}}, tally);
  EXPECT_EQ(out.keys, (std::set<std::string_view>{"m/key", "w/key"}));
}

TEST(StripObjects, numbers_of_no_object_and_cut_messages_are_survived) {
  const std::string stored = checkpoint();
  for (const int bound : {-1, 77, 0}) {
    const std::string objects = graph(bound);
    StripTally tally;
    EXPECT_FALSE(strip_objects({objects, stored, {}, "m"}, {}, tally).objects.empty());
  }
  const std::string objects = graph(3);
  StripTally tally;
  test::expect_error(ErrorCode::bad_file, [&] {
    strip_objects({std::string_view(objects).substr(0, 40), stored, {}, "m"}, {}, tally);
  });
}

}  // namespace
}  // namespace cornu::exporting
