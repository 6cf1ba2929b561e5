// One mutex for the short critical sections of all models, consistent across fork().
#pragma once

#include <mutex>

namespace cornu {

// A child of fork() has one thread: a mutex that another thread held at that moment would stay locked in it forever. This one
// is taken by fork() itself, so that parent and child both find it free and what it guards whole. Hold it for
// microseconds only, and never while calling code that may fork or take it again.
std::mutex& fork_mutex();

}  // namespace cornu
