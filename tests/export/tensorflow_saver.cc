#include "export/tensorflow_saver.h"

#include <gtest/gtest.h>

namespace cornu::exporting {
namespace {

std::string names_of(const TfSaver& saver) {
  std::string names;
  for (const TfNode& node : saver.nodes) names += node.name + " ";
  return names;
}

TEST(TensorflowSaver, resources_are_read_and_assigned_and_references_are_used_as_they_are) {
  const std::vector<SaverVariable> variables = {{"a", "ka", {1}}, {"b", "kb", {1}, false}};
  const TfSaver saver = make_saver("s/", "file", variables);
  EXPECT_EQ(names_of(saver),
            "s/read_0 s/assign_0 s/assign_1 s/names s/slices s/restore s/save s/restored s/written ");
  EXPECT_EQ(saver.nodes[2].op, "Assign");
  EXPECT_EQ(saver.nodes[2].inputs, (std::vector<std::string>{"b", "s/restore:1"}));
  EXPECT_EQ(saver.nodes[6].inputs,
            (std::vector<std::string>{"file", "s/names", "s/slices", "s/read_0", "b"}));
  EXPECT_EQ(saver.restore, "s/restored");
  EXPECT_EQ(saver.save, "s/written:0");
}

TEST(TensorflowSaver, a_model_without_variables_reads_no_file) {
  const TfSaver saver = make_saver("s/", "file", {});
  EXPECT_EQ(names_of(saver), "s/restored s/written ");
}

}  // namespace
}  // namespace cornu::exporting
