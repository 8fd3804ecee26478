// SPDX-License-Identifier: Apache-2.0
// What following faces and steadying their labels changes, measured on drawn clips: docs/steadiness.md.
//
//   build/bench/benchmarks/accuracy_steadiness [MODEL [CLIPS [SECONDS]]]      MODEL: - is the shipped one
//
// Prints one Markdown table. A face that is seen counts in every frame in which at most a tenth of it is hidden.
#include "mien/mien.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace mien;

/// One way of following a stream, and its name in the table.
struct Way {
  const char* name;
  LiveSettings settings;
};

const Way ways[] = {
    {"each frame by itself", {.track = false, .steady = false}},
    {"followed", {.steady = false}},
    {"+ filter", {.steadiness = {.hysteresis = false, .unsure = false}}},
    {"+ hysteresis", {.steadiness = {.filter = false, .unsure = false}}},
    {"+ unsure", {.steadiness = {.filter = false, .hysteresis = false}}},
    {"+ filter and hysteresis", {.steadiness = {.unsure = false}}},
    {"all", {}},
};

/// Which of the faces that were found is which of those that were drawn: pairs by falling overlap, at least 0.4.
std::map<int, const LiveFace*> matched(const std::vector<ClipFace>& drawn, const std::vector<LiveFace>& found) {
  struct Pair {
    double overlap;
    int id;
    const LiveFace* face;
  };
  std::vector<Pair> pairs;
  for (const auto& truth : drawn)
    for (const auto& face : found) pairs.push_back({overlap(truth.box, face.face.box), truth.id, &face});
  std::ranges::stable_sort(pairs, std::greater<>(), &Pair::overlap);
  std::map<int, const LiveFace*> result;
  std::set<const LiveFace*> taken;
  for (const auto& [share, id, face] : pairs) {
    if (share < 0.4 || result.contains(id) || taken.contains(face)) continue;
    result[id] = face;
    taken.insert(face);
  }
  return result;
}

/// What was said about one person in one frame in which they were seen.
struct Moment {
  double time;
  std::size_t truth; ///< a place in expression_names
  bool found = false;
  std::string label{}; ///< empty: unsure
};

/// Sums over all clips.
struct Score {
  std::size_t seen = 0, found = 0, right = 0, unsure = 0;
  std::size_t changes = 0, true_changes = 0; ///< of what is shown from one frame to the next; of the truth there
  std::size_t mixed_up = 0, renumbered = 0;  ///< a number that was somebody else's; a new one
  std::vector<double> delays;                ///< of changes that were named in the end
  std::size_t never = 0;                     ///< and of those that were not
};

/// Counts, for one person of a clip, how labels change.
void count_labels(Score& score, const std::vector<Moment>& moments) {
  const Moment* before = nullptr;
  for (const auto& moment : moments) {
    ++score.seen;
    if (!moment.found) continue;
    ++score.found;
    score.right += moment.label == expression_names[moment.truth];
    score.unsure += moment.label.empty();
    if (before != nullptr) {
      score.changes += moment.label != before->label;
      score.true_changes += moment.truth != before->truth;
    }
    before = &moment;
  }
}

/// How long after its middle a change is named: the first frame since its beginning, and before the face changes again,
/// that has the new name. A face that is hidden or not found when the change begins, or already called so, tells
/// nothing.
void count_delay(Score& score, const std::vector<Moment>& moments, const ClipChange& change, double until) {
  const auto begin = std::ranges::lower_bound(moments, change.begin, {}, &Moment::time);
  if (begin == moments.end() || begin->time > change.end || !begin->found) return;
  const auto name = expression_names[change.to];
  if (begin->label == name) return;
  const auto named = std::find_if(begin, moments.end(), [&](const Moment& m) { return m.found && m.label == name; });
  if (named == moments.end() || named->time >= until) {
    ++score.never;
  } else {
    score.delays.push_back(named->time - (change.begin + change.end) / 2);
  }
}

/// Counts numbers that changed hands.
class Identities {
public:
  void see(int person, std::uint64_t number, Score& score) {
    const auto last = last_.find(person);
    const auto owner = owner_.find(number);
    if (owner != owner_.end() && owner->second != person) {
      ++score.mixed_up;
    } else if (last != last_.end() && last->second != number) {
      ++score.renumbered;
    }
    last_[person] = number;
    owner_[number] = person;
  }

private:
  std::map<int, std::uint64_t> last_;
  std::map<std::uint64_t, int> owner_;
};

