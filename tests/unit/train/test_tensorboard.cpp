// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/train/sample_events.hpp"

#include <cstdlib>
#include <sys/wait.h>

using namespace mien;

TEST_CASE("events: TensorBoard reads every figure back") {
  const test::TempFolder folder;
  write_events(folder / events_file_name, test::three_epochs(), test::noted);
  const auto command =
      std::string("'" MIEN_PYTHON "' tests/unit/train/read_events.py '") + folder.path().string() + "'";
  const int status = std::system(command.c_str());
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) return; // it has said SKIPPED
  CHECK(status == 0);
}
