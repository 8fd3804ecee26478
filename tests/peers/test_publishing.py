# SPDX-License-Identifier: Apache-2.0
"""The plot, and the documents that results are written into."""
import re
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import support
from harness import chart, publishing, results

SVG = "{http://www.w3.org/2000/svg}"


class Chart(unittest.TestCase):
    def setUp(self):
        self.found = support.example()

    def drawn(self):
        return ElementTree.fromstring(chart.svg(self.found))

    def bars(self):
        """[(class, length)] from top to bottom."""
        return [(rect.get("class"), float(rect.get("width"))) for rect in self.drawn().iter(SVG + "rect") if rect.get("class") != "page"]

    def texts(self):
        return [text.text for text in self.drawn().iter(SVG + "text")]

    def test_bars_are_as_long_as_figures_are_large_and_the_fastest_stands_on_top(self):
        training, face = self.bars()[:6], self.bars()[6:]
        self.assertEqual([kind for kind, _ in training], ["mark", "peer", "half", "peer", "peer", "peer"])
        self.assertEqual([round(length / training[0][1], 2) for _, length in training], [1, 0.79, 0.57, 0.5, 0.36, 0.34])
        self.assertEqual([kind for kind, _ in face], ["mark", "half", "peer", "peer"])
        self.assertEqual([round(length / face[-1][1], 2) for _, length in face], [0.4, 0.5, 0.64, 1])

    def test_figures_and_names_are_written(self):
        for words in ("mien", "700", "0.50", "PyTorch, bf16", "Training, images a second", "EXAMPLE: these figures are invented",
                      "Example CPU, 2 threads, 2001-02-03"):
            self.assertIn(words, self.texts())

    def test_who_was_not_timed_has_no_bar(self):
        self.assertNotIn("dlib, OpenBLAS", self.texts())

    def test_one_that_is_far_slower_is_cut_off_and_the_others_stay_readable(self):
        self.found["rows"][1]["entries"][3]["images_per_s"] = [20, 20, 20]
        face = self.bars()[6:]
        self.assertGreater(face[0][1], 0.2 * face[-1][1])
        self.assertEqual(len(list(self.drawn().iter(SVG + "path"))), 1)
        self.assertIn("50.00", self.texts())

    def test_everything_lies_within_the_picture(self):
        drawn = self.drawn()
        width, height = float(drawn.get("width")), float(drawn.get("height"))
        for item in [*drawn.iter(SVG + "rect"), *drawn.iter(SVG + "text")]:
            x, y = float(item.get("x", 0)), float(item.get("y", 0))
            self.assertLessEqual(x + float(item.get("width", 0)), width)
            self.assertLessEqual(y + float(item.get("height", 0)), height)

    def test_names_of_processors_are_escaped(self):
        self.found["machine"]["cpu"] = "A <b> & C"
        self.assertIn("A <b> & C, 2 threads, 2001-02-03", self.texts())

    def test_nothing_timed_is_an_error(self):
        for row in self.found["rows"]:
            for entry in row["entries"]:
                entry["status"] = "failed"
        with self.assertRaisesRegex(ValueError, "nothing to plot"):
            chart.svg(self.found)


class Publishing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for name in ("docs", "benchmarks"):
            (self.root / name).mkdir()
        for name in ("README.md", "benchmarks/RESULTS.md"):
            (self.root / name).write_text(f"before\n{publishing.BEGIN}\nold\n{publishing.END}\nafter\n", encoding="utf-8")
        self.found = support.example() | {"example": False}

    def text(self, name):
        return (self.root / name).read_text(encoding="utf-8")

    def test_raw_figures_table_plot_and_picture_are_written(self):
        publishing.publish(self.found, self.root)
        self.assertEqual(results.load(self.root / "benchmarks/peers/results/2001-02-03.json"), self.found)
        self.assertIn("| training, batch 32, 2 threads |", self.text("benchmarks/RESULTS.md"))
        self.assertEqual(self.text("docs/peers.svg"), chart.svg(self.found))
        self.assertIn("](docs/peers.svg)", self.text("README.md"))
        for name in ("README.md", "benchmarks/RESULTS.md"):
            self.assertTrue(self.text(name).startswith("before\n") and self.text(name).endswith("\nafter\n"), name)
            self.assertNotIn("old", self.text(name))
            self.assertIsNone(re.search(r"[ \t]$", self.text(name), flags=re.M))

    def test_a_second_time_changes_nothing(self):
        publishing.publish(self.found, self.root)
        once = [self.text(name) for name in ("README.md", "benchmarks/RESULTS.md", "docs/peers.svg")]
        publishing.publish(self.found, self.root)
        self.assertEqual(once, [self.text(name) for name in ("README.md", "benchmarks/RESULTS.md", "docs/peers.svg")])

    def refused(self, why):
        with self.assertRaisesRegex(ValueError, why):
            publishing.publish(self.found, self.root)
        self.assertIn("old", self.text("README.md"))
        self.assertFalse((self.root / "docs/peers.svg").exists())

    def test_examples_short_runs_and_runs_without_mien_are_refused(self):
        self.found["example"] = True
        self.refused("an example")
        self.found |= {"example": False, "quick": True}
        self.refused("short run")
        self.found["quick"] = False
        self.found["rows"][1]["entries"][0]["status"] = "failed"
        self.refused("mien was not timed in one face, 2 threads")

    def test_documents_without_the_marks_are_left_alone(self):
        (self.root / "benchmarks/RESULTS.md").write_text("old\n", encoding="utf-8")
        self.refused("RESULTS.md should have the lines")

    def test_the_project_has_both_marks(self):
        for name in ("README.md", "benchmarks/RESULTS.md"):
            text = (support.ROOT / name).read_text(encoding="utf-8")
            self.assertNotEqual(publishing.replaced(text, "a figure", name), text)


if __name__ == "__main__":
    unittest.main()
