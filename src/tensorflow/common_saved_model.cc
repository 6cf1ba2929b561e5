#include <algorithm>

#include "formats/proto.h"
#include "tensorflow/saved_model.h"

namespace cornu::tensorflow {
namespace {

using Reader = protozero::pbf_reader;

std::string text_of(Reader& reader) {
  return std::string(view_of(reader));
}

TensorInfo decode_tensor_info(std::string name, Bytes bytes, const std::string& where) {
  TensorInfo info;
  info.name = std::move(name);
  Reader reader(bytes);
  while (reader.next()) {
    if (reader.tag() == 1) {
      info.tensor = text_of(reader);
    } else if (reader.tag() == 2) {
      const auto number = static_cast<int>(varint_of(reader));
      const auto dtype = dtype_of(number);
      if (!dtype)
        fail(ErrorCode::unsupported, where + ":" + info.name, "type number {} is not known", number);
      info.dtype = *dtype;
    } else if (reader.tag() == 3) {
      info.shape = decode_shape(view_of(reader));
    } else if (reader.tag() == 4) {
      Reader sparse(view_of(reader));
      while (sparse.next()) {
        const uint32_t tag = sparse.tag();
        std::string tensor = text_of(sparse);
        (tag == 1   ? info.sparse_values
         : tag == 2 ? info.sparse_indices
                    : info.sparse_shape) = std::move(tensor);
      }
    } else if (reader.tag() == 5) {
      fail(ErrorCode::unsupported, where + ":" + info.name,
           "is made of several tensors by a type that is not known");
    } else {
      reader.skip();
    }
  }
  return info;
}

Signature decode_signature(std::string name, Bytes bytes, const std::shared_ptr<const void>& owner,
                           const std::string& where) {
  Signature signature;
  signature.name = std::move(name);
  const std::string place = where + ":" + signature.name;
  Reader reader(bytes);
  while (reader.next()) {
    if (reader.tag() == 1 || reader.tag() == 2) {
      const bool is_input = reader.tag() == 1;
      const auto [key, value] = map_entry(view_of(reader));
      (is_input ? signature.inputs : signature.outputs)
          .push_back(decode_tensor_info(std::string(key), value, place));
    } else if (reader.tag() == 3) {
      signature.method = text_of(reader);
    } else if (reader.tag() == 4) {
      const auto [key, value] = map_entry(view_of(reader));
      signature.defaults[std::string(key)] =
          decode_tensor(value, owner, true, place + ":" + std::string(key));
    } else {
      reader.skip();
    }
  }
  const auto by_name = [](const TensorInfo& a, const TensorInfo& b) { return a.name < b.name; };
  std::sort(signature.inputs.begin(), signature.inputs.end(), by_name);
  std::sort(signature.outputs.begin(), signature.outputs.end(), by_name);
  return signature;
}

std::string_view node_of(std::string_view tensor) {
  return tensor.substr(0, tensor.find(':'));
}

void decode_meta_info(Reader reader, MetaGraph& graph) {
  while (reader.next()) {
    if (reader.tag() == 4) {
      graph.tags.push_back(text_of(reader));
    } else if (reader.tag() == 5) {
      graph.tensorflow_version = text_of(reader);
    } else {
      reader.skip();
    }
  }
}

void decode_saver(Reader reader, MetaGraph& graph) {
  while (reader.next()) {
    if (reader.tag() == 1) {
      graph.checkpoint_tensor = text_of(reader);
    } else if (reader.tag() == 3) {
      graph.restore.emplace_back(node_of(view_of(reader)));
    } else {
      reader.skip();
    }
  }
}

// The nodes of a collection of names, such as {node_list {value: "init"}}.
void decode_collection(std::string_view name, Bytes bytes, MetaGraph& graph) {
  if (name != "saved_model_main_op" && name != "legacy_init_op") return;
  Reader reader(bytes);
  while (reader.next(1)) {
    Reader list(view_of(reader));
    while (list.next(1)) graph.initialize.emplace_back(node_of(view_of(list)));
  }
}

void decode_asset(Reader reader, MetaGraph& graph) {
  std::string tensor;
  std::string file;
  while (reader.next()) {
    if (reader.tag() == 1) {
      Reader info(view_of(reader));
      while (info.next(1)) tensor = text_of(info);
    } else if (reader.tag() == 2) {
      file = text_of(reader);
    } else {
      reader.skip();
    }
  }
  graph.assets[tensor] = file;
}

MetaGraph decode_meta_graph(Bytes bytes, const std::shared_ptr<const void>& owner, const std::string& where) {
  MetaGraph graph;
  graph.where = where;
  Reader reader(bytes);
  while (reader.next()) {
    switch (reader.tag()) {
      case 1:
        decode_meta_info(Reader(view_of(reader)), graph);
        break;
      case 2:
        graph.graph = view_of(reader);
        break;
      case 3:
        decode_saver(Reader(view_of(reader)), graph);
        break;
      case 4: {
        const auto [name, value] = map_entry(view_of(reader));
        decode_collection(name, value, graph);
        break;
      }
      case 5: {
        const auto [name, value] = map_entry(view_of(reader));
        Signature signature = decode_signature(std::string(name), value, owner, where);
        if (name == "__saved_model_init_op") {
          for (const TensorInfo& output : signature.outputs)
            graph.initialize.emplace_back(node_of(output.tensor));
        } else if (!name.starts_with("__")) {
          graph.signatures.push_back(std::move(signature));
        }
        break;
      }
      case 6:
        decode_asset(Reader(view_of(reader)), graph);
        break;
      case 7:
        graph.object_graph = view_of(reader);
        break;
      default:
        reader.skip();
    }
  }
  std::sort(graph.signatures.begin(), graph.signatures.end(),
            [](const Signature& a, const Signature& b) { return a.name < b.name; });
  return graph;
}

}  // namespace

std::vector<MetaGraph> decode_saved_model(Bytes bytes, const std::shared_ptr<const void>& owner,
                                          const std::string& where) {
  return read_proto(bytes, where, [&](Reader reader) {
    std::vector<MetaGraph> graphs;
    while (reader.next()) {
      if (reader.tag() == 1) {
        const int64_t schema = varint_of(reader);
        if (schema != 1) fail(ErrorCode::unsupported, where, "the file has schema {}, 1 is read", schema);
      } else if (reader.tag() == 2) {
        graphs.push_back(decode_meta_graph(view_of(reader), owner, where));
      } else {
        reader.skip();
      }
    }
    if (graphs.empty()) fail(ErrorCode::bad_file, where, "the file holds no graph");
    return graphs;
  });
}

namespace {

// SavedUserObject of an object graph's node, when Keras made it.
KerasObject decode_user_object(Reader reader) {
  KerasObject object;
  while (reader.next()) {
    if (reader.tag() == 1) {
      object.identifier = text_of(reader);
    } else if (reader.tag() == 3) {
      object.metadata = text_of(reader);
    } else {
      reader.skip();
    }
  }
  return object;
}

// SavedObject of keras_metadata.pb: node_id 2, node_path 3, identifier 4, metadata 5.
KerasObject decode_metadata(Reader reader) {
  KerasObject object;
  while (reader.next()) {
    if (reader.tag() == 2) {
      object.number = static_cast<size_t>(varint_of(reader));
    } else if (reader.tag() == 3) {
      object.path = text_of(reader);
    } else if (reader.tag() == 4) {
      object.identifier = text_of(reader);
    } else if (reader.tag() == 5) {
      object.metadata = text_of(reader);
    } else {
      reader.skip();
    }
  }
  return object;
}

}  // namespace

std::vector<KerasObject> keras_objects(Bytes object_graph, Bytes keras_metadata, const std::string& where) {
  std::vector<KerasObject> objects;
  read_proto(keras_metadata, where, [&](Reader reader) {
    while (reader.next(1)) objects.push_back(decode_metadata(Reader(view_of(reader))));
    return 0;
  });
  if (!objects.empty()) return objects;
  read_proto(object_graph, where, [&](Reader reader) {
    for (size_t number = 0; reader.next(1); ++number) {
      Reader node(view_of(reader));
      while (node.next(4)) {
        KerasObject object = decode_user_object(Reader(view_of(node)));
        if (object.identifier.starts_with("_tf_keras") && !object.metadata.empty()) {
          object.number = number;
          object.path = number == 0 ? "root" : "";
          objects.push_back(std::move(object));
        }
      }
    }
    return 0;
  });
  return objects;
}

}  // namespace cornu::tensorflow