void play(Score& score, const GeneratedClip& clip, const std::vector<Image>& pictures, LiveRecognizer& live) {
  live.reset();
  Identities identities;
  std::map<int, std::vector<Moment>> moments;
  for (int frame = 0; frame < clip.frames(); ++frame) {
    const double time = clip.time_of(frame);
    const auto drawn = clip.faces(frame);
    const auto found = live.recognize(pictures[static_cast<std::size_t>(frame)], time, available_threads());
    const auto match = matched(drawn, found);
    for (const auto& face : drawn) {
      const auto here = match.find(face.id);
      const bool is_found = here != match.end();
      if (is_found && here->second->id != 0) identities.see(face.id, here->second->id, score);
      if (face.hidden > 0.1f) continue;
      moments[face.id].push_back({time, face.expression, is_found, is_found ? here->second->label : ""});
    }
  }
  for (const auto& [person, all] : moments) count_labels(score, all);
  std::map<int, double> until; // the beginning of the person's next change
  for (auto change = clip.changes().rbegin(); change != clip.changes().rend(); ++change) {
    const auto next = until.find(change->id);
    count_delay(score, moments[change->id], *change, next == until.end() ? clip.options().seconds : next->second);
    until[change->id] = change->begin;
  }
}

double share(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(all);
}

/// The value below which this share of them lies, in seconds.
double quantile(std::vector<double> values, double at) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(at * static_cast<double>(values.size() - 1) + 0.5)];
}

void print_row(const Way& way, const Score& score, int rate) {
  const double seconds = static_cast<double>(score.found) / rate;
  std::printf("| %s | %.2f | %.1f %% | %.1f %% | %.1f %% | %.2f s | %.2f s | %.0f %% |", way.name,
              static_cast<double>(score.changes) / seconds, share(score.right, score.found),
              share(score.right, score.found - score.unsure), share(score.unsure, score.found),
              quantile(score.delays, 0.5), quantile(score.delays, 0.9),
              share(score.never, score.never + score.delays.size()));
  if (way.settings.track) {
    std::printf(" %zu | %zu |", score.mixed_up, score.renumbered);
  } else {
    std::printf(" | |");
  }
  std::printf(" %.1f %% |\n", share(score.seen - score.found, score.seen));
  std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) try {
  const std::string model = argc > 1 ? argv[1] : "-";
  const int clips = argc > 2 ? std::atoi(argv[2]) : 6;
  const double seconds = argc > 3 ? std::atof(argv[3]) : 20;
  if (clips < 1 || !(seconds > 0)) {
    std::fputs("usage: accuracy_steadiness [MODEL [CLIPS [SECONDS]]]\n", stderr);
    return 2;
  }
  const Recognizer recognizer = model == "-" ? Recognizer() : Recognizer(Classifier::load(model));
  std::vector<Score> scores(std::size(ways));
  int rate = 0;
  for (int clip_number = 1; clip_number <= clips; ++clip_number) {
    const GeneratedClip clip({.seconds = seconds, .seed = static_cast<std::uint64_t>(clip_number)});
    rate = clip.options().rate;
    std::vector<Image> pictures(static_cast<std::size_t>(clip.frames()));
    parallel_for(available_threads(), clip.frames(),
                 [&](int frame, int) { pictures[static_cast<std::size_t>(frame)] = clip.picture(frame); });
    for (std::size_t i = 0; i < std::size(ways); ++i) {
      LiveRecognizer live(recognizer, ways[i].settings);
      play(scores[i], clip, pictures, live);
    }
  }
  const Score& first = scores.front();
  std::printf("%d clips of %g s at %d frames a second; a face is seen in %zu frames, and in %zu of them found by "
              "itself; the truth changes %.2f times a second a face.\n\n",
              clips, seconds, rate, first.seen, first.found,
              static_cast<double>(first.true_changes) * rate / static_cast<double>(first.found));
  std::puts("| | label changes a second | right | right where named | unsure | delay, median | nine in ten within | "
            "never named | mixed up | renumbered | missed |");
  std::puts("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (std::size_t i = 0; i < std::size(ways); ++i) print_row(ways[i], scores[i], rate);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
