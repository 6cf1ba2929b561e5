#include "train/schedule.h"

#include <algorithm>
#include <deque>

namespace cornu::train {
namespace {

class Scheduler {
 public:
  Scheduler(ir::Graph& graph, std::span<const InPlace> pairs)
      : graph_(graph),
        pairs_(pairs),
        apart_(pairs.size(), false),
        waiting_(graph.nodes().size(), 0),
        followers_(graph.nodes().size()),
        done_(graph.nodes().size(), false) {}

  std::vector<bool> run() {
    add_data();
    for (size_t pair = 0; pair < pairs_.size(); ++pair) add_pair(pair);
    const std::vector<ir::Node>& nodes = graph_.nodes();
    for (size_t i = 0; i < nodes.size(); ++i) {
      if (!is_update(i)) place(i);
    }
    finish();
    std::vector<ir::Node> ordered;
    ordered.reserve(order_.size());
    for (size_t i : order_) ordered.push_back(std::move(graph_.mutable_nodes()[i]));
    graph_.mutable_nodes() = std::move(ordered);
    graph_.sort();  // keeps the order; values learn where their nodes are
    return apart_;
  }

 private:
  struct Follower {
    size_t node;
    int pair;  // -1: it needs the result
  };

  static size_t at(ir::Value value) { return static_cast<size_t>(value.id); }
  bool is_update(size_t node) const { return graph_.nodes()[node].layer == kOptimizerLayer; }

  void follow(size_t node, size_t other, int pair) {
    followers_[other].push_back({node, pair});
    ++waiting_[node];
  }

  void add_data() {
    for (size_t i = 0; i < graph_.nodes().size(); ++i) {
      for (ir::Value value : graph_.nodes()[i].inputs) {
        const int32_t from = graph_.info(value).node;
        if (from >= 0 && !graph_.info(value).is_constant) follow(i, static_cast<size_t>(from), -1);
      }
    }
  }

  // The nodes that read a value, or what shares its bytes.
  std::vector<size_t> readers(ir::Value value) const {
    std::vector<bool> same(graph_.values().size(), false);
    same[at(value)] = true;
    std::vector<size_t> found;
    for (size_t i = 0; i < graph_.nodes().size(); ++i) {
      const ir::Node& node = graph_.nodes()[i];
      const bool reads =
          std::any_of(node.inputs.begin(), node.inputs.end(), [&](ir::Value v) { return same[at(v)]; });
      if (!reads) continue;
      if (node.op->alias && same[at(node.inputs[0])]) same[at(node.outputs[0])] = true;
      found.push_back(i);
    }
    return found;
  }

  void add_pair(size_t pair) {
    ir::Value after = pairs_[pair].after;
    int32_t maker = graph_.info(after).node;
    while (maker >= 0 && graph_.nodes()[static_cast<size_t>(maker)].op->alias) {
      after = graph_.nodes()[static_cast<size_t>(maker)].inputs[0];
      maker = graph_.info(after).node;
    }
    const auto again = [&](const InPlace& other) { return other.after == pairs_[pair].after; };
    // Two variables with one new value: the second is copied.
    if (maker < 0 || std::any_of(pairs_.begin(), pairs_.begin() + static_cast<long>(pair), again)) {
      apart_[pair] = true;
      return;
    }
    const auto made_by = static_cast<size_t>(maker);
    for (size_t reader : readers(pairs_[pair].before)) {
      if (reader != made_by) {
        follow(made_by, reader, static_cast<int>(pair));
      } else if (!graph_.nodes()[made_by].op->elementwise) {
        apart_[pair] = true;
      }
    }
  }

  // Places a node once everything before it is placed: nodes that are not the optimizer's come in an order that allows it.
  void place(size_t node) {
    if (waiting_[node] > 0) {
      held_.push_back(node);
      return;
    }
    emit(node);
    while (!ready_.empty()) {
      const size_t next = ready_.front();
      ready_.pop_front();
      emit(next);
    }
  }

  void emit(size_t node) {
    if (done_[node]) return;
    done_[node] = true;
    order_.push_back(node);
    for (const Follower& follower : followers_[node]) {
      if (follower.pair >= 0 && released_.size() > static_cast<size_t>(follower.pair) &&
          released_[static_cast<size_t>(follower.pair)])
        continue;
      if (--waiting_[follower.node] == 0 && (is_update(follower.node) || is_held(follower.node)))
        ready_.push_back(follower.node);
    }
  }

  bool is_held(size_t node) const { return std::find(held_.begin(), held_.end(), node) != held_.end(); }

  // What is left waits in a circle: one variable after the other gets memory of its own until none does.
  void finish() {
    released_.assign(pairs_.size(), false);
    const auto drain = [&] {
      for (size_t i = 0; i < waiting_.size(); ++i) {
        if (!done_[i] && waiting_[i] == 0) ready_.push_back(i);
      }
      while (!ready_.empty()) {
        const size_t next = ready_.front();
        ready_.pop_front();
        emit(next);
      }
    };
    drain();
    for (size_t pair = 0; pair < pairs_.size() && order_.size() < waiting_.size(); ++pair) {
      bool stands = false;
      for (size_t i = 0; i < followers_.size(); ++i) {
        if (done_[i]) continue;
        for (const Follower& follower : followers_[i]) {
          if (follower.pair != static_cast<int>(pair)) continue;
          --waiting_[follower.node];
          stands = true;
        }
      }
      released_[pair] = true;
      if (stands) apart_[pair] = true;
      drain();
    }
  }

  ir::Graph& graph_;
  std::span<const InPlace> pairs_;
  std::vector<bool> apart_;   // per pair
  std::vector<int> waiting_;  // per node: for how many others
  std::vector<std::vector<Follower>> followers_;
  std::vector<bool> done_;
  std::vector<bool> released_;  // per pair: its order is given up
  std::vector<size_t> order_, held_;
  std::deque<size_t> ready_;
};

}  // namespace

std::vector<bool> order_updates(ir::Graph& graph, std::span<const InPlace> pairs) {
  return Scheduler(graph, pairs).run();
}

}  // namespace cornu::train
