#include "cornu/pool.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "support/test_data.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const fs::path kDigits = test::digits_folder() / "digits.keras";
constexpr int kKills = 60;  // CORNU_KILLS asks for more

std::vector<float> image(int number) {
  std::vector<float> pixels(64);
  for (int i = 0; i < 64; ++i) pixels[static_cast<size_t>(i)] = static_cast<float>((i * number) % 17);
  return pixels;
}

Array view(const std::vector<float>& pixels) {
  return Array::view(DType::float32, {static_cast<int64_t>(pixels.size()) / 64, 8, 8, 1}, pixels.data());
}

std::vector<float> floats(const std::vector<Array>& answers) {
  const auto* data = reinterpret_cast<const float*>(answers.at(0).data);
  return {data, data + answers[0].size()};
}

std::vector<float> answer_of(const Model& model, int number) {
  const std::vector<float> pixels = image(number);
  const Array input = view(pixels);
  return floats(model.predict(std::span(&input, 1)));
}

Reply submit(Pool& pool, int number, const RequestOptions& options = {}) {
  const std::vector<float> pixels = image(number);
  const Array input = view(pixels);
  return pool.submit(std::span(&input, 1), options);
}

// Whether the process exists and is no zombie.
bool lives(pid_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  if (!std::getline(stat, line)) return false;
  return line.substr(line.rfind(')') + 2, 1) != "Z";
}

