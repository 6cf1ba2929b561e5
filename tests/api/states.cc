// What stateful layers keep: by calls, batches, sessions and models. The answers themselves: tests/layers/stateful.py.
#include <gtest/gtest.h>

#include <cstring>
#include <map>

#include "cornu/model.h"
#include "formats/arrays.h"
#include "support/test_data.h"

namespace cornu {
namespace {

const std::filesystem::path kModel = test::data_folder() / "golden" / "layers" / "stateful.keras";
constexpr int64_t kBatch = 2;
constexpr int64_t kRows = 6;

std::vector<Array> inputs(int64_t begin = 0, int64_t count = kRows) {
  std::vector<Array> found;
  std::filesystem::path npz = kModel;
  std::map<std::string, Tensor> arrays;
  for (const auto& [name, tensor] : formats::read_arrays(npz.replace_extension(".npz")))
    arrays[name] = tensor;
  for (int i = 0; arrays.contains("input_" + std::to_string(i)); ++i) {
    const Tensor& tensor = arrays.at("input_" + std::to_string(i));
    std::vector<int64_t> shape(tensor.shape.begin(), tensor.shape.end());
    const int64_t row_bytes = tensor.size_bytes() / shape[0];
    shape[0] = count;
    found.push_back({tensor.dtype, shape, tensor.data + begin * row_bytes, tensor.owner});
  }
  return found;
}

bool equal(const Array& a, const Array& b) {
  return a.shape == b.shape && std::memcmp(a.data, b.data, static_cast<size_t>(a.size_bytes())) == 0;
}

TEST(States, calls_go_on_from_each_other_until_they_are_reset) {
  const Model model = Model::load(kModel);
  const Array first = model.predict(inputs())[0];
  const Array second = model.predict(inputs())[0];
  EXPECT_FALSE(equal(first, second));
  model.reset_states();
  EXPECT_TRUE(equal(model.predict(inputs())[0], first));
  EXPECT_TRUE(equal(model.predict(inputs())[0], second));
}

TEST(States, sessions_and_loaded_models_have_their_own) {
  const Model model = Model::load(kModel);
  Session session = model.session();
  const Array first = session.run(inputs(0, kBatch))[0];
  EXPECT_FALSE(equal(session.run(inputs(0, kBatch))[0], first));
  EXPECT_TRUE(equal(model.session().run(inputs(0, kBatch))[0], first));
  EXPECT_TRUE(equal(model.predict(inputs(0, kBatch))[0], first));
  EXPECT_TRUE(equal(Model::load(kModel).predict(inputs(0, kBatch))[0], first));
  session.reset_states();
  EXPECT_TRUE(equal(session.run(inputs(0, kBatch))[0], first));
}

TEST(States, one_may_be_set_and_made_zero) {
  const Model model = Model::load(kModel);
  const Array first = model.predict(inputs())[0];
  const std::vector<Array> kept = model.states();
  ASSERT_EQ(kept.size(), model.info().states.size());
  size_t own = 0;  // of the layer that gives output 0
  for (size_t i = 0; i < kept.size(); ++i) {
    if (model.info().layers[model.info().states[i].layer].name == "simple_rnn") own = i;
  }
  const Array second = model.predict(inputs())[0];
  model.reset_states();
  model.set_state(own, kept[own]);
  EXPECT_TRUE(equal(model.predict(inputs())[0], second));
  model.reset_state(own);
  EXPECT_TRUE(equal(model.predict(inputs())[0], first));
  EXPECT_THROW(model.reset_state(kept.size()), Error);
  EXPECT_THROW(model.set_state(kept.size(), kept[0]), Error);
  EXPECT_THROW(model.set_state(0, inputs()[0]), Error);
}

TEST(States, rows_that_are_no_whole_batches_are_bad_shape) {
  const Model model = Model::load(kModel);
  for (const int64_t count : {int64_t{0}, int64_t{1}, int64_t{5}}) {
    try {
      model.predict(inputs(0, count));
      ADD_FAILURE() << count << " rows";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::bad_shape);
      EXPECT_NE(std::string(error.what()).find("a multiple of 2 rows"), std::string::npos) << error.what();
    }
  }
  EXPECT_THROW(model.session().run(inputs()), Error);
}

}  // namespace
}  // namespace cornu
