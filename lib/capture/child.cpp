// SPDX-License-Identifier: Apache-2.0
#include "lib/capture/child.hpp"

#include "lib/capture/printable.hpp"
#include "mien/core/error.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

extern "C" char** environ; // of this program, passed on as it is

namespace mien {
namespace {

constexpr std::size_t most_said = 4096; // the end of it is kept

/// Two ends that no other program inherits.
struct Pipe {
  int ends[2] = {-1, -1};

  explicit Pipe(const std::string& name) {
    if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(concat(name, ": no pipe can be made: ", std::strerror(errno)));
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    for (const int end : ends)
      if (end >= 0) ::close(end);
  }
  int take_reading_end() { return std::exchange(ends[0], -1); }
};

struct Actions {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;

  Actions(const Pipe& out, const Pipe& err) {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files, out.ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, err.ends[1], STDERR_FILENO);
    // A group of its own: Ctrl-C is for this program, which ends its children itself. And a child that writes for
    // nobody must be ended by that, whatever this program does about such signals.
    ::posix_spawnattr_init(&how);
    ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    ::posix_spawnattr_setpgroup(&how, 0);
    sigset_t set;
    ::sigemptyset(&set);
    ::posix_spawnattr_setsigmask(&how, &set);
    ::sigaddset(&set, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&how, &set);
  }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&how);
  }
};

} // namespace

Child::Child(const std::vector<std::string>& arguments, const std::string& missing) {
  Pipe out(arguments[0]), err(arguments[0]);
  const Actions actions(out, err);
  std::vector<char*> words;
  for (const auto& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const int problem = ::posix_spawnp(&id_, words[0], &actions.files, &actions.how, words.data(), environ);
  if (problem == ENOENT || problem == EACCES) throw Error(missing);
  if (problem != 0) throw Error(concat(arguments[0], ": cannot be started: ", std::strerror(problem)));
  out_ = out.take_reading_end(), err_ = err.take_reading_end();
  ::fcntl(err_, F_SETFL, O_NONBLOCK);
}

Child::~Child() {
  if (!code_) ::kill(-id_, SIGKILL); // the group: where it is a script, what that has started as well
  if (!code_) reap();
  if (out_ >= 0) ::close(out_);
  ::close(err_);
}

bool Child::listen() {
  char text[1024];
  for (;;) {
    const auto got = ::read(err_, text, sizeof text);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got < 0 && errno == EAGAIN;
    said_.append(text, static_cast<std::size_t>(got));
    if (said_.size() > most_said) said_.erase(0, said_.size() - most_said);
  }
}

std::size_t Child::read(std::span<std::byte> bytes) {
  if (out_ < 0) return 0;
  for (bool silent = false;;) {
    pollfd ends[] = {{out_, POLLIN, 0}, {silent ? -1 : err_, POLLIN, 0}};
    if (::poll(ends, 2, -1) < 0) continue; // a signal
    if (ends[1].revents != 0) silent = !listen();
    if (ends[0].revents == 0) continue;
    const auto got = ::read(out_, bytes.data(), bytes.size());
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0 || errno != EINTR) return 0;
  }
}

int Child::wait() {
  if (code_) return *code_;
  ::close(std::exchange(out_, -1)); // what it still wants to write nobody reads: it must not wait for that
  pollfd end{err_, POLLIN, 0};
  while (listen()) ::poll(&end, 1, -1);
  reap();
  return *code_;
}

void Child::reap() {
  int status = 0;
  while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string Child::last_words() const {
  auto text = said_.substr(0, said_.find_last_not_of("\n\r ") + 1);
  text.erase(0, text.find_last_of("\n\r") + 1);
  return printable(text);
}

} // namespace mien
