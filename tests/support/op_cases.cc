#include "support/op_cases.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>

#include "base/thread_pool.h"
#include "ir/op_def.h"
#include "kernels/table.h"
#include "support/expect_error.h"

namespace cornu::test {
namespace {

constexpr auto kGuard = std::byte{0xA5};
constexpr int64_t kGuardBytes = 64;

// Bytes at `offset` past a 64-byte boundary, filled with the guard pattern, with guard bytes behind.
class Buffer {
 public:
  Buffer(int64_t size_bytes, int64_t offset)
      : size_bytes_(size_bytes), bytes_(static_cast<size_t>(size_bytes + offset + 2 * kGuardBytes), kGuard) {
    const auto address = reinterpret_cast<uintptr_t>(bytes_.data());
    data_ = bytes_.data() + (kGuardBytes - address % kGuardBytes) % kGuardBytes + offset;
  }

  std::byte* data() { return data_; }
  bool is_intact() const {
    const std::byte* end = bytes_.data() + bytes_.size();
    return std::all_of(static_cast<const std::byte*>(data_) + size_bytes_, end,
                       [](std::byte b) { return b == kGuard; });
  }

 private:
  int64_t size_bytes_;
  std::vector<std::byte> bytes_;
  std::byte* data_;
};

// How one run is made.
struct Variant {
  int threads = 1;
  int64_t offset = 0;      // of the inputs' addresses
  bool constants = false;  // the inputs after the first are known when the kernel is prepared
  bool in_place = false;   // the output is the first input's buffer
};

Tensor as_float32(const Tensor& tensor) {
  return tensor.dtype == DType::float64 ? cast_tensor(tensor, DType::float32) : tensor;
}

TensorType type_of(const Tensor& tensor) {
  return {tensor.dtype, tensor.shape};
}

const ir::OpDef& op_named(std::string_view name) {
  const ir::OpDef* op = ir::find_op(name);
  if (op == nullptr) throw std::runtime_error("there is no op " + std::string(name));
  return *op;
}

std::vector<TensorType> infer(std::string_view op, const Attrs& attrs, const std::vector<TensorType>& in,
                              const std::vector<const Tensor*>& constants) {
  const ir::OpDef& def = op_named(op);
  const auto count = static_cast<int>(in.size());
  EXPECT_GE(count, def.min_inputs) << op;
  EXPECT_TRUE(def.max_inputs < 0 || count <= def.max_inputs) << op;
  ir::InferContext context{in, constants, attrs, {}};
  def.infer(context);
  return context.out;
}

std::vector<TensorType> infer_tensors(std::string_view op, const Attrs& attrs,
                                      const std::vector<Tensor>& in) {
  std::vector<TensorType> types;
  std::vector<const Tensor*> constants;
  for (const Tensor& tensor : in) {
    types.push_back(type_of(tensor));
    constants.push_back(&tensor);
  }
  return infer(op, attrs, types, constants);
}

// Runs a kernel of the op; its outputs, or nothing if it refuses.
std::optional<std::vector<Tensor>> run_all(PrepareKernel prepare, std::string_view op, const Attrs& attrs,
                                           const std::vector<Tensor>& in, const Variant& variant) {
  const std::vector<TensorType> out_types = infer_tensors(op, attrs, in);
  std::vector<TensorType> types;
  std::vector<Buffer> buffers;
  std::vector<const std::byte*> in_bytes;
  for (const Tensor& tensor : in) {
    types.push_back(type_of(tensor));
    buffers.emplace_back(tensor.size_bytes(), variant.offset);
    if (tensor.size_bytes() > 0)
      std::memcpy(buffers.back().data(), tensor.data, static_cast<size_t>(tensor.size_bytes()));
  }
  for (Buffer& buffer : buffers) in_bytes.push_back(buffer.data());
  std::vector<const std::byte*> constants(in.size(), nullptr);
  for (size_t i = 1; variant.constants && i < in.size(); ++i) constants[i] = in_bytes[i];
  const PreparedKernel kernel = prepare(KernelSite{types, out_types, attrs, constants, variant.threads});
  if (!kernel.run) {
    EXPECT_FALSE(kernel.refusal.empty()) << "a kernel refuses without saying why";
    return std::nullopt;
  }
  std::vector<Buffer> own;
  for (const TensorType& type : out_types) {
    own.emplace_back(type.shape.elements() * dtype_size(type.dtype), 0);
  }
  Buffer& target = variant.in_place ? buffers[0] : own[0];
  Buffer scratch(kernel.scratch_bytes, 0);
  std::vector<std::byte*> out_bytes;
  for (Buffer& buffer : own) out_bytes.push_back(buffer.data());
  out_bytes[0] = target.data();
  ThreadPool pool(variant.threads);
  kernel.run(KernelCall{in_bytes.data(), out_bytes.data(), scratch.data(), pool});
  EXPECT_TRUE(target.is_intact()) << "the kernel writes behind its output";
  for (const Buffer& buffer : own) EXPECT_TRUE(buffer.is_intact()) << "the kernel writes behind an output";
  EXPECT_TRUE(scratch.is_intact()) << "the kernel writes behind its scratch";
  std::vector<Tensor> results;
  for (size_t i = 0; i < out_types.size(); ++i) {
    const NewTensor result = new_tensor(out_types[i].dtype, out_types[i].shape);
    if (result.tensor.size_bytes() > 0)
      std::memcpy(result.data, out_bytes[i], static_cast<size_t>(result.tensor.size_bytes()));
    results.push_back(result.tensor);
  }
  return results;
}

// The first output of a reference, which never refuses.
Tensor run(PrepareKernel reference, std::string_view op, const Attrs& attrs, const std::vector<Tensor>& in,
           const Variant& variant) {
  return run_all(reference, op, attrs, in, variant)->front();
}

void expect_close(const Tensor& got, const Tensor& expected, double tolerance, bool relative_to_largest) {
  ASSERT_EQ(got.shape.to_string(), expected.shape.to_string());
  const std::vector<double> a = to_doubles(got);
  const std::vector<double> b = to_doubles(expected);
  double largest = 1;
  for (double value : b) largest = std::isfinite(value) ? std::max(largest, std::abs(value)) : largest;
  int wrong = 0;
  for (size_t i = 0; i < b.size() && wrong < 5; ++i) {
    const double scale = relative_to_largest ? largest : std::max(1.0, std::abs(b[i]));
    const bool is_same =
        a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])) || std::abs(a[i] - b[i]) <= tolerance * scale;
    if (is_same) continue;
    ADD_FAILURE() << "element " << i << " of " << b.size() << " is " << a[i] << ", expected " << b[i];
    ++wrong;
  }
}

