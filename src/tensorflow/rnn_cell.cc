// LSTMBlockCell, BlockLSTM, BlockLSTMV2, GRUBlockCell: fused cells of TensorFlow 1.
// Source  tensorflow/core/ops/rnn_ops.cc, kernels/rnn/lstm_ops.cc, 2.21: gates in the order i, c, f, o; BlockLSTMV2 has
//         i, f, c, o and adds no forget bias.
#include <algorithm>
#include <cmath>

#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

// y (batch, columns) = [x, h] (batch, rows of w) times w, plus the bias.
std::vector<double> affine(const double* x, int64_t inputs, const double* h, int64_t units, int64_t batch,
                           const std::vector<double>& w, const std::vector<double>& bias) {
  const auto columns = static_cast<int64_t>(bias.size());
  std::vector<double> y(static_cast<size_t>(batch * columns));
  for (int64_t b = 0; b < batch; ++b) {
    double* row = y.data() + b * columns;
    std::copy(bias.begin(), bias.end(), row);
    for (int64_t k = 0; k < inputs + units; ++k) {
      const double value = k < inputs ? x[b * inputs + k] : h[b * units + k - inputs];
      for (int64_t c = 0; c < columns; ++c) row[c] += value * w[static_cast<size_t>(k * columns + c)];
    }
  }
  return y;
}

struct Lstm {
  int64_t batch, inputs, units;
  std::vector<double> w, bias, peep[3];  // of i, f, o
  double forget_bias, clip;
  bool peephole, second;

  // One step: cs and h are replaced; i, cs, f, o, ci, co, h are appended to `out`.
  void step(const double* x, std::vector<double>& cs, std::vector<double>& h,
            std::vector<double> (&out)[7]) const {
    const std::vector<double> gates = affine(x, inputs, h.data(), units, batch, w, bias);
    for (int64_t at = 0; at < batch * units; ++at) {
      const auto u = static_cast<size_t>(at % units);
      const double* row = gates.data() + at / units * 4 * units + at % units;
      const double before = cs[static_cast<size_t>(at)];
      const double ci = std::tanh(row[(second ? 2 : 1) * units]);
      const double i = sigmoid(row[0] + (peephole ? before * peep[0][u] : 0));
      const double f =
          sigmoid(row[(second ? 1 : 2) * units] + forget_bias + (peephole ? before * peep[1][u] : 0));
      double cell = ci * i + before * f;
      if (clip > 0) cell = std::clamp(cell, -clip, clip);
      const double o = sigmoid(row[3 * units] + (peephole ? cell * peep[2][u] : 0));
      const double co = std::tanh(cell);
      cs[static_cast<size_t>(at)] = cell;
      h[static_cast<size_t>(at)] = co * o;
      const double results[7] = {i, cell, f, o, ci, co, co * o};
      for (int k = 0; k < 7; ++k) out[k].push_back(results[k]);
    }
  }
};

// `first`: the number of x among the inputs.
Lstm lstm_of(const NodeDef& node, const Tensors& in, size_t first) {
  const Shape& x = in[first].shape;
  need_rank(in[first + 1], 2, "cs_prev");
  Lstm n{in[first + 1].shape[0],
         x.back(),
         in[first + 1].shape[1],
         to_doubles(in[first + 3]),
         to_doubles(in[first + 7]),
         {},
         0,
         0,
         false,
         false};
  n.second = node.op == "BlockLSTMV2";
  n.forget_bias = n.second ? 0 : node.number("forget_bias", 1);
  n.clip = node.number("cell_clip", n.second ? 0 : 3);
  n.peephole = node.flag("use_peephole");
  for (size_t i = 0; i < 3; ++i) {
    n.peep[i] = to_doubles(in[first + 4 + i]);
    need(!n.peephole || static_cast<int64_t>(n.peep[i].size()) == n.units, "a peephole has {} weights",
         n.peep[i].size());
  }
  need(in[first + 3].shape == Shape({n.inputs + n.units, 4 * n.units}) &&
           static_cast<int64_t>(n.bias.size()) == 4 * n.units && x[x.rank() - 2] == n.batch &&
           in[first + 2].shape == in[first + 1].shape,
       "kernel {} does not fit x {} and a state {}", in[first + 3].shape.to_string(), x.to_string(),
       in[first + 1].shape.to_string());
  return n;
}

