#include "base/fork_mutex.h"

#include <pthread.h>

namespace cornu {
namespace {

struct ForkMutex {
  std::mutex mutex;
  ForkMutex();
};

ForkMutex& instance() {
  static ForkMutex* const only = new ForkMutex();  // never destroyed: threads may outlive static objects
  return *only;
}

ForkMutex::ForkMutex() {
  ::pthread_atfork([] { instance().mutex.lock(); }, [] { instance().mutex.unlock(); },
                   [] { instance().mutex.unlock(); });
}

}  // namespace

std::mutex& fork_mutex() {
  return instance().mutex;
}

}  // namespace cornu