void expect_same_bytes(const Tensor& got, const Tensor& expected, const char* when) {
  ASSERT_EQ(got.size_bytes(), expected.size_bytes());
  if (got.size_bytes() == 0) return;
  EXPECT_EQ(std::memcmp(got.data, expected.data, static_cast<size_t>(got.size_bytes())), 0)
      << "the reference gives other bits with " << when;
}

// The rule must take any size as unknown, and then say nothing that contradicts the sizes it gives when all
// are known.
void check_unknown_sizes(std::string_view op, const Attrs& attrs, const std::vector<Tensor>& in,
                         const Shape& known) {
  std::vector<TensorType> all;
  for (const Tensor& tensor : in) all.push_back(type_of(tensor));
  std::vector<std::vector<TensorType>> variants;
  for (size_t input = 0; input < in.size(); ++input) {
    for (int axis = 0; axis < in[input].shape.rank(); ++axis) {
      std::vector<TensorType> one = all;
      one[input].shape[axis] = Shape::kUnknown;
      variants.push_back(std::move(one));
    }
  }
  for (TensorType& type : all) {
    for (int axis = 0; axis < type.shape.rank(); ++axis) type.shape[axis] = Shape::kUnknown;
  }
  variants.push_back(all);
  for (const std::vector<TensorType>& types : variants) {
    const Shape got = infer(op, attrs, types, std::vector<const Tensor*>(in.size(), nullptr)).front().shape;
    ASSERT_EQ(got.rank(), known.rank());
    for (int axis = 0; axis < got.rank(); ++axis) {
      EXPECT_TRUE(got[axis] == known[axis] || got[axis] == Shape::kUnknown)
          << "axis " << axis << " is said to be " << got[axis] << ", it is " << known[axis];
    }
  }
}

void check_fast_kernels(std::string_view op, const Attrs& attrs, const std::vector<Tensor>& in,
                        const std::vector<Tensor>& expected, double tolerance) {
  constexpr Variant kVariants[] = {
      {1, 0, false, false}, {2, 0, true, false}, {1, 1, true, false}, {2, 3, false, false}};
  for (const KernelDef* kernel : kernels::all_kernels()) {
    if (kernel->op != op) continue;
    for (const Variant& variant : kVariants) {
      SCOPED_TRACE(testing::Message() << "kernel " << kernel->name << ", " << variant.threads
                                      << " threads, inputs off by " << variant.offset);
      const auto got = run_all(kernel->prepare, op, attrs, in, variant);
      for (size_t i = 0; got && i < expected.size(); ++i) {
        SCOPED_TRACE(testing::Message() << "output " << i);
        expect_close((*got)[i], expected[i], std::max(tolerance, 1e-5), true);
      }
    }
  }
}

