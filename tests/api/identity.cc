#include "api/identity.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <utility>

#include "cornu/model.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;

const fs::path kDigits = test::digits_folder() / "digits.keras";

fs::path digits(const fs::path& folder) {
  const fs::path path = folder / "digits.keras";
  fs::copy_file(kDigits, path, fs::copy_options::overwrite_existing);
  return path;
}

// The digits model without its file, as a model is whose weights were changed.
Model digits_in_memory() {
  const Model model = Model::load(kDigits);
  return Model::from_config(model.config(), model.weights());
}

std::vector<float> predict(const Model& model) {
  const std::vector<float> image(64, 0.5F);
  const Array input = Array::view(DType::float32, {1, 8, 8, 1}, image.data());
  const Array answer = model.predict(std::span(&input, 1))[0];
  const auto* data = reinterpret_cast<const float*>(answer.data);
  return {data, data + answer.size()};
}

// Runs `work` in a child; whether it returned true.
template <class Work>
bool in_child(Work&& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    bool right = false;
    try {
      right = work();
    } catch (const Error&) {
    }
    ::_exit(right ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return status == 0;
}

TEST(Handle, is_short_and_gives_the_model_back) {
  const test::TemporaryFolder folder;
  const Model model = Model::load(digits(folder.path()));
  EXPECT_LE(model.handle().size(), kMaxHandleBytes);
  const Model again = Model::attach(model.handle());
  EXPECT_EQ(again.info().name, model.info().name);
  EXPECT_EQ(again.handle(), model.handle());
  EXPECT_EQ(predict(again), predict(model));
}

TEST(Handle, of_a_replaced_cut_rewritten_or_deleted_file_is_refused_and_says_which) {
  const test::TemporaryFolder folder;
  const fs::path path = digits(folder.path());
  const std::string handle = Model::load(path).handle();
  const fs::path copy = folder.path() / "copy";
  fs::copy_file(path, copy);
  fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(2));
  test::expect_error(
      ErrorCode::bad_file, [&] { Model::attach(handle); }, "was written to since");
  fs::resize_file(path, 1000);
  test::expect_error(
      ErrorCode::bad_file, [&] { Model::attach(handle); }, "has 1000 bytes now and had");
  fs::rename(copy, path);
  test::expect_error(
      ErrorCode::bad_file, [&] { Model::attach(handle); }, "was replaced by another file");
  fs::remove(path);
  test::expect_error(ErrorCode::not_found, [&] { Model::attach(handle); });
}

TEST(Handle, carries_how_a_graph_was_asked_for) {
  Identity identity;
  identity.path = kDigits.string();
  identity.signature = "a\nname";
  identity.tags = {"serve", ""};
  identity.outputs = {"x:0"};
  identity.config = "{}\n";
  LongHandle kept;
  const Identity again = Identity::from_handle(identity.to_handle(kept));
  EXPECT_EQ(again.signature, identity.signature);
  EXPECT_EQ(again.tags, identity.tags);
  EXPECT_EQ(again.outputs, identity.outputs);
  EXPECT_TRUE(again.feeds.empty());
  EXPECT_EQ(again.config, identity.config);
}

TEST(Handle, carries_the_limits_of_loops) {
  LoadOptions options;
  options.signature = "wait";
  options.max_iterations = 500;
  const Model model = Model::load(test::data_folder() / "golden" / "saved_model" / "endless", options);
  const Model again = Model::attach(model.handle());
  const float one = 1;
  const Array input = Array::view(DType::float32, {}, &one);
  test::expect_error(
      ErrorCode::unsupported, [&] { again.predict(std::span(&input, 1)); }, "500 iterations");
}

TEST(Handle, of_a_saved_model_s_signature_gives_that_signature) {
  const Model model = Model::load(test::digits_folder() / "digits_saved_model");
  for (const SignatureInfo& signature : model.info().signatures) {
    const Model one = model.signature(signature.name);
    EXPECT_LE(one.handle().size(), kMaxHandleBytes);
    EXPECT_EQ(Model::attach(one.handle()).info().signature, signature.name);
  }
}

