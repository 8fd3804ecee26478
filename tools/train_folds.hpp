// SPDX-License-Identifier: Apache-2.0
// `mien train --folds`: cross-validation, and what its answers say of the pictures' labels.
#pragma once

#include "tools/train_many.hpp"

namespace mien::cli {

/// Trains once without each fold, names the pictures of that fold, and measures all answers; the exit code. The fold
/// chooses neither the epoch nor the temperature: validation pictures among the others do. Throws Error if the pictures
/// are packed.
[[nodiscard]] int train_folds(const ManyJob& job, const Dataset& data);

} // namespace mien::cli
