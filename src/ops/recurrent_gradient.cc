// recurrent_gradient: the gradients of simple_rnn, gru or lstm through time.
// Inputs  those of the forward op (recurrent.h); then dy of its output and the gradients of its final states
// Outputs dx [batch, time, gates * units]; h [batch, time, units], the output state before each step (0 at masked ones); the
//         gradients of the initial states [batch, units]; for gru also d [batch, time, 3 units] of the sums h . w + bias, and,
//         without reset_after, r h [batch, time, units], what the candidate's columns of w are multiplied with. The gradient of
//         w is then h' dx (h' d for gru), summed over batch and time
// Attrs   those of the forward op, and cell: its name
// Notes   an activation's slope that has no formula here is a difference in double
// Source  Werbos, Backpropagation Through Time, 1990; forward: ops/lstm.cc, gru.cc, simple_rnn.cc
#include "base/thread_pool.h"
#include "ops/recurrent.h"

namespace cornu::ops {
namespace {

struct CellKind {
  std::string_view name;
  int64_t gates;
  int states;
};
constexpr CellKind kCells[] = {{"simple_rnn", 1, 1}, {"gru", 3, 1}, {"lstm", 4, 2}};

const CellKind& cell_of(const Attrs& attrs) {
  const std::string& name = attrs.text("cell");
  for (const CellKind& cell : kCells) {
    if (cell.name == name) return cell;
  }
  fail(ErrorCode::internal, "recurrent_gradient", "there is no cell '{}'", name);
}

void infer(ir::InferContext& c) {
  const CellKind& cell = cell_of(c.attrs);
  infer_recurrence(c, cell.gates, cell.states);
  const DType type = c.in[0].dtype;
  const Shape x = c.in[0].shape;
  const Shape states = c.out[1].shape;
  const size_t given = c.in.size() - 1 - static_cast<size_t>(cell.states);
  for (size_t i = 0; i < c.out.size(); ++i) {
    if (!(c.in[given + i] == c.out[i])) {
      fail(ErrorCode::bad_shape, "", "gradient {} of a recurrence has shape {}, its output has {}", i,
           c.in[given + i].shape.to_string(), c.out[i].shape.to_string());
    }
  }
  const Shape hidden = {x[0], x[1], states[1]};
  c.out = {{type, x}, {type, hidden}};
  for (int i = 0; i < cell.states; ++i) c.out.push_back({type, states});
  if (cell.name == "gru") {
    c.out.push_back({type, x});
    if (!c.attrs.flag("reset_after")) c.out.push_back({type, hidden});
  }
}

// An activation and its slope at x, where it gives y.
struct Function {
  ScalarFunction fn;
  enum class Kind { tanh, sigmoid, other } kind;

  static Function named(const std::string& name) {
    return {recurrent_function(name), name == "tanh"      ? Kind::tanh
                                      : name == "sigmoid" ? Kind::sigmoid
                                                          : Kind::other};
  }
  double slope(double x, double y) const {
    if (kind == Kind::tanh) return 1 - y * y;
    if (kind == Kind::sigmoid) return y * (1 - y);
    constexpr double kStep = 1e-6;
    return (fn(x + kStep) - fn(x - kStep)) / (2 * kStep);
  }
};

struct Plan {
  Recurrence r;
  CellKind cell;
  bool reset_after = false;
  Function activation, recurrent;
  int dy = 0;  // index of the input; the gradients of the final states follow

  int64_t width() const { return cell.gates * r.units; }
  int64_t states() const { return cell.states * r.units; }
  // Numbers of one row: sums and inner sums of each step, the states before each, and what one step works with.
  int64_t numbers() const { return r.time * (2 * width() + states()) + 2 * states() + 2 * r.units; }
};

// One row of the batch.
template <class T>
class Row {
 public:
  Row(const Plan& plan, const KernelCall& call, int64_t row, T* work)
      : p_(plan), u_(plan.r.units), call_(call), row_(row), w_(in_as<T>(call, 1)) {
    sums_ = work;
    inner_ = sums_ + p_.r.time * p_.width();
    before_ = inner_ + p_.r.time * p_.width();
    state_ = before_ + p_.r.time * p_.states();
    d_state_ = state_ + p_.states();
    d_last_ = d_state_ + p_.states();
    reset_ = d_last_ + u_;
  }

  void run() {
    for (int64_t i = 0; i < p_.states(); ++i) {
      state_[i] =
          p_.r.state < 0 ? T{0} : in_as<T>(call_, p_.r.state + static_cast<int>(i / u_))[row_ * u_ + i % u_];
    }
    for (int64_t i = 0; i < p_.r.time; ++i) {
      std::copy(state_, state_ + p_.states(), before_ + i * p_.states());
      if (counts(i)) step(i);
    }
    for (int64_t i = 0; i < p_.states(); ++i)
      d_state_[i] = in_as<T>(call_, p_.dy + 1 + static_cast<int>(i / u_))[row_ * u_ + i % u_];
    std::fill_n(d_last_, u_, T{0});
    for (int64_t i = p_.r.time; i-- > 0;) step_back(i);
    for (int64_t i = 0; i < p_.states(); ++i)
      out_as<T>(call_, 2 + static_cast<int>(i / u_))[row_ * u_ + i % u_] = d_state_[i];
  }

