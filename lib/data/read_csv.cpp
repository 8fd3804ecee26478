// SPDX-License-Identifier: Apache-2.0
#include "lib/data/csv_row.hpp"
#include "lib/data/reading.hpp"
#include "mien/core/error.hpp"
#include "mien/ops/parallel.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <numeric>

namespace mien {
namespace {

namespace fs = std::filesystem;

/// Which rows are wanted: of no usage in particular, or of these.
std::vector<std::string> wanted_usages(DataPart part, const ReadOptions& options) {
  if (!options.usage.empty()) return {options.usage};
  switch (part) {
  case DataPart::train: return {"Training"};
  case DataPart::test: return {"PublicTest", "PrivateTest"};
  case DataPart::all: break;
  }
  return {};
}

CsvColumns columns_of(std::string_view header, const fs::path& path) {
  CsvColumns columns;
  std::vector<std::string> found;
  for_each_field(header, [&](int index, std::string_view field) {
    if (field == "emotion") columns.emotion = index;
    if (field == "pixels") columns.pixels = index;
    if (field == "Usage") columns.usage = index;
    found.emplace_back(field.substr(0, 40));
    return found.size() < 20;
  });
  if (columns.emotion < 0 || columns.pixels < 0) {
    throw Error(concat(path.string(), ": has no column ", columns.emotion < 0 ? "emotion" : "pixels",
                       " (found: ", joined(found), "); expected a first line like emotion,pixels,Usage"));
  }
  return columns;
}

/// Some rows at a time: their text, and what became of them.
struct Batch {
  std::vector<std::string> lines{512};
  std::vector<CsvRow> rows{512};
  std::size_t size = 0;

  bool read(std::ifstream& file) {
    for (size = 0; size < lines.size() && std::getline(file, lines[size]);) ++size;
    return size > 0;
  }
};

class CsvReader {
public:
  CsvReader(const fs::path& path, DataPart part, const ReadOptions& options, PictureSink& sink)
      : path_(path), options_(options), file_(path, std::ios::binary),
        usages_(wanted_usages(part, options)), reading_{sink, empty_dataset(options)} {
    std::string header;
    std::error_code failure;
    file_size_ = fs::is_regular_file(path, failure) ? fs::file_size(path, failure) : 0;
    if (!file_ || failure) throw Error(concat(path.string(), ": cannot be read; check the spelling and your rights"));
    if (!std::getline(file_, header))
      throw Error(concat(path.string(), ": is empty, expected emotion,pixels,Usage and rows"));
    columns_ = columns_of(without_byte_order_mark(header), path);
    bytes_read_ = header.size() + 1;
    choose_classes();
    choose_rows();
  }

  ReadReport read() {
    // Three characters or more a pixel: never too much, and memory that is not touched costs nothing.
    reading_.begin(reading_.like.picture_bytes() == csv_pixels ? file_size_ / (3 * csv_pixels) : 0);
    for (Batch batch; batch.read(file_);) {
      constexpr std::size_t grain = 32;
      parallel_for(options_.threads, static_cast<int>((batch.size + grain - 1) / grain), [&](int part, int) {
        const auto begin = static_cast<std::size_t>(part) * grain;
        for (auto i = begin; i < std::min(begin + grain, batch.size); ++i) {
          batch.rows[i] = parse_csv_row(batch.lines[i], columns_, usages_, options_.preprocessing);
        }
      });
      for (std::size_t i = 0; i < batch.size; ++i) take(batch.rows[i], batch.lines[i].size());
      if (options_.progress) options_.progress(std::min(bytes_read_, file_size_), file_size_);
    }
    if (file_.bad())
      throw Error(concat(path_.string(), ":", line_, ": reading failed; check the disk, copy the file again"));
    if (taken_ == 0 && reading_.report.skipped.empty()) refuse_no_rows();
    expect_pictures(reading_, path_, options_);
    return std::move(reading_.report);
  }

private:
  void choose_classes() {
    if (options_.csv_classes.empty()) {
      throw Error(concat(path_.string(), ": the names of the numbers in column emotion were not given (csv_classes)"));
    }
    if (options_.classes.empty()) { // sorted, so that a CSV and a folder with the same pictures give the same dataset
      reading_.like.classes = options_.csv_classes;
      std::ranges::sort(reading_.like.classes);
    }
    for (const auto& name : options_.csv_classes) labels_.push_back(label_of(name, reading_.like));
  }

  void choose_rows() {
    if (columns_.usage < 0) {
      if (!options_.usage.empty()) {
        throw Error(concat(path_.string(), ": has no column Usage, so no rows of usage ", options_.usage,
                           " can be picked; leave the usage out to read all rows"));
      }
      reading_.report.notes.push_back(path_.string() + ": has no column Usage, all rows are read");
    } else if (options_.usage.empty()) {
      reading_.report.notes.push_back(path_.string() + ": rows of usage " +
                                      (usages_.empty() ? "any" : joined(usages_)) + " are read");
    }
  }

  void take(CsvRow& row, std::size_t line_bytes) {
    ++line_;
    bytes_read_ += line_bytes + 1;
    if (row.state == CsvRow::blank) return;
    if (!row.usage.empty()) ++found_usages_[row.usage];
    if (row.state == CsvRow::other_usage) return;
    const auto where = concat(path_.string(), ":", line_);
    const auto label =
        row.emotion >= 0 && row.emotion < std::ssize(labels_) ? labels_[static_cast<std::size_t>(row.emotion)] : -1;
    if (row.problem.empty() && row.emotion >= std::ssize(labels_)) {
      row.problem = concat("emotion is ", row.emotion, ", expected 0 to ", labels_.size() - 1);
    }
    if (!row.problem.empty()) return skip(reading_.report, where + ": " + row.problem, options_);
    if (label < 0) {
      throw Error(concat(where, ": is of class ", options_.csv_classes[static_cast<std::size_t>(row.emotion)],
                         ", which the model does not have; it knows ", joined(reading_.like.classes)));
    }
    reading_.add(row.pixels, label, where);
    ++taken_;
  }

  [[noreturn]] void refuse_no_rows() const {
    std::vector<std::string> found;
    for (const auto& [usage, count] : found_usages_) found.push_back(usage + " (" + std::to_string(count) + " rows)");
    if (found.empty()) throw Error(concat(path_.string(), ": has a header and no rows"));
    throw Error(concat(path_.string(), ": no row has usage ", joined(usages_), "; found: ", joined(found)));
  }

  fs::path path_;
  const ReadOptions& options_;
  std::ifstream file_;
  std::vector<std::string> usages_;
  CsvColumns columns_;
  std::vector<std::int32_t> labels_; // of the numbers in column emotion; -1: not a class of the model
  std::map<std::string, std::size_t> found_usages_;
  std::size_t file_size_ = 0, bytes_read_ = 0, line_ = 1, taken_ = 0;
  Reading reading_;
};

} // namespace

ReadReport stream_csv(const fs::path& path, DataPart part, const ReadOptions& options, PictureSink& sink) {
  return CsvReader(path, part, options, sink).read();
}

} // namespace mien
