// Errors of the public API.
//
// Loading, compiling and misuse of the API throw cornu::Error. A code says what the caller can do about it;
// the message is one sentence: what was wrong, the value received, what would do. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace cornu {

// The numeric values are the exit status of the command line and the return codes of the C ABI; they never
// change.
enum class ErrorCode {
  not_found = 2,      // the path or name does not exist
  bad_file = 3,       // the bytes of a file contradict its format
  bad_config = 4,     // a model or layer configuration is wrong
  bad_shape = 5,      // shapes or types of tensors do not fit
  unsupported = 6,    // valid, but Cornu cannot do it; the message names every reason
  io = 7,             // the operating system refused
  out_of_memory = 8,  // an allocation of a justified size failed
  bad_argument = 9,   // a wrong argument of a call or of the command line
  internal = 10,      // a defect of Cornu
};

// The snake_case name of a code, for example "bad_file". The pointer lives forever.
const char* error_code_name(ErrorCode code) noexcept;

// The only exception type that Cornu throws on purpose. Copyable; safe to pass between threads.
class Error : public std::runtime_error {
 public:
  // where: file, layer, byte offset or argument name; may be empty. what() is then "where: message".
  Error(ErrorCode code, std::string message, std::string where = {});

  ErrorCode code() const noexcept { return code_; }
  const std::string& where() const noexcept { return where_; }
  const std::string& message() const noexcept { return message_; }

  // The same error with an outer place in front: "outer: where: message".
  Error within(const std::string& outer) const;

 private:
  ErrorCode code_;
  std::string message_;
  std::string where_;
};

}  // namespace cornu
