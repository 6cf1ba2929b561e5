// Random numbers: RandomUniform, RandomUniformInt, RandomStandardNormal, TruncatedNormal, ParameterizedTruncatedNormal,
// RandomGamma, RandomPoisson*, Multinomial, RandomShuffle, and the stateless ones.
// The numbers are not TensorFlow's: only their distribution is. The same seeds give the same numbers in every run; an op
// without seeds draws others each time.
// Source  tensorflow/core/ops/{random,stateless_random}_ops.cc, 2.21
#include <algorithm>
#include <cmath>
#include <random>

#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

using Engine = std::mt19937_64;

Engine engine_of(const NodeDef& node, const Tensors& in) {
  std::vector<uint32_t> seeds;
  if (node.op.starts_with("Stateless")) {
    // seed, or key and counter, after the shape if there is one: all of it takes part.
    for (size_t i = in.size() > 1 ? 1 : 0; i < in.size() && i < 3; ++i) {
      for (int64_t seed : to_ints(in[i])) {
        seeds.push_back(static_cast<uint32_t>(seed));
        seeds.push_back(static_cast<uint32_t>(static_cast<uint64_t>(seed) >> 32));
      }
    }
  } else {
    for (const char* name : {"seed", "seed2"}) seeds.push_back(static_cast<uint32_t>(node.integer(name)));
    if (seeds[0] == 0 && seeds[1] == 0) {
      std::random_device device;
      seeds = {device(), device(), device(), device()};
    }
  }
  std::seed_seq sequence(seeds.begin(), seeds.end());
  return Engine(sequence);
}

Shape shape_of(const Tensor& sizes) {
  const Ints values = to_ints(sizes);
  for (int64_t size : values) need(size >= 0, "a size is {}", size);
  return Shape(values);
}

template <class Draw>
Tensor drawn(const Shape& shape, DType dtype, Draw draw) {
  std::vector<double> values(static_cast<size_t>(shape.elements()));
  std::generate(values.begin(), values.end(), draw);
  return tensor_of_doubles(values, shape, dtype);
}

// Beyond two deviations: drawn again.
double truncated(Engine& engine) {
  std::normal_distribution<double> normal;
  double value = normal(engine);
  while (std::abs(value) > 2) value = normal(engine);
  return value;
}

Tensors reals(const NodeDef& node, Tensors& in) {
  Engine engine = engine_of(node, in);
  const Shape shape = shape_of(in[0]);
  const DType dtype = node.dtype("dtype");
  if (node.op.find("Truncated") != std::string_view::npos)
    return {drawn(shape, dtype, [&] { return truncated(engine); })};
  if (node.op.find("Normal") != std::string_view::npos) {
    std::normal_distribution<double> normal;
    return {drawn(shape, dtype, [&] { return normal(engine); })};
  }
  // In [0, 1): rounding to a narrow type must not reach 1.
  return {drawn(shape, dtype, [&] { return static_cast<double>(engine() >> 42) / 4194304.0; })};
}

Tensors integers(const NodeDef& node, Tensors& in) {
  Engine engine = engine_of(node, in);
  const Shape shape = shape_of(in[0]);
  const size_t last = in.size() - 1;
  const int64_t low = one_int(in[last - 1], "minval"), high = one_int(in[last], "maxval");
  need(low < high, "there is no number between {} and {}", low, high);
  std::uniform_int_distribution<int64_t> uniform(low, high - 1);
  std::vector<int64_t> values(static_cast<size_t>(shape.elements()));
  for (int64_t& value : values) value = uniform(engine);
  return {tensor_of_ints(values, shape, in[last].dtype)};
}

Tensors any_integers(const NodeDef& node, Tensors& in) {
  Engine engine = engine_of(node, in);
  const Shape shape = shape_of(in[0]);
  const DType dtype = node.dtype("dtype", DType::int32);
  std::vector<int64_t> values(static_cast<size_t>(shape.elements()));
  for (int64_t& value : values)
    value = static_cast<int64_t>(dtype_size(dtype) == 4 ? engine() >> 33 : engine() >> 1);
  return {tensor_of_ints(values, shape, dtype)};
}

// As many draws as `shape` says of each element of the parameter.
template <class Draw>
Tensors per_parameter(const Tensor& parameter, const Shape& shape, bool parameter_last, DType dtype,
                      Draw draw) {
  const std::vector<double> parameters = to_doubles(parameter);
  const Shape all = parameter_last ? joined(shape, parameter.shape) : shape;
  size_t next = 0;
  return {drawn(all, dtype, [&] { return draw(parameters[next++ % parameters.size()]); })};
}