Tensors lstm_cell(const NodeDef& node, Tensors& in) {
  need_rank(in[0], 2, "x");
  const Lstm n = lstm_of(node, in, 0);
  std::vector<double> cs = to_doubles(in[1]), h = to_doubles(in[2]), out[7];
  n.step(to_doubles(in[0]).data(), cs, h, out);
  Tensors results;
  for (const auto& values : out)
    results.push_back(tensor_of_doubles(values, {n.batch, n.units}, in[0].dtype));
  return results;
}

Tensors block_lstm(const NodeDef& node, Tensors& in) {
  need_rank(in[1], 3, "x");
  const Lstm n = lstm_of(node, in, 1);
  const int64_t length = in[1].shape[0];
  const int64_t steps = std::min(one_int(in[0], "seq_len_max"), length);
  std::vector<double> cs = to_doubles(in[2]), h = to_doubles(in[3]), out[7];
  const std::vector<double> x = to_doubles(in[1]);
  for (int64_t t = 0; t < steps; ++t) n.step(x.data() + t * n.batch * n.inputs, cs, h, out);
  Tensors results;
  for (auto& values : out) {
    values.resize(static_cast<size_t>(length * n.batch * n.units), 0);
    results.push_back(tensor_of_doubles(values, {length, n.batch, n.units}, in[1].dtype));
  }
  return results;
}

Tensors gru_cell(const NodeDef&, Tensors& in) {
  need_rank(in[0], 2, "x");
  need_rank(in[1], 2, "h_prev");
  const int64_t batch = in[0].shape[0], inputs = in[0].shape[1], units = in[1].shape[1];
  need(in[1].shape[0] == batch && in[2].shape == Shape({inputs + units, 2 * units}) &&
           in[3].shape == Shape({inputs + units, units}) && in[4].shape == Shape({2 * units}) &&
           in[5].shape == Shape({units}),
       "kernels {} and {} do not fit x {}", in[2].shape.to_string(), in[3].shape.to_string(),
       in[0].shape.to_string());
  const std::vector<double> x = to_doubles(in[0]), h = to_doubles(in[1]);
  const std::vector<double> gates =
      affine(x.data(), inputs, h.data(), units, batch, to_doubles(in[2]), to_doubles(in[4]));
  std::vector<double> r, u, reset, out;
  for (int64_t at = 0; at < batch * units; ++at) {
    const double* row = gates.data() + at / units * 2 * units + at % units;
    r.push_back(sigmoid(row[0]));
    u.push_back(sigmoid(row[units]));
    reset.push_back(r.back() * h[static_cast<size_t>(at)]);
  }
  std::vector<double> c =
      affine(x.data(), inputs, reset.data(), units, batch, to_doubles(in[3]), to_doubles(in[5]));
  for (size_t i = 0; i < c.size(); ++i) {
    c[i] = std::tanh(c[i]);
    out.push_back(u[i] * h[i] + (1 - u[i]) * c[i]);
  }
  const Shape shape{batch, units};
  const DType dtype = in[0].dtype;
  return {tensor_of_doubles(r, shape, dtype), tensor_of_doubles(u, shape, dtype),
          tensor_of_doubles(c, shape, dtype), tensor_of_doubles(out, shape, dtype)};
}

constexpr ComputeRow kRows[] = {{"LSTMBlockCell", 8, lstm_cell, "i cs f o ci co h"},
                                {"BlockLSTM", 9, block_lstm, "i cs f o ci co h"},
                                {"BlockLSTMV2", 9, block_lstm, "i cs f o ci co h"},
                                {"GRUBlockCell", 6, gru_cell, "r u c h"}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

size_t output_offset(const NodeDef& node, std::string_view output) {
  return output_of(kRows, node, output);
}

}  // namespace

CORNU_TF_OP(rnn_cell) = {.names = kNames, .output_offset = output_offset, .compute = compute};

}  // namespace cornu::tensorflow
