#include "formats/hdf5/library.h"

#include <dlfcn.h>

#include <array>
#include <filesystem>
#include <mutex>

#include "base/fail.h"
#include "formats/hdf5/plugin/plugin.h"

namespace cornu::formats::hdf5 {
namespace {

namespace fs = std::filesystem;

constexpr char kModule[] = "cornu_hdf5_plugin.so";

struct Module {
  decltype(&cornu_hdf5_open) open = nullptr;
  decltype(&cornu_hdf5_close) close = nullptr;
  decltype(&cornu_hdf5_stored_bytes) stored_bytes = nullptr;
  decltype(&cornu_hdf5_read) read = nullptr;
};

// The folder of the program or shared library that contains this code; empty if the system cannot tell.
fs::path own_folder() {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(&own_folder), &info) != 0 && info.dli_fname != nullptr) {
    const fs::path name = info.dli_fname;
    // A program's name may be relative to a folder that is no longer the current one: never load from there.
    if (name.is_absolute()) return name.parent_path();
  }
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path();
}

// Beside us, and in the lib/cornu of an installation or build tree whose program or Python module we are.
std::array<fs::path, 4> candidates() {
  const fs::path here = own_folder();
  const fs::path installed = fs::path("lib") / "cornu" / kModule;
  return {here / kModule, here / installed, here.parent_path() / installed, here / "cornu" / kModule};
}

template <class Function>
void look_up(void* handle, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(handle, name));
  if (function == nullptr) fail(ErrorCode::internal, kModule, "lacks the function {}", name);
}

Module load_module() {
  std::string tried;
  for (const fs::path& path : candidates()) {
    std::error_code error;
    if (!fs::exists(path, error)) {
      tried += (tried.empty() ? "" : ", ") + path.string();
      continue;
    }
    // Never closed: the HDF5 library registers functions to run when the process ends.
    void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) fail(ErrorCode::unsupported, path.string(), "cannot be loaded: {}", ::dlerror());
    Module module;
    look_up(handle, "cornu_hdf5_open", module.open);
    look_up(handle, "cornu_hdf5_close", module.close);
    look_up(handle, "cornu_hdf5_stored_bytes", module.stored_bytes);
    look_up(handle, "cornu_hdf5_read", module.read);
    return module;
  }
  fail(ErrorCode::unsupported, kModule,
       "chunked, compressed and big-endian datasets need this module; none of {} exists", tried);
}

const Module& module() {
  static const Module loaded = load_module();
  return loaded;
}

std::mutex& turn() {
  static std::mutex mutex;
  return mutex;
}

using Reason = std::array<char, 256>;

[[noreturn]] void fail_library(const std::string& where, const Reason& reason) {
  fail(ErrorCode::bad_file, where, "the HDF5 library cannot read it: {}", reason.data());
}

}  // namespace

Library::Library(std::span<const std::byte> bytes, std::string where)
    : bytes_(bytes), where_(std::move(where)) {}

Library::~Library() {
  if (session_ == nullptr) return;
  const std::lock_guard lock(turn());
  module().close(session_);
}

void* Library::session() {
  if (session_ == nullptr) {
    Reason reason{};
    session_ = module().open(bytes_.data(), bytes_.size(), reason.data(), reason.size());
    if (session_ == nullptr) fail_library(where_, reason);
  }
  return session_;
}

uint64_t Library::stored_bytes(const Object& dataset) {
  const std::lock_guard lock(turn());
  Reason reason{};
  uint64_t stored = 0;
  if (module().stored_bytes(session(), dataset.address(), &stored, reason.data(), reason.size()) != 0) {
    fail_library(dataset.where(), reason);
  }
  return stored;
}

void Library::read(const Object& dataset, std::span<std::byte> out) {
  const std::lock_guard lock(turn());
  Reason reason{};
  if (module().read(session(), dataset.address(), out.data(), out.size(), reason.data(), reason.size()) !=
      0) {
    fail_library(dataset.where(), reason);
  }
}

}  // namespace cornu::formats::hdf5
