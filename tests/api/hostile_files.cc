// Whole models from damaged files: each outcome is an answer or a typed one-line error, and never more memory than the file
// justifies. Everything runs in a child with a limit on its address space, so that an unjustified allocation fails there.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <random>

#include "cornu/model.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;

constexpr rlim_t kMaxBytes = rlim_t{1} << 30;  // program and libraries take 0.1 GB; the models have 0.1 MB

bool sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;  // sanitizers reserve terabytes of addresses for themselves
#else
  return false;
#endif
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_file(const fs::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// Loads and, if that works, predicts one row. False, with the reason on standard error, unless the outcome is one of the two.
bool survives(const fs::path& path, const std::string& what) {
  try {
    LoadOptions options;
    options.threads = 1;
    const Model model = Model::load(path, options);
    std::vector<Array> inputs;
    std::vector<std::vector<float>> values;
    for (const PortInfo& port : model.inputs()) {
      std::vector<int64_t> shape = port.shape;
      int64_t count = 1;
      for (int64_t& dim : shape) count *= dim = dim < 0 ? 1 : dim;
      if (count > 1'000'000) return true;
      values.emplace_back(static_cast<size_t>(count), 0.5F);
      inputs.push_back(Array::view(DType::float32, shape, values.back().data()));
    }
    model.predict(inputs);
    return true;
  } catch (const Error& error) {
    const std::string text = error.what();
    if (error.code() != ErrorCode::internal && text.find('\n') == std::string::npos &&
        !error.message().empty())
      return true;
    std::cerr << what << ": " << error_code_name(error.code()) << ": " << text << '\n';
  } catch (const std::exception& error) {
    std::cerr << what << ": " << error.what() << '\n';
  }
  return false;
}

// The number of failures, counted in a child of little memory; -1 if it died.
int failures_in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit limit{kMaxBytes, kMaxBytes};
    if (!sanitized()) ::setrlimit(RLIMIT_AS, &limit);
    ::_exit(std::min(work(), 100));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class HostileModel : public testing::TestWithParam<const char*> {
 protected:
  const std::string whole_ = read_file(test::digits_folder() / GetParam());
  const test::TemporaryFolder folder_;
  const fs::path path_ = folder_.path() / GetParam();

  int count_failures(int cases, const std::function<std::string(int)>& make) {
    return failures_in_child([&] {
      int failures = 0;
      for (int i = 0; i < cases; ++i) {
        write_file(path_, make(i));
        failures += !survives(path_, std::string(GetParam()) + " case " + std::to_string(i));
      }
      return failures;
    });
  }
};

TEST_P(HostileModel, cut_at_a_thousand_points_is_an_error_or_an_answer) {
  EXPECT_EQ(count_failures(
                1000, [&](int i) { return whole_.substr(0, whole_.size() * static_cast<size_t>(i) / 1000); }),
            0);
}

TEST_P(HostileModel, each_byte_of_the_header_inverted_is_an_error_or_an_answer) {
  EXPECT_EQ(count_failures(1024,
                           [&](int i) {
                             std::string bytes = whole_;
                             bytes[static_cast<size_t>(i)] =
                                 static_cast<char>(~bytes[static_cast<size_t>(i)]);
                             return bytes;
                           }),
            0);
}

TEST_P(HostileModel, random_bytes_changed_anywhere_are_an_error_or_an_answer) {
  std::mt19937 random(20);  // seed 20
  EXPECT_EQ(count_failures(1500,
                           [&](int) {
                             std::string bytes = whole_;
                             for (int k = 0; k < 8; ++k)
                               bytes[random() % bytes.size()] = static_cast<char>(random());
                             return bytes;
                           }),
            0);
}

TEST_P(HostileModel, noise_behind_the_magic_bytes_is_an_error) {
  std::mt19937 random(21);  // seed 21
  EXPECT_EQ(count_failures(200,
                           [&](int i) {
                             std::string bytes = whole_.substr(0, static_cast<size_t>(i % 64));
                             while (bytes.size() < 4096) bytes += static_cast<char>(random());
                             return bytes;
                           }),
            0);
}

TEST_P(HostileModel, a_config_with_other_numbers_is_an_error_or_an_answer) {
  // Every digit of the JSON config becomes another one, which makes sizes of all kinds wrong.
  std::vector<size_t> digits;
  const size_t begin = whole_.find("\"class_name\"");
  ASSERT_NE(begin, std::string::npos);
  for (size_t i = begin; i < std::min(whole_.size(), begin + 12000); ++i) {
    if (std::isdigit(static_cast<unsigned char>(whole_[i])) != 0) digits.push_back(i);
  }
  EXPECT_EQ(count_failures(static_cast<int>(digits.size()) * 2,
                           [&](int i) {
                             std::string bytes = whole_;
                             bytes[digits[static_cast<size_t>(i / 2)]] = i % 2 == 0 ? '9' : '0';
                             return bytes;
                           }),
            0);
}

INSTANTIATE_TEST_SUITE_P(Digits, HostileModel, testing::Values("digits.h5", "digits.keras"),
                         [](const auto& model) { return std::string(model.param).substr(7); });

}  // namespace
}  // namespace cornu
