// SPDX-License-Identifier: Apache-2.0
// What `mien data check` finds, and how it is told: as text, as JSON, as a list and as a sheet of copies.
#pragma once

#include "mien/data/contact_sheet.hpp"
#include "mien/data/copies.hpp"
#include "mien/data/read_dataset.hpp"

#include <string>
#include <vector>

namespace mien::cli {

/// Both parts of the data, read, and their copies.
struct Findings {
  std::string path{};
  ReadData train{}, test{}; ///< data without parts are all in `train`
  bool has_test = false;
  Copies exact{}, near{};
  bool near_looked_for = false; ///< in very many pictures they are not

  [[nodiscard]] bool is_test(std::size_t i) const { return i >= train.data.size(); }
  [[nodiscard]] std::string name(std::size_t i) const;
  [[nodiscard]] const std::string& label(std::size_t i) const;
  [[nodiscard]] Image picture(std::size_t i) const;
};

/// What is there, then a paragraph for everything that is wrong: what, how much, what it does to figures, what to do.
[[nodiscard]] std::string findings_text(const Findings& findings);
/// {"path", "train": part, "test": part or null, "known_as", "exact": copies, "near": copies or null, "findings":
/// [text]}
[[nodiscard]] std::string findings_json(const Findings& findings);
/// kind,group,part,label,name: a line for every picture of every group of copies.
[[nodiscard]] std::string copies_csv(const Findings& findings);
/// Pictures of the groups that do most harm: those across the parts, then those with different labels, then near ones.
[[nodiscard]] std::vector<SheetRow> worst_rows(const Findings& findings);

} // namespace mien::cli
