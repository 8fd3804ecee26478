// SPDX-License-Identifier: Apache-2.0
// Ctrl-C as a question that a loop asks.
#pragma once

namespace mien::cli {

/// The exit code of a subcommand that was stopped and saved its work.
inline constexpr int exit_interrupted = 130;

/// From now on Ctrl-C (SIGINT), SIGTERM and SIGHUP set a flag; the second one ends the program at once, as the first
/// would have done. A signal that is ignored (`nohup mien train`) stays so.
void catch_interrupts();

/// Whether one came.
[[nodiscard]] bool interrupted() noexcept;

} // namespace mien::cli
