// SPDX-License-Identifier: Apache-2.0
// An outsider in two files: the headers may be included by both, whatever flags each is compiled with.
#include "mien/mien.hpp"

#include <cstdio>

std::int64_t elements_by_two(const mien::Shape& shape);

int main() {
  const mien::Tensor faces(mien::Shape{2, 48, 48, 1});
  const bool same = elements_by_two(faces.shape()) == static_cast<std::int64_t>(faces.size());
  std::puts(same ? "both files agree" : "the files disagree");
  return same ? 0 : 1;
}
