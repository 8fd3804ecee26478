// SPDX-License-Identifier: Apache-2.0
#include "mien/kernels.hpp"

#include "lib/kernels/vector_sets.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>

namespace mien {
namespace {

const std::vector<KernelSet>& all_sets() {
  static const std::vector<KernelSet> sets = [] {
    auto list = vector_kernel_sets();
    list.push_back(reference_kernel_set());
    return list;
  }();
  return sets;
}

/// The sets this processor has, for a sentence: `avx512, avx2, portable, reference`.
std::string choices() {
  std::string names;
  for (const auto& set : all_sets()) {
    if (set.supported()) names += (names.empty() ? "" : ", ") + std::string(set.name);
  }
  return names;
}

const KernelSet& set_named(std::string_view name, const char* asked_by) {
  const auto& sets = all_sets();
  const auto found = std::ranges::find(sets, name, &KernelSet::name);
  if (found == sets.end()) {
    throw Error(concat(asked_by, ": there is no kernel set \"", name, "\"; this processor has ", choices()));
  }
  if (!found->supported()) {
    throw Error(concat(asked_by, ": this processor cannot run the kernel set \"", name, "\"; it has ", choices()));
  }
  return *found;
}

const KernelSet& first_choice() {
  if (const char* name = std::getenv("MIEN_KERNELS"); name != nullptr && *name != '\0') {
    return set_named(name, "MIEN_KERNELS");
  }
  return *std::ranges::find_if(all_sets(), [](const KernelSet& set) { return set.supported(); });
}

std::atomic<const KernelSet*> in_use{nullptr};

} // namespace

std::span<const KernelSet> kernel_sets() noexcept { return all_sets(); }

const KernelSet& kernels() {
  const auto* set = in_use.load(std::memory_order_acquire);
  if (set == nullptr) {
    set = &first_choice();
    in_use.store(set, std::memory_order_release);
  }
  return *set;
}

void use_kernels(std::string_view name) { in_use.store(&set_named(name, "use_kernels"), std::memory_order_release); }

} // namespace mien
