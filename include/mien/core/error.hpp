// SPDX-License-Identifier: Apache-2.0
// The one exception of the library, and the way its text is put together.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

namespace mien {

/// A caller's mistake or a bad file; `what()` says what was expected, what was found, and what to do.
class Error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Joins its arguments into one text, as a stream would print them.
///
/// Call it only on the failing path (`if (bad) throw Error(concat(...))`): a text costs time.
template <class... Parts> [[nodiscard]] std::string concat(const Parts&... parts) {
  std::ostringstream text;
  (text << ... << parts);
  return text.str();
}

} // namespace mien
