// Checks that a call throws cornu::Error with a code, and that its message is one line that says the right
// thing.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "cornu/error.h"

namespace cornu::test {

// Runs `call`; fails the test unless it throws an Error of `code` whose what() contains `text`.
template <class Call>
void expect_error(ErrorCode code, Call&& call, std::string_view text = {}) {
  try {
    call();
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_STREQ(error_code_name(error.code()), error_code_name(code)) << what;
    EXPECT_NE(what.find(text), std::string::npos)
        << "the message is \"" << what << "\" and lacks \"" << text << '"';
    EXPECT_EQ(what.find('\n'), std::string::npos) << "the message has several lines: " << what;
    return;
  }
  ADD_FAILURE() << "no error was thrown, expected " << error_code_name(code) << ' ' << text;
}

}  // namespace cornu::test
