#include "formats/hdf5/plugin/plugin.h"

#include <hdf5.h>

#include <cstdio>

#include "formats/hdf5/plugin/lzf_filter.h"
#include "formats/hdf5/plugin/memory_file.h"

namespace {

// Closes a handle of the library at the end of the scope.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  hid_t get() const { return id_; }
  bool valid() const { return id_ >= 0; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

struct Reason {
  char* text;
  size_t size_bytes;
};

// The innermost message of the library's error stack says most.
herr_t copy_description(unsigned, const H5E_error2_t* error, void* user) {
  const auto* reason = static_cast<const Reason*>(user);
  if (error->desc != nullptr) std::snprintf(reason->text, reason->size_bytes, "%s", error->desc);
  return 1;  // stop
}

int explain(char* text, size_t size_bytes, const char* otherwise) {
  Reason reason{text, size_bytes};
  std::snprintf(text, size_bytes, "%s", otherwise);
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, copy_description, &reason);
  H5Eclear2(H5E_DEFAULT);
  return 1;
}

hid_t file_of(void* session) {
  return *static_cast<hid_t*>(session);
}

// The file's own type in little-endian order, so that the library does nothing but swap bytes.
hid_t little_endian(hid_t stored) {
  const hid_t type = H5Tcopy(stored);
  const H5T_class_t kind = H5Tget_class(type);
  if (kind == H5T_INTEGER || kind == H5T_FLOAT) H5Tset_order(type, H5T_ORDER_LE);
  return type;
}

}  // namespace

void* cornu_hdf5_open(const void* bytes, size_t size_bytes, char* reason, size_t reason_bytes) {
  static const bool ready =
      H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0 && cornu::hdf5_plugin::register_lzf();
  if (!ready) {
    explain(reason, reason_bytes, "it does not start");
    return nullptr;
  }
  const hid_t file = cornu::hdf5_plugin::open_memory_file(bytes, size_bytes);
  if (file < 0) {
    explain(reason, reason_bytes, "the file does not open");
    return nullptr;
  }
  return new hid_t(file);
}

void cornu_hdf5_close(void* session) {
  H5Fclose(file_of(session));
  delete static_cast<hid_t*>(session);
}

int cornu_hdf5_stored_bytes(void* session, uint64_t address, uint64_t* stored, char* reason,
                            size_t reason_bytes) {
  const Handle dataset(H5Oopen_by_addr(file_of(session), address), H5Oclose);
  if (!dataset.valid() || H5Iget_type(dataset.get()) != H5I_DATASET) {
    return explain(reason, reason_bytes, "it is not a dataset");
  }
  *stored = H5Dget_storage_size(dataset.get());
  return 0;
}

int cornu_hdf5_read(void* session, uint64_t address, void* out, size_t out_bytes, char* reason,
                    size_t reason_bytes) {
  const Handle dataset(H5Oopen_by_addr(file_of(session), address), H5Oclose);
  if (!dataset.valid() || H5Iget_type(dataset.get()) != H5I_DATASET) {
    return explain(reason, reason_bytes, "it is not a dataset");
  }
  const Handle space(H5Dget_space(dataset.get()), H5Sclose);
  const Handle stored(H5Dget_type(dataset.get()), H5Tclose);
  if (!space.valid() || !stored.valid()) return explain(reason, reason_bytes, "it has no shape or type");
  const Handle type(little_endian(stored.get()), H5Tclose);
  const hssize_t count = H5Sget_simple_extent_npoints(space.get());
  const size_t element_bytes = H5Tget_size(type.get());
  if (count <= 0 || element_bytes == 0 || out_bytes / element_bytes != static_cast<size_t>(count) ||
      out_bytes % element_bytes != 0) {
    return explain(reason, reason_bytes, "its size is not the one in its header");
  }
  if (H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, out) < 0) {
    return explain(reason, reason_bytes, "the data cannot be decoded");
  }
  return 0;
}
