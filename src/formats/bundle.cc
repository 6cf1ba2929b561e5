#include "formats/bundle.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>

#include "base/checked.h"
#include "base/crc32c.h"
#include "formats/proto.h"
#include "formats/table.h"

namespace cornu::formats {
namespace {

constexpr int kFirstReference = 100;      // DT_FLOAT_REF is DT_FLOAT + 100
constexpr int64_t kMostShards = 1 << 16;  // five digits in their names

// BundleEntryProto.
struct Entry {
  int type = 0;
  Shape shape;
  int64_t shard = 0;
  int64_t offset = 0;
  int64_t size = 0;
  uint32_t checksum = 0;
  int64_t slices = 0;
};

Shape shape_of(std::string_view bytes) {
  Shape shape;
  protozero::pbf_reader reader(bytes);
  while (reader.next(2)) {
    protozero::pbf_reader dim(view_of(reader));
    shape.push_back(dim.next(1) ? varint_of(dim) : 0);
  }
  return shape;
}

Entry decode_entry(protozero::pbf_reader reader) {
  Entry entry;
  while (reader.next()) {
    switch (reader.tag()) {
      case 1:
        entry.type = static_cast<int>(varint_of(reader));
        break;
      case 2:
        entry.shape = shape_of(view_of(reader));
        break;
      case 3:
        entry.shard = varint_of(reader);
        break;
      case 4:
        entry.offset = varint_of(reader);
        break;
      case 5:
        entry.size = varint_of(reader);
        break;
      case 6:
        entry.checksum = reader.get_fixed32();
        break;
      case 7:
        ++entry.slices;
        reader.skip();
        break;
      default:
        reader.skip();
    }
  }
  return entry;
}

class BundleReader {
 public:
  explicit BundleReader(const std::filesystem::path& prefix)
      : prefix_(prefix.string()), index_(prefix_ + ".index") {}

  Bundle read() {
    const StoragePtr index = map_file(index_);
    bundle_.file_bytes = static_cast<int64_t>(index->bytes().size());
    bool has_header = false;
    read_table(index->bytes(), index_, [&](std::string_view key, std::string_view value) {
      read_proto(value, index_ + ":" + std::string(key), [&](const protozero::pbf_reader& reader) {
        if (key.empty()) {
          read_header(reader);
          has_header = true;
        } else {
          if (!has_header) fail(ErrorCode::bad_file, index_, "the index starts with no header");
          add(std::string(key), decode_entry(reader));
        }
        return 0;
      });
    });
    if (!has_header) fail(ErrorCode::bad_file, index_, "the index has no header");
    return std::move(bundle_);
  }

 private:
  void read_header(protozero::pbf_reader reader) {
    int64_t shards = 1;
    bool big_endian = false;
    while (reader.next()) {
      if (reader.tag() == 1) {
        shards = varint_of(reader);
      } else if (reader.tag() == 2) {
        big_endian = varint_of(reader) != 0;
      } else {
        reader.skip();
      }
    }
    if (big_endian) fail(ErrorCode::unsupported, index_, "the checkpoint is big-endian");
    if (shards < 1 || shards > kMostShards)
      fail(ErrorCode::bad_file, index_, "the checkpoint claims {} shards", shards);
    shards_.resize(static_cast<size_t>(shards));
  }

  const StoragePtr& shard(int64_t number, const std::string& where) {
    if (number < 0 || number >= static_cast<int64_t>(shards_.size()))
      fail(ErrorCode::bad_file, where, "lies in shard {}, there are {}", number, shards_.size());
    StoragePtr& shard = shards_[static_cast<size_t>(number)];
    if (!shard) {
      shard = map_file(fmt::format("{}.data-{:05}-of-{:05}", prefix_, number, shards_.size()));
      bundle_.file_bytes += static_cast<int64_t>(shard->bytes().size());
    }
    return shard;
  }