TEST(Handle, of_a_folder_is_refused_when_a_file_inside_changed) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("model/variables/data", "1234");
  const FileVersion before = FileVersion::of(folder.path() / "model");
  EXPECT_EQ(before.size_bytes, 4U);
  EXPECT_EQ(FileVersion::of(folder.path() / "model"), before);
  fs::last_write_time(file, fs::last_write_time(file) + std::chrono::seconds(2));
  EXPECT_NE(FileVersion::of(folder.path() / "model"), before);
}

TEST(Handle, text_that_is_none_is_bad_argument) {
  for (const std::string text :
       {"", "cornu-handle-3\n", "nonsense\nmore\n", "cornu-handle-3\nfile\nx\n", "cornu-handle-3\nother\n1\n",
        "cornu-handle-3\nfile\n1\n1\n1\n1\n1\n1\n1\n0\n1\n99\nshort",
        "cornu-handle-3\nfile\n1\n1\n1\n1\n1\n1\n1\n0\n1\n1\np0\n9\n"}) {
    test::expect_error(ErrorCode::bad_argument, [&] { Model::attach(text); });
  }
}

TEST(Handle, of_a_long_path_stays_short_and_is_good_while_its_maker_lives) {
  const test::TemporaryFolder folder;
  const fs::path deep = folder.path() / std::string(200, 'a') / std::string(200, 'b') / std::string(200, 'c');
  fs::create_directories(deep);
  std::string handle;
  {
    const Model model = Model::load(digits(deep));
    handle = model.handle();
    EXPECT_LE(handle.size(), kMaxHandleBytes);
    EXPECT_EQ(model.handle(), handle);
    EXPECT_EQ(predict(Model::attach(handle)), predict(model));
    EXPECT_TRUE(in_child([&] { return predict(Model::attach(model.handle())) == predict(model); }))
        << "a child makes a handle of its own";
  }
  test::expect_error(
      ErrorCode::not_found, [&] { Model::attach(handle); }, "has ended");
}

TEST(Handle, of_a_model_without_a_file_shares_its_weights_and_outlives_its_maker) {
  auto model = std::make_unique<Model>(digits_in_memory());
  const std::vector<float> expected = predict(*model);
  const std::string handle = model->handle();
  EXPECT_LE(handle.size(), kMaxHandleBytes);
  EXPECT_EQ(model->handle(), handle);
  auto other = std::make_unique<Model>(Model::attach(handle));
  model.reset();
  EXPECT_EQ(predict(*other), expected);
  const std::string passed_on = other->handle();
  EXPECT_EQ(predict(Model::attach(passed_on)), expected) << "who attached passes the model on";
  EXPECT_TRUE(in_child([&] { return predict(Model::attach(other->handle())) == expected; }));
  other.reset();
  test::expect_error(ErrorCode::not_found, [&] { Model::attach(passed_on); });
}

TEST(Handle, that_leads_to_another_file_of_its_maker_is_refused) {
  auto model = std::make_unique<Model>(digits_in_memory());
  const std::string handle = model->handle();
  int number = 3;  // of the descriptor that the handle leads through
  while (!fs::exists(fmt::format("/proc/self/fd/{}", number)) ||
         handle.find(fmt::format("/fd/{}", number)) == handle.npos ||
         fs::read_symlink(fmt::format("/proc/self/fd/{}", number)).string().find("memfd") ==
             std::string::npos) {
    ++number;
  }
  model.reset();
  ASSERT_EQ(::dup2(STDIN_FILENO, number), number) << "the number is used again";
  test::expect_error(
      ErrorCode::bad_file, [&] { Model::attach(handle); }, "has let the model go");
  ::close(number);
}

TEST(Handle, of_a_model_that_has_no_weights_yet_is_refused) {
  const Model model = Model::from_config(Model::load(kDigits).config(), {});
  EXPECT_FALSE(model.has_weights());
  test::expect_error(
      ErrorCode::bad_argument, [&] { (void)model.handle(); }, "no weights");
}

TEST(Handle, threads_may_be_other_ones) {
  const Model model = Model::load(kDigits);
  EXPECT_EQ(predict(Model::attach(model.handle(), 2)), predict(model));
  test::expect_error(ErrorCode::bad_argument, [&] { Model::attach(model.handle(), 5000); });
}

}  // namespace
}  // namespace cornu