// Everything but the comparison with a known result, for inputs of one type.
Tensor check_in_type(std::string_view op, const Attrs& attrs, const std::vector<Tensor>& in,
                     double tolerance) {
  SCOPED_TRACE(testing::Message() << op << " of " << (in.empty() ? "nothing" : dtype_name(in[0].dtype)));
  const ir::OpDef& def = op_named(op);
  const TensorType out = infer_tensors(op, attrs, in).at(0);
  const Tensor result = run(def.reference, op, attrs, in, {});
  expect_same_bytes(run(def.reference, op, attrs, in, {2, 0, true, false}), result, "two threads");
  expect_same_bytes(run(def.reference, op, attrs, in, {2, 1, false, false}), result,
                    "inputs at odd addresses");
  if (def.elementwise && in[0].size_bytes() == result.size_bytes() && in[0].shape == out.shape) {
    expect_same_bytes(run(def.reference, op, attrs, in, {1, 0, false, true}), result,
                      "its result over its input");
  }
  check_fast_kernels(op, attrs, in, *run_all(def.reference, op, attrs, in, {}), tolerance);
  return result;
}

std::vector<Tensor> all_as_float32(const std::vector<Tensor>& in) {
  std::vector<Tensor> result;
  for (const Tensor& tensor : in) result.push_back(as_float32(tensor));
  return result;
}

bool has_floats(const std::vector<Tensor>& in) {
  return std::any_of(in.begin(), in.end(),
                     [](const Tensor& tensor) { return tensor.dtype == DType::float64; });
}

}  // namespace

Tensor floats(const std::vector<double>& values, const Shape& shape) {
  EXPECT_EQ(shape.elements(), static_cast<int64_t>(values.size()));
  NewTensor result = new_tensor(DType::float64, shape);
  if (!values.empty()) std::memcpy(result.data, values.data(), values.size() * sizeof(double));
  return result.tensor;
}

Tensor floats(const std::vector<double>& values) {
  return floats(values, {static_cast<int64_t>(values.size())});
}

Tensor ints(const std::vector<int64_t>& values, const Shape& shape, DType dtype) {
  EXPECT_EQ(shape.elements(), static_cast<int64_t>(values.size()));
  return tensor_of_ints(values, shape, dtype);
}

Tensor ints(const std::vector<int64_t>& values) {
  return ints(values, {static_cast<int64_t>(values.size())});
}

Tensor bools(const std::vector<int64_t>& values, const Shape& shape) {
  return ints(values, shape, DType::boolean);
}

Tensor bools(const std::vector<int64_t>& values) {
  return bools(values, {static_cast<int64_t>(values.size())});
}

Tensor random_floats(const Shape& shape, unsigned seed, double low, double high) {
  std::mt19937 engine(
      seed);  // the engine's numbers are fixed by the standard, those of distributions are not
  std::vector<double> values(static_cast<size_t>(shape.elements()));
  for (double& value : values)
    value = static_cast<float>(low + (high - low) * static_cast<double>(engine()) / 4294967296.0);
  return floats(values, shape);
}

void check_op(const OpCase& c) {
  SCOPED_TRACE(testing::Message() << "op " << c.op);
  const TensorType out = infer_tensors(c.op, c.attrs, c.in).at(0);
  EXPECT_EQ(dtype_name(out.dtype), dtype_name(c.expected.dtype));
  EXPECT_EQ(out.shape.to_string(), c.expected.shape.to_string());
  check_unknown_sizes(c.op, c.attrs, c.in, c.expected.shape);
  expect_close(check_in_type(c.op, c.attrs, c.in, c.tolerance), c.expected,
               c.tolerance > 0 ? c.tolerance : 1e-12, false);
  if (!has_floats(c.in)) return;
  const Tensor narrow = check_in_type(c.op, c.attrs, all_as_float32(c.in), c.tolerance);
  EXPECT_EQ(dtype_name(narrow.dtype), dtype_name(as_float32(c.expected).dtype));
  expect_close(narrow, as_float32(c.expected), std::max(c.tolerance, 2e-6), false);
}

Tensor check_kernels(std::string_view op, const Attrs& attrs, const std::vector<Tensor>& in,
                     double tolerance) {
  if (has_floats(in)) check_in_type(op, attrs, all_as_float32(in), tolerance);
  return check_in_type(op, attrs, in, tolerance);
}

Tensor run_op(std::string_view op, const Attrs& attrs, const std::vector<Tensor>& in) {
  return run(op_named(op).reference, op, attrs, in, {});
}

TensorType infer_op(std::string_view op, const Attrs& attrs, const std::vector<TensorType>& in) {
  return infer(op, attrs, in, std::vector<const Tensor*>(in.size(), nullptr)).at(0);
}

void expect_rejected(std::string_view op, const Attrs& attrs, const std::vector<TensorType>& in,
                     std::string_view text, ErrorCode code) {
  SCOPED_TRACE(testing::Message() << "op " << op);
  expect_error(
      code, [&] { infer_op(op, attrs, in); }, text);
}

TensorType f32_of(const Shape& shape) {
  return {DType::float32, shape};
}

TensorType i32_of(const Shape& shape) {
  return {DType::int32, shape};
}

}  // namespace cornu::test