  void add(std::string name, const Entry& entry) {
    const std::string where = index_ + ":" + name;
    if (name[0] == '\0') return;  // a slice of a tensor that is stored in parts
    if (entry.slices > 0)
      fail(ErrorCode::unsupported, where, "the tensor is stored in {} slices, only whole ones are read",
           entry.slices);
    const auto dtype = dtype_of_tensorflow(entry.type);
    if (!dtype) fail(ErrorCode::unsupported, where, "type number {} is not known", entry.type);
    int64_t count = 1;
    for (int64_t size : entry.shape) {
      if (size < 0) fail(ErrorCode::bad_file, where, "has shape {}", entry.shape.to_string());
      count = checked_mul(count, size, where);
    }
    if (entry.size == 0 && count == 0) {
      bundle_.tensors.push_back({std::move(name), {*dtype, entry.shape, nullptr, nullptr, true}});
      return;
    }
    const StoragePtr& file = shard(entry.shard, where);
    const auto file_size = static_cast<int64_t>(file->bytes().size());
    if (entry.size < 0 || entry.offset < 0 || entry.size > file_size ||
        entry.offset > file_size - entry.size) {
      fail(ErrorCode::bad_file, where, "{} bytes at {} are not within the {} bytes of '{}'", entry.size,
           entry.offset, file_size, file->name());
    }
    const auto bytes =
        file->bytes().subspan(static_cast<size_t>(entry.offset), static_cast<size_t>(entry.size));
    if (*dtype == DType::string) {
      bundle_.tensors.push_back({std::move(name), strings(bytes, entry, count, where)});
      return;
    }
    if (checked_mul(count, dtype_size(*dtype), where) != entry.size) {
      fail(ErrorCode::bad_file, where, "shape {} of {} takes {} bytes, {} are stored",
           entry.shape.to_string(), dtype_name(*dtype), count * dtype_size(*dtype), entry.size);
    }
    bundle_.tensors.push_back({std::move(name), {*dtype, entry.shape, bytes.data(), file, true}});
  }

  // All lengths, a checksum of them, then the strings. Source: WriteStringTensor in tensor_bundle.cc
  static Tensor strings(std::span<const std::byte> bytes, const Entry& entry, int64_t count,
                        const std::string& where) {
    const char* at = reinterpret_cast<const char*>(bytes.data());
    const char* end = at + bytes.size();
    if (count > entry.size)
      fail(ErrorCode::bad_file, where, "{} strings are said to be in {} bytes", count, entry.size);
    std::vector<uint64_t> lengths;
    std::vector<std::string> values;
    try {
      for (int64_t i = 0; i < count; ++i) lengths.push_back(protozero::decode_varint(&at, end));
    } catch (const protozero::exception&) {
      fail(ErrorCode::bad_file, where, "the lengths of the strings are cut");
    }
    constexpr size_t kChecksumBytes = 4;
    if (static_cast<size_t>(end - at) < kChecksumBytes)
      fail(ErrorCode::bad_file, where, "the strings are cut");
    at += kChecksumBytes;
    for (uint64_t length : lengths) {
      if (length > static_cast<uint64_t>(end - at)) fail(ErrorCode::bad_file, where, "the strings are cut");
      values.emplace_back(at, length);
      at += length;
    }
    return string_tensor(std::move(values), entry.shape);
  }

  const std::string prefix_;
  const std::string index_;
  Bundle bundle_;
  std::vector<StoragePtr> shards_;
};

}  // namespace

std::optional<DType> dtype_of_tensorflow(int number) {
  if (number > kFirstReference) number -= kFirstReference;
  constexpr DType kTypes[] = {DType::float32, DType::float64,    DType::int32,  DType::uint8,
                              DType::int16,   DType::int8,       DType::string, DType::complex64,
                              DType::int64,   DType::boolean,    DType::int8,   DType::uint8,
                              DType::int32,   DType::bfloat16,   DType::int16,  DType::uint16,
                              DType::uint16,  DType::complex128, DType::float16};
  if (number >= 1 && number <= static_cast<int>(std::size(kTypes))) return kTypes[number - 1];
  if (number == 22) return DType::uint32;
  if (number == 23) return DType::uint64;
  return std::nullopt;
}

Bundle read_bundle(const std::filesystem::path& prefix) {
  return BundleReader(prefix).read();
}

}  // namespace cornu::formats
