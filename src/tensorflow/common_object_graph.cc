#include <deque>

#include "formats/proto.h"
#include "tensorflow/object_graph.h"

namespace cornu::tensorflow {
namespace {

using Reader = protozero::pbf_reader;
using Children = std::vector<std::pair<std::string, size_t>>;

std::pair<std::string, size_t> decode_reference(Reader reader) {
  std::pair<std::string, size_t> reference{"", 0};
  while (reader.next()) {
    if (reader.tag() == 1) {
      reference.second = static_cast<size_t>(varint_of(reader));
    } else if (reader.tag() == 2) {
      reference.first = view_of(reader);
    } else {
      reader.skip();
    }
  }
  return reference;
}

void decode_variable(Reader reader, SavedObject& object) {
  object.kind = SavedObject::Kind::variable;
  while (reader.next()) {
    if (reader.tag() == 3) {
      object.trainable = varint_of(reader) != 0;
    } else if (reader.tag() == 6) {
      object.name = view_of(reader);
    } else {
      reader.skip();
    }
  }
}

SavedObject decode_object(Reader reader) {
  SavedObject object;
  while (reader.next()) {
    switch (reader.tag()) {
      case 1:
        object.children.push_back(decode_reference(Reader(view_of(reader))));
        break;
      case 4: {
        object.kind = SavedObject::Kind::user;
        Reader user(view_of(reader));
        while (user.next(1)) object.identifier = view_of(user);
        break;
      }
      case 6:
      case 8: {  // a function with its traces, or a single trace
        object.kind = SavedObject::Kind::function;
        Reader function(view_of(reader));
        while (function.next(1)) object.functions.emplace_back(view_of(function));
        break;
      }
      case 7:
        decode_variable(Reader(view_of(reader)), object);
        break;
      default:
        reader.skip();
    }
  }
  return object;
}

std::vector<size_t> decode_captures(Reader reader) {
  std::vector<size_t> captures;
  while (reader.next()) {
    if (reader.tag() != 2) {
      reader.skip();
    } else if (reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
      for (const int32_t object : reader.get_packed_int32()) captures.push_back(static_cast<size_t>(object));
    } else {
      captures.push_back(static_cast<size_t>(varint_of(reader)));
    }
  }
  return captures;
}

void check_references(const Children& children, size_t count, const std::string& where) {
  for (const auto& [name, object] : children) {
    if (object >= count)
      fail(ErrorCode::bad_file, where, "'{}' refers to object {} of {}", name, object, count);
  }
}

Trackable decode_trackable(Reader reader) {
  Trackable object;
  while (reader.next()) {
    if (reader.tag() == 1) {
      object.children.push_back(decode_reference(Reader(view_of(reader))));
    } else if (reader.tag() == 2) {
      Reader attribute(view_of(reader));
      std::string_view name;
      std::string_view key;
      while (attribute.next()) {
        if (attribute.tag() == 1) {
          name = view_of(attribute);
        } else if (attribute.tag() == 3) {
          key = view_of(attribute);
        } else {
          attribute.skip();
        }
      }
      if (name == "VARIABLE_VALUE") object.key = key;
    } else {
      reader.skip();
    }
  }
  return object;
}

}  // namespace

size_t ObjectGraph::child(size_t object, std::string_view attribute) const {
  if (object >= objects.size()) return objects.size();
  for (const auto& [name, number] : objects[object].children) {
    if (name == attribute) return number;
  }
  return objects.size();
}

size_t ObjectGraph::find(std::string_view path) const {
  size_t object = path.starts_with("root") && !objects.empty() ? 0 : objects.size();
  size_t begin = path.find('.');
  while (begin != std::string_view::npos) {
    const size_t end = path.find('.', begin + 1);
    object = child(object, path.substr(begin + 1, end == std::string_view::npos ? end : end - begin - 1));
    begin = end;
  }
  return object;
}

ObjectGraph decode_object_graph(Bytes bytes, const std::string& where) {
  return read_proto(bytes, where, [&](Reader reader) {
    ObjectGraph graph;
    while (reader.next()) {
      if (reader.tag() == 1) {
        graph.objects.push_back(decode_object(Reader(view_of(reader))));
      } else if (reader.tag() == 2) {
        const auto [name, value] = map_entry(view_of(reader));
        graph.captures[std::string(name)] = decode_captures(Reader(value));
      } else {
        reader.skip();
      }
    }
    for (const SavedObject& object : graph.objects)
      check_references(object.children, graph.objects.size(), where);
    for (const auto& [name, captures] : graph.captures) {
      for (const size_t object : captures) check_references({{name, object}}, graph.objects.size(), where);
    }
    return graph;
  });
}

std::vector<Trackable> decode_trackables(Bytes bytes, const std::string& where) {
  return read_proto(bytes, where, [&](Reader reader) {
    std::vector<Trackable> objects;
    while (reader.next(1)) objects.push_back(decode_trackable(Reader(view_of(reader))));
    for (const Trackable& object : objects) check_references(object.children, objects.size(), where);
    return objects;
  });
}

std::vector<std::string> checkpoint_keys(const ObjectGraph& graph, Bytes trackable,
                                         const std::string& where) {
  const std::vector<Trackable> stored = decode_trackables(trackable, where);
  std::vector<std::string> keys(graph.objects.size());
  if (stored.empty() || graph.objects.empty()) return keys;
  std::vector<bool> seen(graph.objects.size(), false);
  std::deque<std::pair<size_t, size_t>> open{{0, 0}};
  seen[0] = true;
  while (!open.empty()) {
    const auto [object, other] = open.front();
    open.pop_front();
    keys[object] = stored[other].key;
    // Mostly both list an object's children in the same order.
    const Children& children = stored[other].children;
    std::map<std::string_view, size_t> known;
    size_t at = 0;
    for (const auto& [name, number] : graph.objects[object].children) {
      const bool next = at < children.size() && children[at].first == name;
      if (!next && known.empty()) {
        for (size_t i = 0; i < children.size(); ++i) known[children[i].first] = i;
      }
      const auto found = next ? known.end() : known.find(name);
      if (!next && found == known.end()) continue;
      at = next ? at : found->second;
      if (!seen[number]) open.emplace_back(number, children[at].second);
      seen[number] = true;
      ++at;
    }
  }
  return keys;
}

}  // namespace cornu::tensorflow
