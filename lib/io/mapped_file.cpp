// SPDX-License-Identifier: Apache-2.0
#include "mien/io/mapped_file.hpp"

#include "lib/io/descriptor.hpp"

#include <algorithm>
#include <cerrno>

#include <sys/mman.h>
#include <sys/stat.h>

namespace mien {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const Descriptor file(path, O_RDONLY);
  struct stat info {};
  if (!file.is_open() || ::fstat(file.get(), &info) != 0) fail("read", path, errno);
  if (S_ISDIR(info.st_mode)) fail("read", path, EISDIR);
  if (!S_ISREG(info.st_mode)) fail("mapped", path, ENODEV);
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) return; // nothing can be mapped, and nothing is there
  void* bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (bytes == MAP_FAILED) fail("mapped", path, errno);
  bytes_ = {static_cast<const std::byte*>(bytes), Unmap{size}};
}

void MappedFile::will_read(std::size_t begin, std::size_t size) const noexcept {
  const auto all = bytes();
  if (begin >= all.size()) return;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto first = begin / page * page;
  const auto last = begin + std::min(size, all.size() - begin);
  ::madvise(const_cast<std::byte*>(all.data()) + first, last - first, MADV_WILLNEED); // a hint: failing is no harm
}

void MappedFile::Unmap::operator()(const std::byte* bytes) const noexcept {
  ::munmap(const_cast<std::byte*>(bytes), size);
}

} // namespace mien
