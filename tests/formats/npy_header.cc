#include "formats/npy_header.h"

#include <gtest/gtest.h>

#include <array>

#include "support/expect_error.h"

namespace cornu::formats {
namespace {

std::string file_of(const std::string& dict, char version = 1) {
  std::string file = std::string("\x93NUMPY") + version + '\0';
  file += static_cast<char>(dict.size() & 0xff);
  file += static_cast<char>(dict.size() >> 8);
  if (version > 1) file.append(2, '\0');
  return file + dict;
}

NpyHeader parse(const std::string& file) {
  return parse_npy_header(std::as_bytes(std::span(file)), "a.npy");
}

std::string with_shape(const std::string& shape) {
  return file_of("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }");
}

void expect_refused(const std::string& file, ErrorCode code = ErrorCode::bad_file) {
  test::expect_error(
      code, [&] { parse(file); }, "a.npy");
}

TEST(NpyHeader, numpys_own_text_is_read) {
  const std::string file = file_of("{'descr': '>U12', 'fortran_order': True, 'shape': (3, 4), }      \n");
  const NpyHeader header = parse(file);
  EXPECT_EQ(header.byte_order, '>');
  EXPECT_EQ(header.kind, 'U');
  EXPECT_EQ(header.item_number, 12);
  EXPECT_TRUE(header.fortran_order);
  EXPECT_EQ(header.shape, (std::vector<int64_t>{3, 4}));
  EXPECT_EQ(header.data_offset, static_cast<int64_t>(file.size()));
}

TEST(NpyHeader, keys_may_come_in_any_order_and_shapes_may_be_python_2s) {
  const std::string file = file_of("{\"shape\": (3L,), 'fortran_order': False, 'descr': 'i8'}", 2);
  const NpyHeader header = parse(file);
  EXPECT_EQ(header.shape, std::vector<int64_t>{3});
  EXPECT_EQ(header.byte_order, '|');
  EXPECT_EQ(header.data_offset, static_cast<int64_t>(file.size()));
}

TEST(NpyHeader, a_scalar_has_an_empty_shape) {
  EXPECT_TRUE(parse(with_shape("()")).shape.empty());
}

TEST(NpyHeader, what_is_written_is_read_again) {
  for (const std::vector<int64_t>& shape :
       {std::vector<int64_t>{}, {7}, {0, 5}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}) {
    const std::string file = make_npy_header("<f8", shape);
    EXPECT_EQ(file.size() % 64, 0U);
    const NpyHeader header = parse(file);
    EXPECT_EQ(header.shape, shape);
    EXPECT_EQ(header.item_number, 8);
    EXPECT_EQ(header.data_offset, static_cast<int64_t>(file.size()));
  }
}

TEST(NpyHeader, a_file_cut_anywhere_in_its_header_is_bad_file) {
  const std::array<int64_t, 2> shape = {3, 4};
  const std::string file = make_npy_header("<f4", shape);
  for (size_t size = 0; size < file.size(); ++size) expect_refused(file.substr(0, size));
}

TEST(NpyHeader, any_byte_of_the_header_may_be_wrong_without_harm) {
  const std::array<int64_t, 2> shape = {3, 4};
  const std::string file = make_npy_header("<f4", shape);
  for (size_t at = 0; at < file.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string damaged = file;
      damaged[at] = static_cast<char>(value);
      try {
        parse(damaged);
      } catch (const Error& error) {
        EXPECT_TRUE(error.code() == ErrorCode::bad_file || error.code() == ErrorCode::unsupported)
            << error.what();
      }
    }
  }
}

TEST(NpyHeader, text_that_is_not_numpys_dict_is_bad_file) {
  for (const char* dict :
       {"", "{", "{}", "[]", "{'descr': '<f4', 'fortran_order': False}", "{'descr' '<f4'}", "{'descr': <f4}",
        "{'descr': '<f4}", "{'x': 1}", "__import__('os').system('id')"}) {
    expect_refused(file_of(dict));
  }
  const std::string good = "'descr': '<f4', 'fortran_order': False, 'shape': (3,)";
  expect_refused(file_of("{" + good + ", 'descr': '<f4'}"));
  expect_refused(file_of("{" + good + "} {"));
  expect_refused(file_of("{" + good + ", 'more': 1}"));
  expect_refused(file_of("{'descr': '', 'fortran_order': False, 'shape': ()}"));
  expect_refused(file_of("{'descr': '<f', 'fortran_order': False, 'shape': ()}"));
  expect_refused(file_of("{'descr': '<f4', 'fortran_order': 0, 'shape': ()}"));
}

TEST(NpyHeader, wrong_shapes_are_bad_file) {
  for (const char* shape :
       {"(3)", "(-1,)", "(3 4)", "(3,,)", "[3]", "3", "(3.5,)", "(1e3,)", "(9999999999999999999,)", "(3,"}) {
    expect_refused(with_shape(shape));
  }
  std::string many = "(";
  for (int i = 0; i < 65; ++i) many += "1, ";
  expect_refused(with_shape(many + ")"));
}

TEST(NpyHeader, sizes_whose_product_overflows_are_bad_file_even_beside_a_zero) {
  expect_refused(with_shape("(999999999999999999, 999999999999999999)"));
  expect_refused(with_shape("(0, 999999999999999999, 999999999999999999)"));
}

TEST(NpyHeader, structures_long_headers_and_later_versions_are_unsupported) {
  expect_refused(file_of("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }"),
                 ErrorCode::unsupported);
  expect_refused(file_of("{}", 4), ErrorCode::unsupported);
  expect_refused(std::string("\x93NUMPY\2\0\xff\xff\xff\xff{}", 14), ErrorCode::unsupported);
}

}  // namespace
}  // namespace cornu::formats
