// A LevelDB table in memory: sorted keys and values in checksummed blocks. TensorFlow's checkpoints keep their index in one.
//
// Read here rather than with LevelDB's own library: that one trusts block sizes before it checks them, and these bytes may
// come from anybody.
// Source  docs/formats/saved_model.md; LevelDB doc/table_format.md; tensorflow/tsl/lib/io/table
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace cornu::formats {

// Whether the bytes end as a table does.
bool is_table(std::span<const std::byte> file);

// Calls fn(key, value) for every entry, in order; the views live during the call. Throws bad_file at `where`: cut, a wrong
// checksum, a block beyond the file; unsupported: a block that is compressed with anything but snappy.
void read_table(std::span<const std::byte> file, const std::string& where,
                const std::function<void(std::string_view key, std::string_view value)>& fn);

}  // namespace cornu::formats
