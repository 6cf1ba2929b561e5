// Model: a loaded model that predicts. Session: the memory of one thread that runs it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cornu/custom.h"
#include "cornu/error.h"
#include "cornu/tensor.h"

namespace cornu {

// An input or output of a model. Sizes of -1 are free (batch, image size).
struct PortInfo {
  std::string name;
  DType dtype = DType::float32;
  std::vector<int64_t> shape;
  bool any_rank = false;  // not even the number of axes is known: `shape` is empty and means nothing
};

// One layer of a model's tree, for inspection.
struct LayerInfo {
  std::string name;
  std::string class_name;
  std::vector<int64_t> output_shape;  // of the first call; empty if unknown
  int64_t params = 0;                 // of the layer and all below it
  int depth = 0;                      // 0: a direct layer of the model
  std::vector<std::string> inputs;    // names of the layers that feed it, where the config tells
  std::string attribute;   // of the layer above that holds it: "layers" (a list), "forward_layer", "cell"
  bool trainable = true;   // as its own config says
  bool operation = false;  // a function of keras.ops, which Keras does not count among a model's layers
  std::vector<std::vector<int64_t>> input_shapes;  // of the first call's tensors
  std::vector<std::vector<int64_t>> output_shapes;
  size_t first_weight = 0;  // its weights, and those of all below it: a range of ModelInfo::weights
  size_t weight_count = 0;
};

struct WeightInfo {
  std::string name;  // "conv1/kernel"
  DType dtype = DType::float32;
  std::vector<int64_t> shape;
  bool trainable = true;
  bool in_place = false;  // used where it lies in the mapped file
};

// What a stateful recurrent layer keeps from batch to batch and from call to call: h, or h and c.
struct StateInfo {
  size_t layer = 0;  // the index in ModelInfo::layers of its innermost layer, such as the cell
  PortInfo port;
};

// A function of a SavedModel that callers may use.
struct SignatureInfo {
  std::string name;               // "serving_default"
  std::string method;             // "tensorflow/serving/predict"
  std::vector<PortInfo> inputs;   // sorted by name
  std::vector<PortInfo> outputs;  // sorted by name
};

// What `cornu inspect` prints.
struct ModelInfo {
  std::string path;
  std::string format;  // "hdf5", "keras_zip", ...
  std::string name;
  std::string class_name;     // "Functional", "Sequential", ...
  std::string keras_version;  // empty if not recorded
  std::string backend;
  std::vector<PortInfo> inputs;
  std::vector<PortInfo> outputs;
  std::string
      input_layers;  // JSON of the config: how a functional model's inputs are nested; empty for others
  std::string output_layers;  // and its outputs
  std::vector<LayerInfo> layers;
  std::vector<WeightInfo> weights;
  std::vector<StateInfo> states;
  int64_t file_bytes = 0;
  int64_t weights_bytes = 0;
  int64_t weights_in_place_bytes = 0;
  // Of a SavedModel:
  std::string signature;                  // the one that this model runs
  std::vector<SignatureInfo> signatures;  // all, sorted by name
  std::vector<std::string> tags;
  std::string tensorflow_version;
  bool by_rows =
      true;  // predict may divide the first axis of the inputs into batches; false for TensorFlow graphs
};

struct LoadOptions {
  std::string config;        // a Keras JSON model config (text), for files that hold weights only
  int threads = 0;           // per session, 1..1024; 0: the cores this process may use
  bool fast_kernels = true;  // false: reference kernels only, for comparison
  std::vector<std::string>
      disabled_passes;           // names of graph rewrites to leave out; "all" for every optional one
  CustomObjects custom_objects;  // for names that Cornu does not know; null: none
  // Of a SavedModel of Keras 2: the Keras model that it was made of, with its layers, instead of a signature. Where there is
  // none, or it cannot be built, the signature is loaded all the same.
  bool keras_model = false;
  // For TensorFlow graphs:
  std::string signature;          // of a SavedModel; empty: serving_default, or the only one
  std::vector<std::string> tags;  // of the SavedModel's graph to take; empty: "serve", or the only graph
  std::vector<std::string>
      outputs;  // of a graph without signatures, by tensor name; empty: all that no node uses
  std::vector<std::string>
      feeds;  // tensors that may be fed in place of what computes them; unknown ones are ignored
  int64_t max_iterations = int64_t{1} << 31;  // of one loop
  double max_seconds = 0;                     // of one run of a graph with loops; 0: any
  int max_depth = 64;                         // of bodies of loops and branches within each other
};

// Gives the memory of an output that predict() is about to compute: contiguous, row-major, of the size of its shape; it must
// live until predict() returns. Called once per output, in order, on the calling thread.
using AllocateOutput = std::function<std::byte*(size_t output, DType dtype, std::span<const int64_t> shape)>;

class Session;

// An immutable compiled model. Copies share everything. Const methods may be called from any thread.
class Model {
 public:
  // Maps a model file and compiles it. Weights stay in the file's pages; none is read or copied here.
  //   path     .h5, .hdf5, .keras (a file or a plain folder); told apart by content, never by name
  // Throws   not_found, io, bad_file (object in where), bad_config (layer in where), bad_shape, unsupported
  // Cost     grows with the number of tensors and layers, not with their size
  static Model load(const std::filesystem::path& path, const LoadOptions& options = {});