 private:
  int64_t place(int64_t i) const { return row_ * p_.r.time + (p_.r.go_backwards ? p_.r.time - 1 - i : i); }
  bool counts(int64_t i) const {
    return p_.r.mask < 0 || load_at<uint8_t>(call_.in[p_.r.mask], place(i)) != 0;
  }
  double act(double x) const { return p_.activation.fn(x); }
  double rec(double x) const { return p_.recurrent.fn(x); }

  void step(int64_t i) {
    T* const z = sums_ + i * p_.width();
    T* const inner = inner_ + i * p_.width();
    const auto x = in_as<T>(call_, 0) + place(i) * p_.width();
    for (int64_t j = 0; j < p_.width(); ++j) {
      z[j] = x[j];
      inner[j] = p_.r.bias < 0 ? T{0} : in_as<T>(call_, p_.r.bias)[j];
    }
    const bool after = p_.cell.name != "gru" || p_.reset_after;
    add_product(state_, u_, w_, p_.width(), 0, after ? p_.width() : 2 * u_, inner);
    if (p_.cell.name == "lstm") {
      step_lstm(z, inner);
    } else if (p_.cell.name == "gru") {
      step_gru(z, inner);
    } else {
      for (int64_t j = 0; j < u_; ++j) state_[j] = static_cast<T>(act(z[j] += inner[j]));
    }
  }

  void step_lstm(T* z, const T* inner) {
    for (int64_t j = 0; j < 4 * u_; ++j) z[j] += inner[j];
    T* const c = state_ + u_;
    for (int64_t j = 0; j < u_; ++j) {
      c[j] = static_cast<T>(rec(z[u_ + j]) * c[j] + rec(z[j]) * act(z[2 * u_ + j]));
      state_[j] = static_cast<T>(rec(z[3 * u_ + j]) * act(c[j]));
    }
  }

  void step_gru(T* z, T* inner) {
    for (int64_t j = 0; j < 2 * u_; ++j) z[j] += inner[j];
    if (!p_.reset_after) {
      for (int64_t j = 0; j < u_; ++j) reset_[j] = static_cast<T>(rec(z[u_ + j]) * state_[j]);
      add_product(reset_, u_, w_, 3 * u_, 2 * u_, u_, inner + 2 * u_);
    }
    for (int64_t j = 0; j < u_; ++j) {
      const double scale = p_.reset_after ? rec(z[u_ + j]) : 1;
      z[2 * u_ + j] = static_cast<T>(z[2 * u_ + j] + scale * inner[2 * u_ + j]);
      const double update = rec(z[j]);
      state_[j] = static_cast<T>(update * state_[j] + (1 - update) * act(z[2 * u_ + j]));
    }
  }

  void step_back(int64_t i) {
    const T* const before = before_ + i * p_.states();
    T* const dx = out_as<T>(call_, 0) + place(i) * p_.width();
    T* const h = out_as<T>(call_, 1) + place(i) * u_;
    const auto dy = in_as<T>(call_, p_.dy);
    const bool is_last = i == p_.r.time - 1;
    for (int64_t j = 0; j < u_; ++j) {
      if (p_.r.return_sequences) d_last_[j] += dy[(row_ * p_.r.time + i) * u_ + j];
      if (!p_.r.return_sequences && is_last) d_last_[j] += dy[row_ * u_ + j];
    }
    if (!counts(i)) {
      std::fill_n(dx, p_.width(), T{0});
      std::fill_n(h, u_, T{0});
      if (p_.cell.name == "gru") {
        std::fill_n(out_as<T>(call_, 3) + place(i) * p_.width(), p_.width(), T{0});
        if (!p_.reset_after) std::fill_n(out_as<T>(call_, 4) + place(i) * u_, u_, T{0});
      }
      if (p_.r.zero_output) std::fill_n(d_last_, u_, T{0});
      return;
    }
    std::copy(before, before + u_, h);
    for (int64_t j = 0; j < u_; ++j) d_state_[j] += d_last_[j];
    std::fill_n(d_last_, u_, T{0});
    if (p_.cell.name == "lstm") {
      back_lstm(i, before, dx);
    } else if (p_.cell.name == "gru") {
      back_gru(i, before, dx);
    } else {
      const T* const z = sums_ + i * u_;
      for (int64_t j = 0; j < u_; ++j)
        dx[j] = static_cast<T>(d_state_[j] * p_.activation.slope(z[j], act(z[j])));
      std::fill_n(d_state_, u_, T{0});
      add_transposed(dx, 0, u_, d_state_);
    }
  }

