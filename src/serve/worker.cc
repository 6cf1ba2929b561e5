#include "serve/worker.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "api/message.h"
#include "base/fail.h"
#include "cornu/model.h"
#include "serve/segment.h"

namespace cornu::serve {
namespace {

constexpr std::chrono::seconds kIdle{5};  // between looks at an owner that may be gone
constexpr int kEverybody = 1 << 30;

// Calls `work`; the error it throws, if any, whatever its kind.
template <class Work>
std::optional<Error> error_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return Error(ErrorCode::out_of_memory, "memory is exhausted", "a worker of the pool");
  } catch (const std::exception& error) {
    return Error(ErrorCode::internal, error.what(), "a worker of the pool");
  }
  return std::nullopt;
}

class Worker {
 public:
  Worker(const Segment& segment, uint16_t seat, const Model& model)
      : segment_(segment), seat_(seat), model_(model), memories_(segment.slots().size()) {}

  // Answers one request; false if none is queued.
  bool answer_one() {
    const std::optional<size_t> slot = claim();
    if (!slot) return false;
    const std::optional<Error> error = error_of([&] { answer(*slot); });
    if (error) answer_error(*slot, *error);
    Slot& answered = segment_.slots()[*slot];
    uint64_t word = answered.state.load();
    const SlotState state = SlotState::unpack(word);
    answered.state.compare_exchange_strong(word, state.with(Phase::done, seat_).pack());
    raise(segment_.header().events, kEverybody);
    return true;
  }

 private:
  // The oldest queued request becomes ours.
  std::optional<size_t> claim() {
    while (true) {
      std::optional<size_t> best;
      uint64_t best_word = 0;
      uint64_t best_order = 0;
      const std::span<Slot> slots = segment_.slots();
      for (size_t i = 0; i < slots.size(); ++i) {
        const uint64_t word = slots[i].state.load();
        if (SlotState::unpack(word).phase != Phase::queued) continue;
        const uint64_t order = slots[i].order.load();
        if (best && order >= best_order) continue;
        best = i;
        best_word = word;
        best_order = order;
      }
      if (!best) return std::nullopt;
      const SlotState mine = SlotState::unpack(best_word).with(Phase::running, seat_);
      if (slots[*best].state.compare_exchange_strong(best_word, mine.pack())) return best;
    }
  }

  void answer(size_t i) {
    Slot& slot = segment_.slots()[i];
    const uint64_t request_bytes = slot.request_bytes;
    std::byte* memory = memories_[i].at_least(segment_, i, request_bytes);
    const std::vector<Array> inputs = read_message({memory, request_bytes});
    const std::vector<Array> answers = model_.predict(inputs, slot.batch_size);
    slot.failed = 0;
    slot.answer_bytes = message_bytes(answers);
    slot.answer_offset = (request_bytes + kMessageAlignment - 1) / kMessageAlignment * kMessageAlignment;
    memory = memories_[i].at_least(segment_, i, slot.answer_offset + slot.answer_bytes);
    write_message(answers, memory + slot.answer_offset);
  }

  void answer_error(size_t i, const Error& error) {
    Slot& slot = segment_.slots()[i];
    slot.failed = 1;
    slot.answer_offset = 0;  // over the request
    std::byte* memory = memories_[i].at_least(segment_, i, kMaxErrorBytes);
    slot.answer_bytes = write_error(error, {memory, kMaxErrorBytes});
  }

  const Segment& segment_;
  const uint16_t seat_;
  const Model& model_;
  std::vector<SlotMemory> memories_;
};

void serve(const Segment& segment, uint16_t seat, const Model& model) {
  Header& header = segment.header();
  Worker worker(segment, seat, model);
  while (true) {
    const uint32_t seen = header.work.load();
    if (header.stop.load() != 0) return;
    if (worker.answer_one()) continue;
    wait_on(header.work, seen, kIdle);
    if (::getppid() != header.owner) return;
  }
}

}  // namespace

int run_worker(Descriptor memory, int seat_number) {
  // Before anything that takes time: the owner may be gone already, which the look at its process id finds.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::signal(SIGINT, SIG_IGN);  // Ctrl-C is for the owner, which then ends its workers
  const Segment segment(std::move(memory));
  const Header& header = segment.header();
  if (::getppid() != header.owner) return 1;
  if (seat_number < 0 || static_cast<size_t>(seat_number) >= segment.seats().size())
    fail(ErrorCode::bad_argument, "seat", "the pool has {} seats, received {}", segment.seats().size(),
         seat_number);
  Seat& seat = segment.seats()[static_cast<size_t>(seat_number)];
  std::optional<Model> model;
  const std::optional<Error> error = error_of(
      [&] { model = Model::attach(std::string(header.handle, header.handle_bytes), header.threads); });
  if (error) seat.error_bytes = static_cast<uint32_t>(write_error(*error, seat.error));
  seat.status.store(error ? SeatStatus::failed : SeatStatus::ready);
  raise(segment.header().events, kEverybody);
  if (error) return static_cast<int>(error->code());
  serve(segment, static_cast<uint16_t>(seat_number), *model);
  return 0;
}

}  // namespace cornu::serve