Tensors gamma(const NodeDef& node, Tensors& in) {
  Engine engine = engine_of(node, in);
  return per_parameter(in[1], shape_of(in[0]), true, in[1].dtype,
                       [&](double alpha) { return std::gamma_distribution<double>(alpha)(engine); });
}

Tensors poisson(const NodeDef& node, Tensors& in) {
  Engine engine = engine_of(node, in);
  return per_parameter(in[1], shape_of(in[0]), true,
                       node.dtype("dtype", node.op == "RandomPoisson" ? in[1].dtype : DType::int64),
                       [&](double rate) {
                         if (rate <= 0) return 0.0;
                         return static_cast<double>(std::poisson_distribution<int64_t>(rate)(engine));
                       });
}

Tensors multinomial(const NodeDef& node, Tensors& in) {
  need_rank(in[0], 2, "the logits");
  const int64_t samples = one_int(in[1], "num_samples"), classes = in[0].shape[1];
  need(samples >= 0 && classes > 0, "{} samples of {} classes are asked for", samples, classes);
  Tensors seeds(in.begin() + 1, in.end());
  Engine engine = engine_of(node, seeds);
  const std::vector<double> logits = to_doubles(in[0]);
  std::vector<int64_t> out;
  for (size_t row = 0; row < logits.size(); row += static_cast<size_t>(classes)) {
    std::vector<double> weights(logits.begin() + static_cast<ptrdiff_t>(row),
                                logits.begin() + static_cast<ptrdiff_t>(row) + classes);
    const double high = *std::max_element(weights.begin(), weights.end());
    for (double& weight : weights) weight = std::exp(weight - high);
    std::discrete_distribution<int64_t> choice(weights.begin(), weights.end());
    for (int64_t i = 0; i < samples; ++i) out.push_back(choice(engine));
  }
  return {tensor_of_ints(out, {in[0].shape[0], samples}, node.dtype("output_dtype", DType::int64))};
}

Tensors shuffle(const NodeDef& node, Tensors& in) {
  const Tensor& x = in[0];
  if (x.shape.rank() == 0) return {x};
  Engine engine = engine_of(node, in);
  std::vector<int64_t> rows(static_cast<size_t>(x.shape[0]));
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<int64_t>(i);
  std::shuffle(rows.begin(), rows.end(), engine);
  return {pick(x, rows, x.shape, x.shape.elements(1, x.shape.rank()))};
}

Tensors algorithm(const NodeDef&, Tensors&) {
  const std::vector<int32_t> philox{1};
  return {tensor_from(philox, {}, DType::int32)};
}

// What the V2 ops take in place of a seed.
Tensors key_and_counter(const NodeDef& node, Tensors& in) {
  Engine engine = engine_of(node, in);
  const std::vector<uint64_t> key{engine()}, counter{engine(), engine()};
  return {tensor_from(key, {1}, DType::uint64), tensor_from(counter, {2}, DType::uint64),
          algorithm(node, in)[0]};
}

constexpr ComputeRow kRows[] = {{"RandomUniform", 1, reals},
                                {"RandomStandardNormal", 1, reals},
                                {"TruncatedNormal", 1, reals},
                                {"StatelessRandomUniform", 2, reals},
                                {"StatelessRandomUniformV2", 4, reals},
                                {"StatelessRandomNormal", 2, reals},
                                {"StatelessRandomNormalV2", 4, reals},
                                {"StatelessTruncatedNormal", 2, reals},
                                {"StatelessTruncatedNormalV2", 4, reals},
                                {"RandomUniformInt", 3, integers},
                                {"StatelessRandomUniformInt", 4, integers},
                                {"StatelessRandomUniformIntV2", 6, integers},
                                {"StatelessRandomUniformFullInt", 2, any_integers},
                                {"StatelessRandomUniformFullIntV2", 4, any_integers},
                                {"StatelessRandomGetKeyCounter", 1, key_and_counter, "key counter"},
                                {"StatelessRandomGetKeyCounterAlg", 1, key_and_counter, "key counter alg"},
                                {"StatelessRandomGetAlg", 0, algorithm},
                                {"RandomGamma", 2, gamma},
                                {"RandomPoisson", 2, poisson},
                                {"RandomPoissonV2", 2, poisson},
                                {"Multinomial", 2, multinomial},
                                {"StatelessMultinomial", 3, multinomial},
                                {"RandomShuffle", 1, shuffle, "", false}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

}  // namespace

CORNU_TF_OP(random) = {.names = kNames, .compute = compute};

}  // namespace cornu::tensorflow
