#include "tensorflow/object_graph.h"

#include <gtest/gtest.h>

#include <protozero/pbf_writer.hpp>

#include "base/fail.h"

namespace cornu::tensorflow {
namespace {

using protozero::pbf_writer;

void add_child(pbf_writer& object, const std::string& name, int32_t number) {
  pbf_writer reference(object, 1);
  reference.add_int32(1, number);
  reference.add_string(2, name);
}

// root -> layer -> kernel (a variable); function "f" captures the variable `captured`.
std::string saved_objects(int32_t captured) {
  std::string bytes;
  pbf_writer graph(bytes);
  {
    pbf_writer root(graph, 1);
    add_child(root, "layer", 1);
  }
  {
    pbf_writer layer(graph, 1);
    add_child(layer, "kernel", 2);
    pbf_writer user(layer, 4);
    user.add_string(1, "_tf_keras_layer");
  }
  {
    pbf_writer kernel(graph, 1);
    pbf_writer variable(kernel, 7);
    variable.add_bool(3, true);
    variable.add_string(6, "dense/kernel");
  }
  pbf_writer entry(graph, 2);
  entry.add_string(1, "f");
  pbf_writer function(entry, 2);
  const int32_t captures[] = {captured};
  function.add_packed_int32(2, std::begin(captures), std::end(captures));
  return bytes;
}

// The same objects as a checkpoint has them: other numbers.
std::string stored_objects() {
  std::string bytes;
  pbf_writer graph(bytes);
  {
    pbf_writer root(graph, 1);
    add_child(root, "layer", 2);
  }
  {
    pbf_writer kernel(graph, 1);
    pbf_writer attribute(kernel, 2);
    attribute.add_string(1, "VARIABLE_VALUE");
    attribute.add_string(3, "layer/kernel/.ATTRIBUTES/VARIABLE_VALUE");
  }
  pbf_writer layer(graph, 1);
  add_child(layer, "kernel", 1);
  return bytes;
}

TEST(ObjectGraph, objects_are_found_by_path_and_variables_by_their_place_in_the_checkpoint) {
  const ObjectGraph graph = decode_object_graph(saved_objects(2), "m");
  ASSERT_EQ(graph.objects.size(), 3U);
  EXPECT_EQ(graph.find("root.layer.kernel"), 2U);
  EXPECT_EQ(graph.find("root.layer.bias"), graph.objects.size());
  EXPECT_EQ(graph.objects[1].identifier, "_tf_keras_layer");
  EXPECT_EQ(graph.objects[2].name, "dense/kernel");
  EXPECT_TRUE(graph.objects[2].trainable);
  EXPECT_EQ(graph.captures.at("f"), std::vector<size_t>{2});
  const auto keys = checkpoint_keys(graph, stored_objects(), "m");
  EXPECT_EQ(keys, (std::vector<std::string>{"", "", "layer/kernel/.ATTRIBUTES/VARIABLE_VALUE"}));
}

TEST(ObjectGraph, a_reference_beyond_the_objects_is_bad_file) {
  EXPECT_THROW(decode_object_graph(saved_objects(3), "m"), Error);
  EXPECT_THROW(decode_object_graph(saved_objects(-1), "m"), Error);
}

TEST(ObjectGraph, cut_bytes_are_bad_file_or_hold_fewer_objects) {
  const std::string whole = saved_objects(2);
  for (size_t size = 0; size < whole.size(); ++size) {
    try {
      EXPECT_LE(decode_object_graph(whole.substr(0, size), "m").objects.size(), 3U);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::bad_file);
    }
  }
}

}  // namespace
}  // namespace cornu::tensorflow
