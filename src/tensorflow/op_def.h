// TfOpDef: how TensorFlow ops become ours. One file of this folder serves one op, or a family that differs in a
// word; docs/design/tensorflow_import.md shows how to add one. Ops with exactly the meaning of an IR op need no file:
// the IR op names them in OpDef::tf_names.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "tensorflow/node_call.h"

namespace cornu::tensorflow {

class ImportCall;
struct Operand;

struct TfOpDef {
  std::span<const std::string_view> names;  // TensorFlow ops that the entry serves
  // Names of the output arguments, needed where functions refer to any but the first by name ("TopKV2:indices:0").
  std::span<const std::string_view> outputs = {};
  // The number of the first tensor of an output argument, where arguments are lists of several tensors.
  size_t (*output_offset)(const NodeDef& node, std::string_view output) = nullptr;

  // Exactly one of these:
  // Writes IR ops; gives the outputs in TensorFlow's order. Called while the model is loaded if every input has a known
  // rank, else in the run, with constants as inputs. May throw NeedsValue (through NodeCall) any time before it has
  // written an op with a side effect.
  std::vector<Value> (*lower)(NodeCall& call) = nullptr;
  // Computes the outputs of concrete tensors, in the run. For what has no meaning outside of TensorFlow (its tensor lists).
  std::vector<Tensor> (*compute)(const NodeDef& node, dynamic::Call& call) = nullptr;
  // Has the importer's powers: functions, resources, control flow. See importer.h.
  std::vector<Operand> (*import)(ImportCall& call) = nullptr;
};

// Null if there is none.
const TfOpDef* find_tf_op(std::string_view name);
// The IR op that names it in tf_names; null if there is none.
const ir::OpDef* find_plain_op(std::string_view name);
// Every TensorFlow op that can be imported, sorted.
std::vector<std::string_view> all_tf_ops();

}  // namespace cornu::tensorflow

// Opens the one definition of a file: names first.
//   constexpr std::string_view kNames[] = {"Pack"};
//   CORNU_TF_OP(pack) = {.names = kNames, .lower = lower};
#define CORNU_TF_OP(unit)                 \
  extern const TfOpDef tensorflow_##unit; \
  const TfOpDef tensorflow_##unit
