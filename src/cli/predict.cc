// cornu predict MODEL INPUT [-o OUT.npz]: answers for the whole first axis of the inputs.
// INPUT is a .npy (one input) or a .npz (see bind_inputs). OUT.npz holds output_0, output_1, ... in the
// model's order, or in the order of --outputs; it is written complete or not at all. Without -o shapes and
// the first values are printed.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/fail.h"
#include "cli/command.h"
#include "cli/model_arguments.h"
#include "cli/text.h"
#include "formats/arrays.h"
#include "tensor/tensor.h"

namespace cornu::cli {
namespace {

constexpr int64_t kShownRows = 4;
constexpr int64_t kShownValues = 8;  // of a row

struct Options {
  ModelArguments model;
  std::string input;
  std::string output;
  std::string signature;
  std::vector<std::string> outputs;  // names, or output_0, ...; empty: all
  int64_t batch_size = 32;           // as Keras's predict
};

// The positions of the outputs asked for.
std::vector<size_t> choose_outputs(const Model& model, const std::vector<std::string>& names) {
  std::vector<size_t> chosen;
  const std::vector<PortInfo>& ports = model.outputs();
  for (const std::string& name : names) {
    size_t i = 0;
    while (i < ports.size() && ports[i].name != name && "output_" + std::to_string(i) != name) ++i;
    if (i == ports.size()) {
      std::string known;
      for (const PortInfo& port : ports) known += fmt::format("{}'{}'", known.empty() ? "" : ", ", port.name);
      fail(ErrorCode::bad_argument, "--outputs", "the model has no output '{}'; its outputs are {}", name,
           known);
    }
    chosen.push_back(i);
  }
  for (size_t i = 0; names.empty() && i < ports.size(); ++i) chosen.push_back(i);
  return chosen;
}

Tensor to_tensor(const Array& array) {
  return {array.dtype, Shape(array.shape), array.data, array.owner, false};
}

std::string value_text(const Array& array, int64_t at) {
  if (array.dtype == DType::string)
    return fmt::format("'{}'", one_line(reinterpret_cast<const std::string*>(array.data)[at]));
  Tensor one = to_tensor(array);
  one.shape = Shape{};
  one.data += at * dtype_size(array.dtype);
  if (array.dtype == DType::boolean) return to_ints(one)[0] != 0 ? "True" : "False";
  if (dtype_is_integer(array.dtype)) return std::to_string(to_ints(one)[0]);
  return fmt::format("{:.6g}", to_doubles(one)[0]);
}

// The first values of the first rows; a row is everything below the first axis.
std::string preview(const Array& array) {
  const int64_t size = array.size();
  const int64_t rows = array.shape.empty() ? 1 : array.shape[0];
  std::string text;
  for (int64_t row = 0; size > 0 && row < std::min(rows, kShownRows); ++row) {
    const int64_t row_size = size / rows;
    text += "  [";
    for (int64_t i = 0; i < std::min(row_size, kShownValues); ++i) {
      text += (i == 0 ? "" : ", ") + value_text(array, row * row_size + i);
    }
    text += row_size > kShownValues ? ", ...]\n" : "]\n";
  }
  if (size > 0 && rows > kShownRows) text += "  ...\n";
  return text;
}

void run(const Options& options) {
  const std::vector<formats::NamedTensor> arrays = formats::read_arrays(options.input);
  LoadOptions load_options = options.model.load_options();
  load_options.signature = options.signature;
  load_options.outputs = options.outputs;
  for (const formats::NamedTensor& array : arrays) load_options.feeds.push_back(array.name);
  const Model model = Model::load(options.model.model, load_options);
  if (!options.signature.empty() && model.info().by_rows) {
    fail(ErrorCode::bad_argument, "--signature",
         "a Keras model has no signatures, so '{}' names none; leave the option out", options.signature);
  }
  const std::vector<size_t> chosen = choose_outputs(model, options.outputs);
  const auto inputs = bind_inputs(model.inputs(), arrays, options.input);
  const std::vector<Array> answers = model.predict(inputs, options.batch_size);
  std::vector<formats::NamedTensor> named;
  for (size_t i = 0; i < chosen.size(); ++i) {
    const Array& answer = answers[chosen[i]];
    const std::string name = "output_" + std::to_string(i);
    if (options.output.empty()) {
      fmt::print("{} '{}' {} {}\n{}", name, one_line(model.outputs()[chosen[i]].name),
                 dtype_name(answer.dtype), shape_text(answer.shape), preview(answer));
    } else {
      named.push_back({name, to_tensor(answer)});
    }
  }
  if (!options.output.empty()) formats::write_npz(options.output, named);
}

std::function<void()> declare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  options->model.declare_model(app);
  app.add_option("INPUT", options->input,
                 ".npy for one input, or .npz with arrays named like the inputs, or input_0, input_1, ...")
      ->required();
  app.add_option("-o,--output", options->output,
                 "write a .npz with output_0, output_1, ...; else print a short view");
  app.add_option("--signature", options->signature, "the function of a SavedModel");
  app.add_option("--outputs", options->outputs, "outputs to give, by name or output_0, ...: a,b")
      ->delimiter(',');
  app.add_option("--batch-size", options->batch_size, "rows of one pass")
      ->capture_default_str()
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 31));
  options->model.declare_threads(app);
  return [options] { run(*options); };
}

}  // namespace

CORNU_COMMAND(predict) = {
    .name = "predict", .description = "Answers for the arrays of a .npy or .npz file", .declare = declare};

}  // namespace cornu::cli
