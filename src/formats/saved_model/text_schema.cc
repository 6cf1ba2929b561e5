#include "formats/saved_model/text_schema.h"

#include <algorithm>
#include <iterator>

namespace cornu::formats {
namespace {

using enum TextKind;

constexpr TextField kFields[] = {
    {"CheckpointState", "model_checkpoint_path", 1, text},
    {"SavedModel", "saved_model_schema_version", 1, integer},
    {"SavedModel", "meta_graphs", 2, message, "MetaGraphDef"},
    {"MetaGraphDef", "meta_info_def", 1, message, "MetaInfoDef"},
    {"MetaGraphDef", "graph_def", 2, message, "GraphDef"},
    {"MetaGraphDef", "saver_def", 3, message, "SaverDef"},
    {"MetaGraphDef", "collection_def", 4, message, "CollectionEntry"},
    {"MetaGraphDef", "signature_def", 5, message, "SignatureEntry"},
    {"MetaGraphDef", "asset_file_def", 6, message, "AssetFileDef"},
    {"MetaGraphDef", "object_graph_def", 7, message, "SavedObjectGraph"},
    {"MetaInfoDef", "tags", 4, text},
    {"MetaInfoDef", "tensorflow_version", 5, text},
    {"SaverDef", "filename_tensor_name", 1, text},
    {"SaverDef", "save_tensor_name", 2, text},
    {"SaverDef", "restore_op_name", 3, text},
    {"CollectionEntry", "key", 1, text},
    {"CollectionEntry", "value", 2, message, "CollectionDef"},
    {"CollectionDef", "node_list", 1, message, "NodeList"},
    {"NodeList", "value", 1, text},
    {"SignatureEntry", "key", 1, text},
    {"SignatureEntry", "value", 2, message, "SignatureDef"},
    {"SignatureDef", "inputs", 1, message, "TensorInfoEntry"},
    {"SignatureDef", "outputs", 2, message, "TensorInfoEntry"},
    {"SignatureDef", "method_name", 3, text},
    {"SignatureDef", "defaults", 4, message, "TensorEntry"},
    {"TensorInfoEntry", "key", 1, text},
    {"TensorInfoEntry", "value", 2, message, "TensorInfo"},
    {"TensorEntry", "key", 1, text},
    {"TensorEntry", "value", 2, message, "TensorProto"},
    {"TensorInfo", "name", 1, text},
    {"TensorInfo", "dtype", 2, dtype},
    {"TensorInfo", "tensor_shape", 3, message, "TensorShapeProto"},
    {"TensorInfo", "coo_sparse", 4, message, "CooSparse"},
    {"CooSparse", "values_tensor_name", 1, text},
    {"CooSparse", "indices_tensor_name", 2, text},
    {"CooSparse", "dense_shape_tensor_name", 3, text},
    {"TensorShapeProto", "dim", 2, message, "Dim"},
    {"TensorShapeProto", "unknown_rank", 3, flag},
    {"Dim", "size", 1, integer},
    {"AssetFileDef", "tensor_info", 1, message, "TensorInfo"},
    {"AssetFileDef", "filename", 2, text},
    {"GraphDef", "node", 1, message, "NodeDef"},
    {"GraphDef", "library", 2, message, "FunctionDefLibrary"},
    {"NodeDef", "name", 1, text},
    {"NodeDef", "op", 2, text},
    {"NodeDef", "input", 3, text},
    {"NodeDef", "attr", 5, message, "AttrEntry"},
    {"AttrEntry", "key", 1, text},
    {"AttrEntry", "value", 2, message, "AttrValue"},
    {"AttrValue", "list", 1, message, "ListValue"},
    {"AttrValue", "s", 2, text},
    {"AttrValue", "i", 3, integer},
    {"AttrValue", "f", 4, real32},
    {"AttrValue", "b", 5, flag},
    {"AttrValue", "type", 6, dtype},
    {"AttrValue", "shape", 7, message, "TensorShapeProto"},
    {"AttrValue", "tensor", 8, message, "TensorProto"},
    {"AttrValue", "func", 10, message, "NameAttrList"},
    {"ListValue", "s", 2, text},
    {"ListValue", "i", 3, integer},
    {"ListValue", "f", 4, real32},
    {"ListValue", "b", 5, flag},
    {"ListValue", "type", 6, dtype},
    {"ListValue", "shape", 7, message, "TensorShapeProto"},
    {"ListValue", "tensor", 8, message, "TensorProto"},
    {"ListValue", "func", 9, message, "NameAttrList"},
    {"NameAttrList", "name", 1, text},
    {"NameAttrList", "attr", 2, message, "AttrEntry"},
    {"TensorProto", "dtype", 1, dtype},
    {"TensorProto", "tensor_shape", 2, message, "TensorShapeProto"},
    {"TensorProto", "tensor_content", 4, text},
    {"TensorProto", "float_val", 5, real32},
    {"TensorProto", "double_val", 6, real64},
    {"TensorProto", "int_val", 7, integer},
    {"TensorProto", "string_val", 8, text},
    {"TensorProto", "scomplex_val", 9, real32},
    {"TensorProto", "int64_val", 10, integer},
    {"TensorProto", "bool_val", 11, flag},
    {"TensorProto", "dcomplex_val", 12, real64},
    {"TensorProto", "half_val", 13, integer},
    {"TensorProto", "uint32_val", 16, integer},
    {"TensorProto", "uint64_val", 17, integer},
    {"FunctionDefLibrary", "function", 1, message, "FunctionDef"},
    {"FunctionDef", "signature", 1, message, "OpDef"},
    {"FunctionDef", "node_def", 3, message, "NodeDef"},
    {"FunctionDef", "ret", 4, message, "TextEntry"},
    {"FunctionDef", "control_ret", 6, message, "TextEntry"},
    {"TextEntry", "key", 1, text},
    {"TextEntry", "value", 2, text},
    {"OpDef", "name", 1, text},
    {"OpDef", "input_arg", 2, message, "ArgDef"},
    {"OpDef", "output_arg", 3, message, "ArgDef"},
    {"OpDef", "control_output", 20, text},
    {"ArgDef", "name", 1, text},
    {"ArgDef", "type", 3, dtype},
    {"SavedObjectGraph", "nodes", 1, message, "SavedObject"},
    {"SavedObjectGraph", "concrete_functions", 2, message, "FunctionEntry"},
    {"FunctionEntry", "key", 1, text},
    {"FunctionEntry", "value", 2, message, "SavedConcreteFunction"},
    {"SavedConcreteFunction", "bound_inputs", 2, integer},
    {"SavedObject", "children", 1, message, "ObjectReference"},
    {"SavedObject", "user_object", 4, message, "SavedUserObject"},
    {"SavedObject", "function", 6, message, "SavedFunction"},
    {"SavedObject", "variable", 7, message, "SavedVariable"},
    {"SavedObject", "bare_concrete_function", 8, message, "SavedBareConcreteFunction"},
    {"ObjectReference", "node_id", 1, integer},
    {"ObjectReference", "local_name", 2, text},
    {"SavedUserObject", "identifier", 1, text},
    {"SavedUserObject", "metadata", 3, text},
    {"SavedFunction", "concrete_functions", 1, text},
    {"SavedBareConcreteFunction", "concrete_function_name", 1, text},
    {"SavedVariable", "trainable", 3, flag},
    {"SavedVariable", "name", 6, text},
};

// By their numbers; those of references are 100 more.
constexpr std::string_view kDtypes[] = {
    "DT_INVALID",    "DT_FLOAT",  "DT_DOUBLE",    "DT_INT32",   "DT_UINT8",   "DT_INT16",
    "DT_INT8",       "DT_STRING", "DT_COMPLEX64", "DT_INT64",   "DT_BOOL",    "DT_QINT8",
    "DT_QUINT8",     "DT_QINT32", "DT_BFLOAT16",  "DT_QINT16",  "DT_QUINT16", "DT_UINT16",
    "DT_COMPLEX128", "DT_HALF",   "DT_RESOURCE",  "DT_VARIANT", "DT_UINT32",  "DT_UINT64"};

}  // namespace

const TextField* find_text_field(std::string_view message, std::string_view name) {
  const auto found = std::find_if(std::begin(kFields), std::end(kFields), [&](const TextField& field) {
    return field.message == message && field.name == name;
  });
  return found == std::end(kFields) ? nullptr : found;
}

int find_text_dtype(std::string_view name) {
  const bool reference = name.ends_with("_REF");
  if (reference) name.remove_suffix(4);
  const auto found = std::find(std::begin(kDtypes), std::end(kDtypes), name);
  if (found == std::end(kDtypes)) return -1;
  return static_cast<int>(found - std::begin(kDtypes)) + (reference ? 100 : 0);
}

}  // namespace cornu::formats
