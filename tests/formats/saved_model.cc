#include <gtest/gtest.h>

#include "cornu/error.h"
#include "formats/model_file.h"
#include "support/make_graph.h"
#include "support/make_table.h"
#include "support/temporary_folder.h"
#include "tensorflow/saved_model.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string saved_model(const std::string& graph, int64_t schema = 1) {
  std::string meta;
  protozero::pbf_writer(meta).add_message(2, graph);
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  writer.add_int64(1, schema);
  writer.add_message(2, meta);
  return bytes;
}

TEST(saved_model, is_a_folder_with_a_model_its_variables_and_assets) {
  const test::TemporaryFolder folder;
  write(folder.path() / "saved_model.pb", saved_model(test::make_graph({test::graph_node("x", "NoOp")})));
  write(folder.path() / "variables" / "variables.data-00000-of-00001", "1234");
  write(folder.path() / "variables" / "variables.index",
        test::make_table({{"", test::bundle_header(1)}, {"v", test::bundle_entry(1, {1}, 0, 0, 4)}}));
  write(folder.path() / "assets" / "words.txt", "a\n");
  fs::create_symlink("/etc/hostname", folder.path() / "assets" / "link.txt");
  const formats::ModelFile file = formats::read_model_file(folder.path());
  EXPECT_EQ(file.format, "saved_model");
  ASSERT_EQ(file.variables.size(), 1U);
  EXPECT_TRUE(file.variables[0].tensor.in_place);
  ASSERT_EQ(file.assets.size(), 1U) << "links are no assets";
  EXPECT_EQ(file.assets[0].name, "words.txt");
}

TEST(saved_model, without_its_shard_is_not_found) {
  const test::TemporaryFolder folder;
  write(folder.path() / "saved_model.pb", saved_model(""));
  write(folder.path() / "variables" / "variables.index",
        test::make_table({{"", test::bundle_header(1)}, {"v", test::bundle_entry(1, {1}, 0, 0, 4)}}));
  EXPECT_THROW(formats::read_model_file(folder.path()), Error);
}

TEST(saved_model, of_another_schema_or_without_a_graph_is_refused) {
  const auto code = [](const std::string& bytes) {
    try {
      tensorflow::decode_saved_model(bytes, nullptr, "model");
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  EXPECT_EQ(code(saved_model("", 1)), ErrorCode::internal) << "this one is right";
  EXPECT_EQ(code(saved_model("", 2)), ErrorCode::unsupported);
  EXPECT_EQ(code(""), ErrorCode::bad_file);
  EXPECT_EQ(code("no protocol buffer"), ErrorCode::bad_file);
}

}  // namespace
}  // namespace cornu
