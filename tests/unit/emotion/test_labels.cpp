// SPDX-License-Identifier: Apache-2.0
#include "mien/core/error.hpp"
#include "mien/emotion/labels.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace mien;

TEST_CASE("labels: expressions count in the alphabetical order of their folders") {
  CHECK(std::is_sorted(expression_names.begin(), expression_names.end()));
  CHECK(expression_classes() ==
        std::vector<std::string>{"angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"});
}

TEST_CASE("labels: the numbers of fer2013.csv name the same seven, neutral last") {
  CHECK(fer2013_names[3] == "happy");
  CHECK(fer2013_names[4] == "sad");
  CHECK(fer2013_names[5] == "surprise");
  CHECK(fer2013_names[6] == "neutral");
  CHECK(std::is_permutation(fer2013_names.begin(), fer2013_names.end(), expression_names.begin()));
}

TEST_CASE("labels: a name has its place, and an unknown one an error that lists the seven") {
  for (std::size_t i = 0; i < expression_names.size(); ++i) CHECK(expression_index(expression_names[i]) == i);
  try {
    (void)expression_index("joy");
    FAIL("an unknown name was accepted");
  } catch (const Error& error) {
    CHECK(error.what() == std::string("no apparent expression is called 'joy'; the names are angry, disgust, fear, "
                                      "happy, neutral, sad, surprise"));
  }
}
