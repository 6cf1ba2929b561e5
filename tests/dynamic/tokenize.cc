#include "support/dynamic_run.h"

namespace cornu::dynamic {
namespace {

using Strings = std::vector<std::string>;

Strings tokens(const Strings& texts, const Attrs& attrs, int64_t length) {
  ir::Graph graph;
  const auto batch = static_cast<int64_t>(texts.size());
  const ir::Value x = graph.add_input("x", DType::string, {batch});
  graph.add_output("y", test::add(graph, "tokenize", {x}, attrs));
  const Tensor y = test::run_dynamic(graph, {string_tensor(texts, {batch})})[0];
  EXPECT_EQ(y.shape, Shape({batch, length}));
  const auto all = strings_of(y);
  return {all.begin(), all.end()};
}

TEST(tokenize, words_of_texts_in_small_letters_without_punctuation) {
  EXPECT_EQ(tokens({" The cat,\tsat! ", "don't"}, {{"lower", true}, {"strip", true}}, 3),
            (Strings{"the", "cat", "sat", "dont", "", ""}));
}

TEST(tokenize, rows_are_cut_and_filled_to_a_length) {
  EXPECT_EQ(tokens({"a b c", "d"}, {{"length", int64_t{2}}}, 2), (Strings{"a", "b", "d", ""}));
}

TEST(tokenize, characters_are_those_of_utf8) {
  EXPECT_EQ(tokens({"a\xC3\xA9\xFF"}, {{"split", std::string("character")}}, 3),
            (Strings{"a", "\xC3\xA9", "\xEF\xBF\xBD"}));
}

TEST(tokenize, ngrams_are_joined_by_spaces) {
  EXPECT_EQ(tokens({"a b c"}, {{"ngrams", Ints{1, 2}}}, 5), (Strings{"a", "b", "c", "a b", "b c"}));
}

TEST(tokenize, no_text_gives_no_tokens) {
  EXPECT_EQ(tokens({"", " "}, {}, 0), Strings{});
}

}  // namespace
}  // namespace cornu::dynamic
