// SPDX-License-Identifier: Apache-2.0
// What is written about a stream: lines that can be read again, spells, subtitles, marks.
#include "tests/support/catch.hpp"
#include "tools/live_marks.hpp"
#include "tools/live_texts.hpp"
#include "tools/spells.hpp"

using namespace mien;
using namespace mien::cli;

namespace {

const std::vector<std::string> labels = {"happy", "sad"};

LiveFace face(std::uint64_t id, const std::string& label, std::vector<float> probabilities = {0.75f, 0.25f}) {
  LiveFace live{.id = id, .label = label, .probabilities = std::move(probabilities)};
  live.face.box = {1, 2, 30, 40};
  live.face.score = 5.5;
  return live;
}

} // namespace

TEST_CASE("a frame's line has its keys in order, null for unsure, and no id where faces are not followed") {
  const FrameFaces frame{7, 0.28, 64, 48, {face(3, "happy"), face(0, "")}};
  CHECK(LiveTexts("a.mp4", labels).line(frame) ==
        R"({"video":"a.mp4","frame":7,"time":0.28,"width":64,"height":48,"faces":[)"
        R"({"id":3,"box":[1,2,30,40],"score":5.5,"label":"happy","probabilities":{"happy":0.75,"sad":0.25}},)"
        R"({"box":[1,2,30,40],"score":5.5,"label":null,"probabilities":{"happy":0.75,"sad":0.25}}]})"
        "\n");
  CHECK(LiveTexts("", labels).line(FrameFaces{}) == R"({"frame":0,"time":0.0,"width":0,"height":0,"faces":[]})"
                                                    "\n");
}

TEST_CASE("a line is read as it was written, to the bit") {
  const LiveTexts texts("odd \xff name", labels);
  const FrameFaces frame{7, 1.0 / 3, 64, 48, {face(3, "happy", {0.1f, 1.0f / 3}), face(4, "")}};
  const auto read = texts.read(texts.line(frame));
  REQUIRE(read);
  CHECK(read->number == 7);
  CHECK(read->time == 1.0 / 3);
  REQUIRE(read->faces.size() == 2);
  CHECK(read->faces == frame.faces);
  CHECK(texts.line(*read) == texts.line(frame));
}

TEST_CASE("what is no line of this stream is not read") {
  const LiveTexts texts("a", labels);
  const auto line = texts.line(FrameFaces{7, 0.28, 64, 48, {face(3, "happy")}});
  REQUIRE(texts.read(line));
  CHECK(!LiveTexts("b", labels).read(line));
  const std::vector<std::string> more = {"happy", "sad", "surprise"};
  CHECK(!LiveTexts("a", more).read(line));
  for (std::size_t cut = 0; cut + 1 < line.size(); ++cut) CHECK(!texts.read(line.substr(0, cut)));
  CHECK(!texts.read(R"({"video":"a","frame":-1,"time":"x"})"));
  CHECK(!texts.read(R"({"video":"a","frame":1,"time":0,"width":1,"height":1,"faces":[{"box":[1,2],"score":1}]})"));
}

TEST_CASE("spells: from the first frame of a label to the end of its last") {
  Spells spells(0.1);
  spells.add(std::vector{face(1, "happy")}, 0.0);
  spells.add(std::vector{face(1, "happy"), face(2, "sad")}, 0.1);
  spells.add(std::vector{face(2, "sad")}, 0.2); // missed for a moment
  spells.add(std::vector{face(1, "happy"), face(2, "")}, 0.3);
  spells.add(std::vector{face(1, "sad")}, 0.4);
  spells.add({}, 0.5);
  spells.add(std::vector{face(1, "sad")}, 2.0); // gone for longer
  const auto all = spells.all();
  const std::vector<Spell> expected = {{0.0, 0.3 + 0.1, 1, "happy"},
                                       {0.1, 0.2 + 0.1, 2, "sad"},
                                       {0.3, 0.3 + 0.1, 2, ""},
                                       {0.4, 0.4 + 0.1, 1, "sad"},
                                       {2.0, 2.0 + 0.1, 1, "sad"}};
  CHECK(all == expected);
}

TEST_CASE("subtitles: a cue a spell, none for unsure, nothing that a player takes for markup") {
  const std::vector<Spell> spells = {{0, 1.5, 1, "happy"}, {1.5, 2, 1, ""}, {3661.0004, 3662, 2, "<b>&\n-->"}};
  CHECK(webvtt(spells, "a --> b") == "WEBVTT\n\nNOTE a --&gt; b\n"
                                     "\n00:00:00.000 --> 00:00:01.500\nface 1: happy\n"
                                     "\n01:01:01.000 --> 01:01:02.000\nface 2: &lt;b&gt;&amp; --&gt;\n");
  CHECK(clock_text(0) == "0:00:00.000");
  CHECK(clock_text(59.9996) == "0:01:00.000");
  CHECK(clock_text(400000, 2) == "111:06:40.000");
}

TEST_CASE("marks: the number, the steady label and its probability") {
  const auto marks = live_marks(std::vector{face(3, "sad"), face(0, "")}, labels);
  REQUIRE(marks.size() == 2);
  CHECK(marks[0].text == "3: sad 25 %");
  CHECK(marks[0].colour == 1);
  CHECK(marks[1].text == "unsure");
  CHECK(marks[1].colour == 2); // of no label
  const Image picture{100, 100, 3, std::vector<std::uint8_t>(30'000, 90)};
  CHECK(marked(picture, {}, labels, true) == picture);
  CHECK(marked(picture, std::vector{face(3, "sad")}, labels, false) != picture);
}
