// SPDX-License-Identifier: Apache-2.0
#include "lib/capture/input.hpp"

#include <algorithm>
#include <cerrno>

#include <sys/stat.h>

namespace mien {

FileSource::FileSource(const std::filesystem::path& path) : path_(path == "-" ? "standard input" : path) {
  if (path != "-") file_.emplace(path, O_RDONLY);
  fd_ = file_ ? file_->get() : STDIN_FILENO;
  struct stat info {};
  if (fd_ < 0 || ::fstat(fd_, &info) != 0) fail("read", path_, errno);
  if (S_ISDIR(info.st_mode)) fail("read", path_, EISDIR);
  if (file_ && S_ISREG(info.st_mode)) size_ = static_cast<std::uint64_t>(info.st_size);
}

std::size_t FileSource::read(std::span<std::byte> bytes) {
  for (;;) {
    const auto got = ::read(fd_, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", path_, errno);
    at_ += static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
  }
}

std::uint64_t FileSource::skip(std::uint64_t count) {
  if (at_ >= size_) return 0;
  const auto step = std::min(count, size_ - at_);
  if (::lseek(fd_, static_cast<off_t>(at_ + step), SEEK_SET) < 0) fail("read", path_, errno);
  at_ += step;
  return step;
}

bool Input::fill() {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
  begin_ = 0;
  const auto there = buffer_.size();
  buffer_.resize(buffer_bytes);
  const auto got = there < buffer_bytes ? source_->read(std::span(buffer_).subspan(there)) : 0;
  buffer_.resize(there + got);
  return got > 0;
}

Bytes Input::peek(std::size_t count) {
  while (buffer_.size() - begin_ < count && fill()) {
  }
  return piece(buffer_, begin_, count);
}

std::size_t Input::take(std::span<std::byte> bytes) {
  const auto there = std::min(bytes.size(), buffer_.size() - begin_);
  std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), there, bytes.begin());
  begin_ += there;
  return there;
}

void Input::read(std::vector<std::byte>& bytes, std::size_t count) {
  constexpr std::size_t most_at_once = 1 << 20;
  std::size_t done = 0;
  while (done < count) {
    if (bytes.size() < std::min(count, done + most_at_once)) bytes.resize(std::min(count, done + most_at_once));
    const auto place = std::span(bytes).subspan(done, std::min(count, bytes.size()) - done);
    auto got = take(place);
    if (got == 0) got = source_->read(place);
    if (got == 0) break;
    done += got;
  }
  bytes.resize(done);
}

std::uint64_t Input::skip(std::uint64_t count) {
  std::uint64_t done = std::min<std::uint64_t>(count, buffer_.size() - begin_);
  begin_ += static_cast<std::size_t>(done);
  if (done < count) done += source_->skip(count - done);
  while (done < count && (begin_ < buffer_.size() || fill())) {
    const auto step = std::min<std::uint64_t>(count - done, buffer_.size() - begin_);
    begin_ += static_cast<std::size_t>(step);
    done += step;
  }
  return done;
}

std::optional<std::string> Input::line(std::size_t most) {
  std::string text;
  while (text.size() <= most) {
    const auto next = peek(1);
    if (next.empty()) return std::nullopt;
    ++begin_;
    if (next[0] == std::byte{'\n'}) return text;
    text += static_cast<char>(next[0]);
  }
  return std::nullopt;
}

} // namespace mien
