// SPDX-License-Identifier: Apache-2.0
// An outsider's program: it needs nothing but the installed package.
#include "mien/mien.hpp"

#include <cstdio>

int main() {
  mien::Tensor faces(mien::Shape{2, 48, 48, 1});
  mien::Rng rng(1, mien::Purpose::test);
  for (float& pixel : faces.view<float>()) pixel = rng.uniform();
  std::printf("mien is here: %s\n", faces.shape().to_string().c_str());
}
