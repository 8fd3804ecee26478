// SPDX-License-Identifier: Apache-2.0
// The loop over many pictures that predict, detect and data crop share.
#pragma once

#include "tools/cli.hpp"
#include "tools/interrupt.hpp"
#include "tools/pictures.hpp"

#include "mien/ops/parallel.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace mien::cli {

/// Calls `result = work(file, threads)` for every picture, and `then(result)` in the order of the pictures.
///
/// Several pictures are worked on at once, or one with several threads. A few at a time: memory does not grow with the
/// number of pictures, and results do not wait for the last. `work` may throw nothing; `then` is called by one thread.
/// A live line shows what is done. Ends early, with false, on Ctrl-C.
template <class Work, class Then>
bool for_each_picture(std::span<const PictureFile> pictures, const std::string& what, const Common& common, Work&& work,
                      Then&& then) {
  using Result = decltype(work(pictures.front(), 1));
  const auto at_once = static_cast<std::size_t>(common.threads) * 4;
  Progress progress(what, common.quiet || pictures.size() == 1);
  for (std::size_t done = 0; done < pictures.size(); done += at_once) {
    if (interrupted()) return false;
    progress(done, pictures.size());
    const auto now = pictures.subspan(done, std::min(at_once, pictures.size() - done));
    std::vector<Result> results(now.size());
    if (now.size() == 1) {
      results[0] = work(now[0], common.threads);
    } else {
      parallel_for(common.threads, static_cast<int>(now.size()), [&](int part, int) {
        const auto i = static_cast<std::size_t>(part);
        results[i] = work(now[i], 1);
      });
    }
    progress.clear();
    for (auto& result : results) then(std::move(result));
  }
  return true;
}

} // namespace mien::cli