  // to[k] += sum over j of d[j] * w[k, first + j].
  void add_transposed(const T* d, int64_t first, int64_t count, T* to) const {
    for (int64_t k = 0; k < u_; ++k) {
      const auto row = w_ + (k * p_.width() + first);
      T sum = 0;
      for (int64_t j = 0; j < count; ++j) sum += d[j] * row[j];
      to[k] += sum;
    }
  }

  void back_lstm(int64_t i, const T* before, T* dx) {
    const T* const z = sums_ + i * 4 * u_;
    const T* const c_before = before + u_;
    T* const dc = d_state_ + u_;
    for (int64_t j = 0; j < u_; ++j) {
      const double in = rec(z[j]);
      const double forget = rec(z[u_ + j]);
      const double made = act(z[2 * u_ + j]);
      const double out = rec(z[3 * u_ + j]);
      const double c = forget * c_before[j] + in * made;
      const double shown = act(c);
      const double d = dc[j] + d_state_[j] * out * p_.activation.slope(c, shown);
      dx[j] = static_cast<T>(d * made * p_.recurrent.slope(z[j], in));
      dx[u_ + j] = static_cast<T>(d * c_before[j] * p_.recurrent.slope(z[u_ + j], forget));
      dx[2 * u_ + j] = static_cast<T>(d * in * p_.activation.slope(z[2 * u_ + j], made));
      dx[3 * u_ + j] = static_cast<T>(d_state_[j] * shown * p_.recurrent.slope(z[3 * u_ + j], out));
      dc[j] = static_cast<T>(d * forget);
    }
    std::fill_n(d_state_, u_, T{0});
    add_transposed(dx, 0, 4 * u_, d_state_);
  }

  void back_gru(int64_t i, const T* h, T* dx) {
    const T* const z = sums_ + i * 3 * u_;
    const T* const inner = inner_ + i * 3 * u_;
    T* const d = out_as<T>(call_, 3) + place(i) * 3 * u_;
    for (int64_t j = 0; j < u_; ++j) {
      const double update = rec(z[j]);
      const double made = act(z[2 * u_ + j]);
      dx[j] = static_cast<T>(d_state_[j] * (h[j] - made) * p_.recurrent.slope(z[j], update));
      dx[2 * u_ + j] = static_cast<T>(d_state_[j] * (1 - update) * p_.activation.slope(z[2 * u_ + j], made));
      d_state_[j] = static_cast<T>(d_state_[j] * update);
    }
    std::fill_n(reset_, u_, T{0});
    if (!p_.reset_after) add_transposed(dx + 2 * u_, 2 * u_, u_, reset_);
    for (int64_t j = 0; j < u_; ++j) {
      const double r = rec(z[u_ + j]);
      const double through = p_.reset_after ? dx[2 * u_ + j] * static_cast<double>(inner[2 * u_ + j])
                                            : reset_[j] * static_cast<double>(h[j]);
      dx[u_ + j] = static_cast<T>(through * p_.recurrent.slope(z[u_ + j], r));
      d[j] = dx[j];
      d[u_ + j] = dx[u_ + j];
      d[2 * u_ + j] = p_.reset_after ? static_cast<T>(dx[2 * u_ + j] * r) : dx[2 * u_ + j];
      if (!p_.reset_after) {
        d_state_[j] = static_cast<T>(d_state_[j] + reset_[j] * r);
        out_as<T>(call_, 4)[place(i) * u_ + j] = static_cast<T>(r * h[j]);
      }
    }
    add_transposed(d, 0, p_.reset_after ? 3 * u_ : 2 * u_, d_state_);
  }

  const Plan& p_;
  const int64_t u_;
  const KernelCall& call_;
  const int64_t row_;
  const UnalignedArray<T> w_;
  T *sums_, *inner_, *before_;  // by step
  T *state_, *d_state_, *d_last_, *reset_;
};

PreparedKernel reference(const KernelSite& site) {
  const CellKind& cell = cell_of(site.attrs);
  Plan plan;
  plan.r = read_recurrence(site, cell.gates, cell.states);
  plan.cell = cell;
  plan.reset_after = site.attrs.flag("reset_after");
  plan.activation = Function::named(site.attrs.text("activation"));
  plan.recurrent = Function::named(site.attrs.text("recurrent_activation", "sigmoid"));
  plan.dy = static_cast<int>(site.in.size()) - 1 - cell.states;
  return with_float_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{
        [plan](const KernelCall& call) {
          call.pool.run(plan.r.batch, [&](int64_t row, int thread) {
            Row<T>(plan, call, row, reinterpret_cast<T*>(call.scratch) + thread * plan.numbers()).run();
          });
        },
        site.threads * plan.numbers() * static_cast<int64_t>(sizeof(T)),
        {}};
  });
}

}  // namespace

CORNU_OP(recurrent_gradient) = {
    .name = "recurrent_gradient", .min_inputs = 4, .max_inputs = 9, .infer = infer, .reference = reference};

}  // namespace cornu::ops
