// Messages in protocol buffers' text format: saved_model.pbtxt, and the file `checkpoint` of a folder of checkpoints.
#pragma once

#include <string>
#include <string_view>

namespace cornu::formats {

// The message, of a type that formats/saved_model/text_schema.cc knows, in wire format, as far as loading reads it; fields that it does not read are checked for their form and left out.
// Why no library: libprotobuf, which has a reader of this format, costs every process 5 million instructions at its start
// (libprotobuf 3.21, counted by callgrind in a program of its own), for a format that hardly any model is in.
// Throws bad_file (where: `where` and the line).
// Source  protobuf.dev, Text Format Language Specification; the .proto files named in tensorflow/saved_model.h and graph_def.h
std::string wire_of_text(std::string_view message, std::string_view text, const std::string& where);

}  // namespace cornu::formats
