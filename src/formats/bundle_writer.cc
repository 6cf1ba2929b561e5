#include "formats/bundle_writer.h"

#include <leveldb/env.h>
#include <leveldb/options.h>
#include <leveldb/table_builder.h>

#include <iterator>
#include <map>

#include "base/crc32c.h"
#include "base/fail.h"
#include "base/output_file.h"
#include "formats/proto.h"
#include "formats/tensorflow_types.h"
#include "tensor/pieces.h"

#include <protozero/pbf_writer.hpp>

namespace cornu::formats {
namespace {

constexpr int64_t kAlignment = 64;

// The table's file: LevelDB's interface over ours, so that a failed write is our error.
class TableFile : public leveldb::WritableFile {
 public:
  explicit TableFile(OutputFile& file) : file_(file) {}
  leveldb::Status Append(const leveldb::Slice& data) override {
    file_.write(std::as_bytes(std::span(data.data(), data.size())));
    return leveldb::Status::OK();
  }
  leveldb::Status Close() override { return leveldb::Status::OK(); }
  leveldb::Status Flush() override { return leveldb::Status::OK(); }
  leveldb::Status Sync() override { return leveldb::Status::OK(); }

 private:
  OutputFile& file_;
};

// The data file, with what an entry of the index says of each tensor.
class DataFile {
 public:
  explicit DataFile(const std::filesystem::path& path) : file_(path) {}

  std::string add(const Tensor& tensor) {
    static constexpr std::byte kZeros[kAlignment] = {};
    const auto padding = static_cast<size_t>((kAlignment - at_ % kAlignment) % kAlignment);
    file_.write(std::span(kZeros).first(padding));
    at_ += static_cast<int64_t>(padding);
    const int64_t begin = at_;
    crc_ = 0;
    if (tensor.dtype == DType::string) {
      write_texts(
          {reinterpret_cast<const std::string*>(tensor.data), static_cast<size_t>(tensor.shape.elements())});
    } else {
      for_each_piece(tensor, [this](std::span<const std::byte> bytes) { write(bytes); });
    }
    return entry(tensor, begin);
  }
  void commit() { file_.commit(); }

 private:
  void write(std::span<const std::byte> bytes) {
    crc_ = crc32c(bytes, crc_);
    file_.write(bytes);
    at_ += static_cast<int64_t>(bytes.size());
  }

  // WriteStringTensor: the lengths as varints, a checksum of the lengths as numbers, the bytes. The varints themselves are not
  // in the entry's checksum, the numbers are.
  void write_texts(std::span<const std::string> texts) {
    uint32_t crc = 0;
    std::string varints;
    for (const std::string& text : texts) {
      const auto length = static_cast<uint32_t>(text.size());
      protozero::write_varint(std::back_inserter(varints), length);
      crc = crc32c(std::as_bytes(std::span(&length, 1)), crc);
    }
    write(std::as_bytes(std::span(varints)));
    crc_ = crc;
    const uint32_t check = masked_crc(crc_);
    write(std::as_bytes(std::span(&check, 1)));
    for (const std::string& text : texts) write(std::as_bytes(std::span(text)));
  }

  // BundleEntryProto: dtype 1, shape 2 (dim 2: size 1), shard_id 3, offset 4, size 5, crc32c 6.
  std::string entry(const Tensor& tensor, int64_t begin) const {
    std::string bytes;
    protozero::pbf_writer message(bytes);
    message.add_enum(1, tensorflow_type(tensor.dtype));
    {
      protozero::pbf_writer shape(message, 2);
      for (const int64_t size : tensor.shape) {
        protozero::pbf_writer dim(shape, 2);
        dim.add_int64(1, size);
      }
    }
    if (begin != 0) message.add_int64(4, begin);
    if (at_ != begin) message.add_int64(5, at_ - begin);
    message.add_fixed32(6, masked_crc(crc_));
    return bytes;
  }

  OutputFile file_;
  int64_t at_ = 0;
  uint32_t crc_ = 0;
};

// BundleHeaderProto: num_shards 1, endianness 2 (0: little), version 3 (VersionDef: producer 1).
std::string header() {
  std::string bytes;
  protozero::pbf_writer message(bytes);
  message.add_int32(1, 1);
  {
    protozero::pbf_writer version(message, 3);
    version.add_int32(1, 1);
  }
  return bytes;
}

}  // namespace

void write_bundle(const std::filesystem::path& prefix, std::span<const NamedTensor> tensors) {
  DataFile data(prefix.string() + ".data-00000-of-00001");
  std::map<std::string, std::string> entries{{"", header()}};  // sorted by name, as the table must be
  for (const NamedTensor& tensor : tensors) {
    entries[tensor.name] = data.add(tensor.tensor);
  }
  OutputFile index(prefix.string() + ".index");
  TableFile table_file(index);
  leveldb::Options options;
  options.compression = leveldb::kNoCompression;
  leveldb::TableBuilder table(options, &table_file);
  for (const auto& [name, entry] : entries) table.Add(name, entry);
  if (const leveldb::Status status = table.Finish(); !status.ok())
    fail(ErrorCode::io, prefix.string(), "cannot write the index: {}", status.ToString());
  data.commit();
  index.commit();
}

}  // namespace cornu::formats