// Waits until `done` holds; false after a minute.
template <class Done>
bool eventually(Done&& done) {
  for (int i = 0; i < 6000; ++i) {
    if (done()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

size_t open_descriptors() {
  return static_cast<size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

class PoolTest : public ::testing::Test {
 protected:
  const Model model_ = Model::load(kDigits);
};

TEST_F(PoolTest, answers_are_those_of_the_model) {
  Pool pool(model_, 3);
  EXPECT_EQ(pool.workers().size(), 3U);
  std::vector<float> pixels;
  for (int i = 0; i < 50; ++i) {
    const std::vector<float> one = image(i);
    pixels.insert(pixels.end(), one.begin(), one.end());
  }
  const Array input = view(pixels);
  for (const int64_t batch : {1, 7, 32, 50, 1000}) {
    EXPECT_EQ(floats(pool.predict(std::span(&input, 1), batch)),
              floats(model_.predict(std::span(&input, 1), batch)))
        << "batch " << batch;
  }
  EXPECT_EQ(pool.predict(std::span(&input, 1))[0].shape, (std::vector<int64_t>{50, 10}));
  EXPECT_EQ(floats(submit(pool, 5).get()), answer_of(model_, 5));
  const Array none = Array::view(DType::float32, {0, 8, 8, 1}, pixels.data());
  EXPECT_EQ(pool.predict(std::span(&none, 1))[0].shape, (std::vector<int64_t>{0, 10}));
}

TEST_F(PoolTest, many_requests_of_many_threads_are_answered_right) {
  Pool pool(model_, 2, {.threads_per_worker = 1, .max_pending = 3});
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 40; ++i) {
        if (floats(submit(pool, t * 100 + i).get()) != answer_of(model_, t * 100 + i)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(PoolTest, more_unfetched_answers_than_places_do_not_hang) {
  Pool pool(model_, 1, {.max_pending = 2});
  std::vector<Reply> replies;
  for (int i = 0; i < 20; ++i) replies.push_back(submit(pool, i));
  for (int i = 19; i >= 0; --i)
    EXPECT_EQ(floats(replies[static_cast<size_t>(i)].get()), answer_of(model_, i));
}

TEST_F(PoolTest, for_each_numbers_the_answers) {
  Pool pool(model_, 2);
  std::map<int64_t, std::vector<float>> answers;
  std::vector<float> pixels;
  int next = 0;
  pool.for_each(
      [&]() -> std::optional<std::vector<Array>> {
        if (next == 30) return std::nullopt;
        pixels = image(next++);
        return std::vector<Array>{view(pixels)};
      },
      [&](int64_t number, std::vector<Array> arrays) { answers[number] = floats(arrays); });
  ASSERT_EQ(answers.size(), 30U);
  for (const auto& [number, answer] : answers) EXPECT_EQ(answer, answer_of(model_, static_cast<int>(number)));
}

TEST_F(PoolTest, an_error_of_a_request_is_thrown_and_the_worker_goes_on) {
  Pool pool(model_, 1);
  const std::vector<pid_t> before = pool.workers();
  const std::vector<float> pixels(70);
  const Array wrong = Array::view(DType::float32, {1, 7, 10, 1}, pixels.data());
  test::expect_error(
      ErrorCode::bad_shape, [&] { pool.predict(std::span(&wrong, 1)); }, "the model takes (None, 8, 8, 1)");
  test::expect_error(ErrorCode::bad_shape, [&] { pool.predict({}); });
  EXPECT_EQ(floats(submit(pool, 1).get()), answer_of(model_, 1));
  EXPECT_EQ(pool.workers(), before);
}

TEST_F(PoolTest, a_killed_worker_is_replaced_and_its_request_runs_again) {
  Pool pool(model_, 1);
  const pid_t first = pool.workers().at(0);
  ::kill(first, SIGSTOP);  // it cannot answer before it dies
  Reply reply = submit(pool, 3);
  EXPECT_FALSE(reply.wait_for(1ms));
  ::kill(first, SIGKILL);
  EXPECT_EQ(floats(reply.get()), answer_of(model_, 3));
  EXPECT_NE(pool.workers().at(0), first);
  EXPECT_FALSE(lives(first));
}

TEST_F(PoolTest, a_timeout_is_reported_and_a_worker_that_goes_on_is_replaced) {
  Pool pool(model_, 1);
  const pid_t first = pool.workers().at(0);
  ::kill(first, SIGSTOP);
  Reply reply = submit(pool, 3, {.timeout = 10ms});
  test::expect_error(kTimedOut, [&] { reply.get(); });
  ::kill(first, SIGCONT);
  EXPECT_EQ(floats(submit(pool, 4).get()), answer_of(model_, 4));
}

TEST_F(PoolTest, a_request_that_nobody_has_begun_is_cancelled) {
  Pool pool(model_, 1);
  const pid_t worker = pool.workers().at(0);
  ::kill(worker, SIGSTOP);
  Reply reply = submit(pool, 1);
  EXPECT_TRUE(reply.cancel());
  test::expect_error(
      ErrorCode::bad_argument, [&] { reply.get(); }, "cancelled");
  ::kill(worker, SIGCONT);
  Reply answered = submit(pool, 2);
  EXPECT_TRUE(answered.wait_for(1h));
  EXPECT_FALSE(answered.cancel());
  EXPECT_EQ(floats(answered.get()), answer_of(model_, 2));
}

TEST_F(PoolTest, close_answers_what_was_asked_and_leaves_nothing) {
  const size_t before = open_descriptors();
  std::vector<pid_t> workers;
  {
    Pool pool(model_, 2, {.max_pending = 10});
    workers = pool.workers();
    std::vector<Reply> replies;
    for (int i = 0; i < 10; ++i) replies.push_back(submit(pool, i));
    pool.close();
    for (int i = 0; i < 10; ++i)
      EXPECT_EQ(floats(replies[static_cast<size_t>(i)].get()), answer_of(model_, i));
    test::expect_error(
        ErrorCode::bad_argument, [&] { submit(pool, 1); }, "closed");
    pool.close();
  }
  for (const pid_t worker : workers) EXPECT_FALSE(fs::exists("/proc/" + std::to_string(worker)));
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(PoolTest, its_end_drops_requests_and_a_reply_may_live_longer) {
  std::optional<Reply> reply;
  pid_t worker = 0;
  {
    Pool pool(model_, 1);
    worker = pool.workers().at(0);
    ::kill(worker, SIGSTOP);
    reply = submit(pool, 1);
  }
  EXPECT_FALSE(fs::exists("/proc/" + std::to_string(worker)));
  test::expect_error(
      kWorkerDied, [&] { reply->get(); }, "ended before");
}

#if !defined( \
    __SANITIZE_THREAD__)  // ThreadSanitizer cannot start threads in the child of a program with threads

TEST_F(PoolTest, workers_and_their_memory_end_with_a_killed_owner) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t owner = ::fork();
  if (owner == 0) {
    Pool pool(model_, 2);
    const std::vector<pid_t> workers = pool.workers();
    (void)!::write(ends[1], workers.data(), 2 * sizeof(pid_t));
    while (true) ::pause();
  }
  pid_t workers[2] = {0, 0};
  ASSERT_EQ(::read(ends[0], workers, sizeof(workers)), static_cast<ssize_t>(sizeof(workers)));
  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  for (const pid_t worker : workers) EXPECT_TRUE(eventually([&] { return !lives(worker); }));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(PoolTest, a_forked_child_is_refused_and_does_no_harm) {
  Pool pool(model_, 1);
  const pid_t child = ::fork();
  if (child == 0) {
    int right = 0;
    try {
      submit(pool, 1);
    } catch (const Error& error) {
      right += error.code() == ErrorCode::bad_argument ? 1 : 0;
    }
    Pool own(model_, 1);
    right += floats(submit(own, 2).get()) == answer_of(model_, 2) ? 1 : 0;
    pool.~Pool();
    own.~Pool();
    ::_exit(right == 2 ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(floats(submit(pool, 1).get()), answer_of(model_, 1));
}

#endif

TEST_F(PoolTest, wrong_numbers_are_named) {
  test::expect_error(
      ErrorCode::bad_argument, [&] { Pool(model_, 0); }, "a pool has 1 to 4096 workers, received 0");
  test::expect_error(ErrorCode::bad_argument, [&] { Pool(model_, -3); });
  test::expect_error(ErrorCode::bad_argument, [&] { Pool(model_, 4097); });
  test::expect_error(ErrorCode::bad_argument, [&] { Pool(model_, 1, {.threads_per_worker = -1}); });
  test::expect_error(
      ErrorCode::bad_argument, [&] { Pool(model_, 1, {.threads_per_worker = 5000}); }, "threads");
  test::expect_error(ErrorCode::bad_argument, [&] { Pool(model_, 1, {.max_pending = -1}); });
  Pool pool(model_, 1);
  test::expect_error(ErrorCode::bad_argument, [&] { pool.predict({}, -1); });
}

TEST_F(PoolTest, a_program_that_is_missing_or_no_worker_is_an_error) {
  test::expect_error(ErrorCode::not_found, [&] { Pool(model_, 1, {.program = "/nowhere/cornu"}); });
  test::expect_error(
      kWorkerDied, [&] { Pool(model_, 1, {.program = "/bin/true"}); },
      "ended with status 0 before it had loaded the model");
}

TEST_F(PoolTest, a_file_that_was_replaced_meanwhile_is_an_error_of_the_start) {
  const test::TemporaryFolder folder;
  const fs::path path = folder.path() / "digits.keras";
  fs::copy_file(kDigits, path);
  const Model model = Model::load(path);
  fs::last_write_time(path, fs::last_write_time(path) + 2s);
  test::expect_error(
      ErrorCode::bad_file, [&] { Pool(model, 2); }, "was written to since");
}

TEST_F(PoolTest, workers_that_can_no_longer_be_replaced_are_reported_when_none_is_left) {
  const test::TemporaryFolder folder;
  const fs::path path = folder.path() / "digits.keras";
  fs::copy_file(kDigits, path);
  const Model model = Model::load(path);
  Pool pool(model, 2);
  fs::remove(path);
  ::kill(pool.workers().at(0), SIGKILL);
  EXPECT_TRUE(eventually([&] { return pool.workers().size() == 1; }));
  EXPECT_EQ(floats(submit(pool, 1).get()), answer_of(model, 1)) << "the other one goes on";
  const pid_t last = pool.workers().at(0);
  ::kill(last, SIGSTOP);
  Reply reply = submit(pool, 2);
  ::kill(last, SIGKILL);
  test::expect_error(ErrorCode::not_found, [&] { reply.get(); });
  test::expect_error(ErrorCode::not_found, [&] { submit(pool, 3); });
}

TEST_F(PoolTest, a_model_that_has_no_file_is_served) {
  const Model model = Model::from_config(model_.config(), model_.weights());
  Pool pool(model, 2);
  EXPECT_EQ(floats(submit(pool, 1).get()), answer_of(model, 1));
}

// Kills workers at random moments, while they load, run and stop, and counts what becomes of the requests.
TEST_F(PoolTest, random_kills_lose_no_request) {
  const char* wanted = std::getenv("CORNU_KILLS");
  const int kills = wanted == nullptr ? kKills : std::atoi(wanted);
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const size_t descriptors = open_descriptors();
  int killed = 0;
  int64_t answered = 0;
  int64_t reported = 0;
  int64_t asked = 0;
  while (killed < kills) {
    Pool pool(model_, 3, {.threads_per_worker = 1});
    std::atomic<bool> stop{false};
    std::thread killer([&] {
      for (int i = 0; i < 15; ++i) {
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 8000));
        const std::vector<pid_t> workers = pool.workers();
        if (!workers.empty() && ::kill(workers[random() % workers.size()], SIGKILL) == 0) ++killed;
      }
      stop = true;
    });
    std::vector<Reply> replies;
    int number = 0;
    while (!stop) {
      replies.push_back(submit(pool, number++));
      if (replies.size() > 50) {
        Reply& reply = replies[replies.size() - 40];
        (void)reply.wait_for(1h);
      }
    }
    asked += static_cast<int64_t>(replies.size());
    for (size_t i = 0; i < replies.size(); ++i) {
      try {
        const std::vector<float> answer = floats(replies[i].get());
        if (i % 50 == 0) {
          EXPECT_EQ(answer, answer_of(model_, static_cast<int>(i)));
        }
        ++answered;
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), kWorkerDied) << error.what();
        ++reported;
      }
    }
    killer.join();
    if (random() % 2 == 0) {
      std::thread last([&] {
        for (const pid_t worker : pool.workers()) ::kill(worker, SIGKILL);
      });
      last.join();
      pool.close();
    }
  }
  EXPECT_EQ(answered + reported, asked);
  EXPECT_GT(answered, 0);
  EXPECT_EQ(open_descriptors(), descriptors);
}

}  // namespace
}  // namespace cornu
