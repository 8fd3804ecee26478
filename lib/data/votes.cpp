// SPDX-License-Identifier: Apache-2.0
#include "mien/data/votes.hpp"

#include "lib/data/csv_row.hpp"
#include "lib/data/reading.hpp"
#include "mien/core/error.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>
#include <unordered_map>

namespace mien {
namespace {

std::span<const std::int32_t> row_of_counts(const Votes& votes, std::size_t row) {
  return std::span(votes.counts).subspan(row * votes.names.size(), votes.names.size());
}

/// Where the votes of pictures stand in the table.
class Finder {
public:
  explicit Finder(const Votes& votes) : rows_(votes.pictures.size()) {
    for (std::size_t row = 0; row < rows_; ++row) {
      if (votes.pictures[row].empty()) continue;
      const auto [found, is_new] = by_name_.emplace(votes.pictures[row], row);
      if (!is_new && !std::ranges::equal(row_of_counts(votes, row), row_of_counts(votes, found->second)))
        contradicted_.insert(votes.pictures[row]); // equal rows do no harm: FER+ has three such pairs
    }
  }

  [[nodiscard]] std::optional<std::size_t> find(const std::string& picture) const {
    const auto row = csv_row_of(picture);
    if (row) return *row < rows_ ? row : std::nullopt;
    const auto found = by_name_.find(std::filesystem::path(picture).filename().string());
    if (found == by_name_.end()) return {};
    if (contradicted_.contains(found->first))
      throw Error(concat("votes: the table has different rows for ", found->first, "; leave one of them"));
    return found->second;
  }

private:
  std::size_t rows_;
  std::set<std::string> contradicted_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

/// For every column the class of the same name, or -1.
std::vector<std::int32_t> classes_of_columns(const Votes& votes, const Dataset& data) {
  std::vector<std::int32_t> classes;
  for (const auto& name : votes.names) {
    const auto found = std::ranges::find(data.classes, name);
    classes.push_back(found == data.classes.end() ? -1 : static_cast<std::int32_t>(found - data.classes.begin()));
  }
  if (std::ranges::all_of(classes, [](auto c) { return c < 0; }))
    throw Error(concat("votes: no class of the data is a column of the table, which has ", joined(votes.names)));
  return classes;
}

/// One picture's votes, sorted out.
struct Count {
  std::vector<std::int32_t> by_class;
  std::int32_t all = 0, most_elsewhere = 0;
};

Count count(std::span<const std::int32_t> row, std::span<const std::int32_t> classes, std::size_t n_classes) {
  Count c{std::vector<std::int32_t>(n_classes)};
  for (std::size_t k = 0; k < row.size(); ++k) {
    c.all += row[k];
    if (classes[k] >= 0)
      c.by_class[static_cast<std::size_t>(classes[k])] = row[k];
    else
      c.most_elsewhere = std::max(c.most_elsewhere, row[k]);
  }
  return c;
}

/// Adds what `c` says to the last picture of the ratings.
void take(Ratings& ratings, const Count& c, std::int32_t label) {
  const auto most = std::ranges::max(c.by_class);
  if (most <= c.most_elsewhere) {
    ++ratings.no_class;
    return;
  }
  const auto first = static_cast<std::int32_t>(std::ranges::find(c.by_class, most) - c.by_class.begin());
  const bool tie = std::ranges::count(c.by_class, most) > 1;
  ratings.ties += tie;
  if (!tie) ratings.plurality.back() = first;
  if (2 * most > c.all) ratings.majority.back() = first;
  ratings.likeliest.back() = c.by_class[static_cast<std::size_t>(label)] == most ? label : first;
  const auto sum = static_cast<float>(std::accumulate(c.by_class.begin(), c.by_class.end(), 0));
  const auto shares = std::span(ratings.shares).last(c.by_class.size());
  for (std::size_t k = 0; k < shares.size(); ++k) shares[k] = static_cast<float>(c.by_class[k]) / sum;
}

} // namespace

Ratings rate(const Votes& votes, const Dataset& data) {
  const auto classes = classes_of_columns(votes, data);
  const Finder finder(votes);
  Ratings ratings;
  for (std::size_t i = 0; i < data.size(); ++i) {
    ratings.plurality.push_back(-1);
    ratings.majority.push_back(-1);
    ratings.likeliest.push_back(-1);
    ratings.shares.resize(ratings.shares.size() + data.classes.size());
    const auto row = finder.find(data.name(i));
    if (!row) {
      ++ratings.without_votes;
      continue;
    }
    take(ratings, count(row_of_counts(votes, *row), classes, data.classes.size()), data.label(i));
  }
  if (ratings.without_votes == data.size())
    throw Error(concat("votes: none of the ", data.size(), " pictures is in the table of ", votes.pictures.size(),
                       "; it names files such as ", votes.pictures.empty() ? "" : votes.pictures.front(),
                       ", the data such as ", data.size() > 0 ? data.name(0) : ""));
  return ratings;
}

std::vector<std::size_t> labelled(std::span<const std::int32_t> labels) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] >= 0) places.push_back(i);
  return places;
}

Dataset relabelled(const Dataset& data, std::span<const std::int32_t> labels) {
  if (data.packed)
    throw Error("votes: the pictures of a pack keep the labels that they were packed with; use the folder or the CSV");
  const auto places = labelled(labels);
  auto part = data.subset(places);
  for (std::size_t i = 0; i < places.size(); ++i) part.labels[i] = labels[places[i]];
  return part;
}

} // namespace mien
