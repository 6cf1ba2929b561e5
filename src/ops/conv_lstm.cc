// conv_lstm: [i f g o] = x + conv(h, w) at every pixel, c = f c + i g, h = o activation(c), where i, f and o go
// through recurrent_activation and g through activation; the convolution of the state keeps its size.
// Inputs  x [batch, time, spatial..., 4 filters], already convolved with the input kernel; recurrent kernel
//         [kernel..., filters, 4 filters]; then, as the flags say: has_state the states h and c [batch, spatial...,
//         filters], has_mask bool [batch, time]. One to three spatial axes.
// Outputs y [batch, time, spatial..., filters] with return_sequences, else the last [batch, spatial..., filters];
//         then h and c
// Attrs   those of recurrent.h
// Errors  bad_shape when the sizes do not fit
// Source  keras/src/layers/rnn/conv_lstm.py, 3.15
#include "ops/recurrent.h"

namespace cornu::ops {
namespace {

constexpr int kStates = 2;

bool agree(int64_t a, int64_t b) {
  return a == b || a == Shape::kUnknown || b == Shape::kUnknown;
}

bool same_sizes(const Shape& a, const Shape& b) {
  bool same = a.rank() == b.rank();
  for (int axis = 0; same && axis < a.rank(); ++axis) same = agree(a[axis], b[axis]);
  return same;
}

void infer(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  const Shape& w = c.in[1].shape;
  const int rank = x.rank();
  const bool ranks_fit = rank >= 4 && rank <= 6 && w.rank() == rank - 1;
  int64_t filters = ranks_fit ? w[rank - 3] : 0;
  if (filters == Shape::kUnknown) filters = x.back() == Shape::kUnknown ? x.back() : x.back() / 4;
  const int64_t width = filters == Shape::kUnknown ? filters : 4 * filters;
  if (!ranks_fit || !agree(x.back(), width) || !agree(w.back(), width) || c.in[0].dtype != c.in[1].dtype) {
    fail(ErrorCode::bad_shape, "",
         "conv_lstm takes x [batch, time, spatial..., 4 filters] and a kernel [kernel..., filters, 4 "
         "filters], "
         "received {} and {}",
         x.to_string(), w.to_string());
  }
  for (const char* name : {"activation", "recurrent_activation"}) {
    if (recurrent_function(c.attrs.text(name, "sigmoid")) == nullptr)
      fail(ErrorCode::internal, "", "there is no recurrent activation '{}'", c.attrs.text(name));
  }
  Shape state{x[0]};
  for (int axis = 2; axis < rank - 1; ++axis) state.push_back(x[axis]);
  state.push_back(filters);
  size_t next = 2;
  const auto expect = [&](DType dtype, const Shape& shape) {
    if (next >= c.in.size() || c.in[next].dtype != dtype || !same_sizes(c.in[next].shape, shape)) {
      fail(ErrorCode::bad_shape, "", "input {} of conv_lstm must have shape {}, received {}", next,
           shape.to_string(), next < c.in.size() ? c.in[next].shape.to_string() : "nothing");
    }
    ++next;
  };
  for (int i = 0; c.attrs.flag("has_state") && i < kStates; ++i) expect(c.in[0].dtype, state);
  if (c.attrs.flag("has_mask")) expect(DType::boolean, {x[0], x[1]});
  c.out.assign(kStates + 1, {c.in[0].dtype, state});
  if (!c.attrs.flag("return_sequences")) return;
  Shape sequence = x;
  sequence[rank - 1] = filters;
  c.out[0].shape = sequence;
}

// The convolution of one row's state, by the reference of `conv`.
struct StateConvolution {
  PreparedKernel kernel;
  int64_t out_elements = 0;
};

StateConvolution prepare_state_convolution(const KernelSite& site) {
  const Shape& x = site.in[0].shape;
  const int spatial = x.rank() - 3;
  Shape state{1};
  Shape product{1};
  for (int axis = 2; axis < x.rank() - 1; ++axis) {
    state.push_back(x[axis]);
    product.push_back(x[axis]);
  }
  state.push_back(site.in[1].shape[spatial]);
  product.push_back(x.back());
  const Ints ones(static_cast<size_t>(spatial), 1);
  const Attrs attrs{{"strides", ones}, {"dilations", ones}, {"auto_pad", std::string("same")}};
  const DType dtype = site.in[0].dtype;
  const TensorType in[] = {{dtype, state}, {dtype, site.in[1].shape}};
  const TensorType out[] = {{dtype, product}};
  const std::byte* const constants[] = {nullptr, site.constants[1]};
  return {ir::find_op("conv")->reference(KernelSite{in, out, attrs, constants, site.threads}),
          product.elements()};
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site) && site.out[1].shape.elements() == 0) return do_nothing();
  const Shape& x = site.in[0].shape;
  Recurrence r = read_recurrence(site, 4, kStates);
  const int64_t filters = x.back() / 4;
  const int64_t pixels = x.elements(2, x.rank() - 1);
  r.units = pixels * filters;
  StateConvolution convolution = prepare_state_convolution(site);
  return with_float_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    // Buffers of the executor begin at a multiple of 64 bytes, kernels' scratch and outputs too.
    const auto aligned = [](int64_t bytes) { return (bytes + 63) / 64 * 64; };
    const int64_t walk_bytes = aligned(recurrence_scratch<T>(r, kStates));
    const int64_t product_bytes = aligned(convolution.out_elements * static_cast<int64_t>(sizeof(T)));
    const auto run = [=, conv = convolution.kernel.run](const KernelCall& call) {
      std::byte* product = call.scratch + walk_bytes;
      const auto step = [&](const T* z, UnalignedArray<T>, UnalignedArray<T>, T* h, T*) {
        T* c = h + r.units;
        const std::byte* in[] = {reinterpret_cast<const std::byte*>(h), call.in[1]};
        conv({in, &product, product + product_bytes, call.pool});
        const T* sum = reinterpret_cast<const T*>(product);
        for (int64_t i = 0; i < r.units; ++i) {
          const int64_t at = i / filters * 4 * filters + i % filters;
          const auto gate = [&](int64_t k) { return z[at + k * filters] + sum[at + k * filters]; };
          c[i] = static_cast<T>(r.recurrent_activation(gate(1)) * c[i] +
                                r.recurrent_activation(gate(0)) * r.activation(gate(2)));
          h[i] = static_cast<T>(r.recurrent_activation(gate(3)) * r.activation(c[i]));
        }
      };
      walk_recurrence<T>(r, kStates, call, step);
    };
    return PreparedKernel{run, walk_bytes + product_bytes + convolution.kernel.scratch_bytes, {}};
  });
}

}  // namespace

CORNU_OP(conv_lstm) = {
    .name = "conv_lstm", .min_inputs = 2, .max_inputs = 5, .infer = infer, .reference = reference};

}  // namespace cornu::ops
