// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/run.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <fstream>

using namespace mien::test;
using Catch::Contains;
using Catch::StartsWith;

namespace {

/// The names in the table of subcommands that `program --help` prints.
std::vector<std::string> subcommands_of(std::vector<std::string> program) {
  program.push_back("--help");
  const auto help = lines(run(program).out);
  std::vector<std::string> names;
  for (auto line = std::find(help.begin(), help.end(), "Subcommands:"); line != help.end() && ++line != help.end();) {
    if (line->empty()) break;
    if (line->starts_with("  ") && (*line)[2] != ' ') names.push_back(line->substr(2, line->find(' ', 2) - 2));
  }
  return names;
}

/// Every subcommand and, after it, those of its own.
std::vector<std::vector<std::string>> all_subcommands() {
  std::vector<std::vector<std::string>> all;
  for (const auto& name : subcommands_of({})) {
    all.push_back({name});
    for (const auto& below : subcommands_of({name})) all.push_back({name, below});
  }
  return all;
}

void check_page(const std::string& page) {
  for (const auto& line : lines(page)) {
    INFO(line);
    CHECK(line.size() <= 80);
    CHECK((line.empty() || line.back() != ' '));
  }
}

void check_wrong_usage(const Ran& ran) {
  CHECK(ran.code == 2);
  CHECK(ran.out.empty());
  CHECK_THAT(ran.err, StartsWith("error: "));
  CHECK(lines(ran.err).size() == 1);
}

} // namespace

TEST_CASE("mien alone, --help and --version print to stdout and succeed") {
  const auto alone = run({}), help = run({"--help"}), version = run({"--version"});
  CHECK(alone.code == 0);
  CHECK(alone.out == help.out);
  CHECK_THAT(help.out, Contains("Usage: mien SUBCOMMAND"));
  check_page(help.out);
  CHECK(version.code == 0);
  CHECK_THAT(version.out, StartsWith("mien "));
  CHECK((alone.err + help.err + version.err).empty());
}

TEST_CASE("every subcommand explains itself within 80 columns") {
  const auto all = all_subcommands();
  REQUIRE(all.size() >= 6);
  for (auto words : all) {
    words.push_back("--help");
    INFO(words.front() << " " << words[1]);
    const auto ran = run(words);
    CHECK(ran.code == 0);
    CHECK(ran.err.empty());
    CHECK_THAT(ran.out, Contains("Usage: mien " + words.front()));
    check_page(ran.out);
    if (subcommands_of({words.begin(), words.end() - 1}).empty()) {
      CHECK_THAT(ran.out, Contains("\nExamples:\n  mien "));
      for (const auto option : {"--threads", "--seed", "--quiet", "--version", "--help"})
        CHECK_THAT(ran.out, Contains(option));
    }
  }
}

TEST_CASE("every subcommand refuses a misspelt option, names the nearest, and does nothing") {
  for (auto words : all_subcommands()) {
    if (!subcommands_of(words).empty()) continue;
    words.insert(words.end(), {"--thraeds", "2"});
    const auto ran = run(words);
    check_wrong_usage(ran);
    CHECK_THAT(ran.err, Contains("`--thraeds`; did you mean `--threads`?"));
  }
}

TEST_CASE("a misspelt subcommand names the nearest, a strange one the help") {
  const auto near = run({"evla"}), below = run({"data", "genrate"}), strange = run({"xyzzy"});
  check_wrong_usage(near);
  CHECK_THAT(near.err, Contains("did you mean `eval`?"));
  check_wrong_usage(below);
  CHECK_THAT(below.err, Contains("did you mean `generate`?"));
  check_wrong_usage(strange);
  CHECK_THAT(strange.err, Contains("`mien --help` lists them"));
}

TEST_CASE("an option's value is checked and the error says what it takes") {
  auto refused = [](std::vector<std::string> options) {
    options.insert(options.begin(), {"data", "generate", "/nowhere"});
    const auto ran = run(options);
    check_wrong_usage(ran);
    return ran.err;
  };
  CHECK_THAT(refused({"--threads", "0"}), Contains("--threads takes a whole number from 1 to 1024, got `0`"));
  CHECK_THAT(refused({"--threads=two"}), Contains("got `two`"));
  CHECK_THAT(refused({"--threads", "2x"}), Contains("got `2x`"));
  CHECK_THAT(refused({"--seed", "-1"}), Contains("--seed takes a whole number of at least 0, got `-1`"));
  CHECK_THAT(refused({"--seed", "99999999999999999999"}), Contains("got `99999999999999999999`"));
  CHECK_THAT(refused({"--seed"}), Contains("`--seed` needs a value after it"));
  CHECK_THAT(refused({"--quiet=maybe"}), Contains("takes no value"));
  CHECK_THAT(refused({"-seed", "1"}), Contains("`-seed`; did you mean `--seed`?"));
  CHECK_THAT(refused({"somewhere else"}), Contains("takes no further argument, got `somewhere else`"));
}

TEST_CASE("what is missing is named") {
  const auto ran = run({"data", "generate"});
  check_wrong_usage(ran);
  CHECK_THAT(ran.err, Contains("needs DIR"));
}

TEST_CASE("a reader who leaves ends the program without a word") {
  const auto ran = shell("(\"$MIEN\" --help; echo $? >&2) | true");
  CHECK_THAT(ran.err, !Contains("error"));
  CHECK(ran.err == "0\n");
}

TEST_CASE("output that cannot be written is an error") {
  if (!std::ifstream("/dev/full")) return;
  const auto ran = shell("\"$MIEN\" --help > /dev/full");
  CHECK(ran.code == 1);
  CHECK_THAT(ran.err, StartsWith("error: cannot write the output"));
}