  // A model of a Keras JSON config, without a file.
  //   weights  in the order of info().weights; cast to the types that the layers need; kept, not copied. Empty: the model has no
  //            weights yet and refuses to predict
  // Throws   bad_config, bad_shape (a weight does not fit), unsupported
  static Model from_config(const std::string& config, std::span<const Array> weights,
                           const LoadOptions& options = {});

  // Whether the model can predict: false for from_config() without weights.
  bool has_weights() const;

  // A short text (at most 400 bytes) that names this model to other processes of the same machine and user: path and identity
  // of its file, options; weights are not in it. Good as long as the file is what it was. A model of from_config() is put
  // into shared memory by the first call, which copies its weights; such a handle, and that of a path or config that is too
  // long, is good as long as this process lives and has the model. Whoever has attached keeps it.
  // Throws   out_of_memory, io; bad_argument without weights
  std::string handle() const;
  // The model of a handle, over the same pages of the same file.
  //   threads  per session, as in LoadOptions; -1: those of the handle
  // Throws   bad_file if the file is no longer what it was; not_found if it, or the process that holds it, is gone;
  //          bad_argument for a text that is no handle; what load() throws
  static Model attach(const std::string& handle, int threads = -1, const CustomObjects& custom_objects = {});

  const ModelInfo& info() const;
  const std::vector<PortInfo>& inputs() const;
  const std::vector<PortInfo>& outputs() const;
  // The Keras JSON config that the model was made of, as the file has it.
  const std::string& config() const;
  // The variables in the order of info().weights: views that keep the mapped file, or what was made of it, alive. May be
  // misaligned.
  const std::vector<Array>& weights() const;

  // Answers for the whole first axis of the inputs, in pieces of at most `batch_size` rows.
  //   inputs      in the order of inputs(); cast to the declared types as Keras does; a last axis of size 1 may be missing or
  //               one too many
  //   batch_size  rows of one pass, at least 1; a model with a fixed batch takes exactly that many
  //   allocate    where the outputs go; null: fresh memory that the returned arrays own
  // Returns  one array per output, rows in the order of the input; empty inputs give empty outputs
  // Throws   bad_shape naming the input, the shape received and the shape that would do
  // Threads  safe; concurrent calls use sessions of their own
  std::vector<Array> predict(std::span<const Array> inputs, int64_t batch_size = 32,
                             const AllocateOutput& allocate = {}) const;

  // What stateful layers keep now, in the order of info().states. predict() goes on from it and leaves it for the next call;
  // copies of a model share it, sessions have their own, a loaded or attached model begins with zeros. Of calls at the same
  // time each goes on from what was kept when it began. Safe from any thread.
  std::vector<Array> states() const;
  // Throws bad_argument for an index that there is not, bad_shape.
  void set_state(size_t index, const Array& value) const;
  // Makes one state zero again, or all. Throws bad_argument for an index that there is not.
  void reset_state(size_t index) const;
  void reset_states() const;

  // Another function of the same SavedModel: what one changes of the model's variables, the other sees.
  // Throws   bad_argument if there is none of this name (the message lists them), what load() throws
  Model signature(const std::string& name) const;

  // The variables of a SavedModel with the values in its file, as views of the mapping; strings are left out. Empty for other
  // models, whose variables are weights(). Throws bad_file.
  std::vector<std::pair<WeightInfo, Array>> saved_variables() const;

  // A new session: the arena and threads for one caller at a time.
  Session session(int threads = 0) const;

  // The compiled graph, one op a line, with the kernel that serves each; for people.
  std::string explain() const;

  struct Impl;
  explicit Model(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

 private:
  friend class Session;
  std::shared_ptr<const Impl> impl_;
};

// One at a time: a session may be used from any thread, by one thread at a time.
class Session {
 public:
  // One pass over all rows given.
  std::vector<Array> run(std::span<const Array> inputs);
  // Makes what stateful layers keep zero again.
  void reset_states();
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

 private:
  friend class Model;
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Model::load, as a free function.
inline Model load_model(const std::filesystem::path& path, const LoadOptions& options = {}) {
  return Model::load(path, options);
}

// Names and one-line descriptions of what this build knows, for `cornu list`.
struct CatalogueEntry {
  std::string name;
  std::string description;
};
std::vector<CatalogueEntry> list_layers();  // Keras class names and the layer unit that serves each
std::vector<CatalogueEntry> list_ops();     // ops and their fast kernels
std::vector<CatalogueEntry> list_formats();

}  // namespace cornu
