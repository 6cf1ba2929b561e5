#include "cornu/error.h"

namespace cornu {

const char* error_code_name(ErrorCode code) noexcept {
  if (static_cast<int>(code) == 11) return "timed_out";  // kTimedOut and kWorkerDied of cornu/pool.h
  if (static_cast<int>(code) == 12) return "worker_died";
  switch (code) {
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::bad_file:
      return "bad_file";
    case ErrorCode::bad_config:
      return "bad_config";
    case ErrorCode::bad_shape:
      return "bad_shape";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::io:
      return "io";
    case ErrorCode::out_of_memory:
      return "out_of_memory";
    case ErrorCode::bad_argument:
      return "bad_argument";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

Error::Error(ErrorCode code, std::string message, std::string where)
    : std::runtime_error(where.empty() ? message : where + ": " + message),
      code_(code),
      message_(std::move(message)),
      where_(std::move(where)) {}

Error Error::within(const std::string& outer) const {
  return Error(code_, message_, where_.empty() ? outer : outer + ": " + where_);
}

}  // namespace cornu
