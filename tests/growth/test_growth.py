# SPDX-License-Identifier: Apache-2.0
"""Tests benchmarks/growth on figures that a stand-in makes up."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent.parent
GROWTH = ROOT / "benchmarks" / "growth"
STAND_IN = Path(__file__).with_name("stand_in.py")
sys.path.insert(0, str(GROWTH))

import measure  # noqa: E402
import networks  # noqa: E402
import plots  # noqa: E402
import stand_in  # noqa: E402
import svg  # noqa: E402


class Folder(unittest.TestCase):
    """A folder with the page, and runs of the program in it."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        (self.folder / "growth.md").write_text((ROOT / "docs" / "growth.md").read_text())

    def run_growth(self, *arguments, misbehaves=""):
        command = [sys.executable, "-B", GROWTH / "run", "--docs", self.folder, "--results", self.folder, *arguments]
        return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "STAND_IN": misbehaves})

    def measured(self):
        done = self.run_growth("--mien", STAND_IN, "--runs", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        return next(self.folder.glob("*.json"))


class Whole(Folder):
    def test_figures_drawings_and_page(self):
        results = json.loads(self.measured().read_text())
        self.assertEqual({figure["growth"] for figure in results["figures"]}, {"batch", "threads", "width", "size"})
        batches = [f["batch"] for f in results["figures"] if f["growth"] == "batch" and f["task"] == "train"]
        self.assertEqual(batches, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
        page = (self.folder / "growth.md").read_text()
        self.assertIn("a made-up processor", page)
        for name in plots.PLOTS:
            self.assertEqual(page.count(f"](growth-{name}.svg)"), 1)
            root = ElementTree.parse(self.folder / f"growth-{name}.svg").getroot()
            self.assertTrue(root.tag.endswith("svg"))
            says_peak = plots.PEAK in "".join(root.itertext())
            self.assertEqual(says_peak, name != "memory", name)

    def test_drawing_again_changes_nothing(self):
        file = self.measured()
        before = {path.name: path.read_text() for path in self.folder.iterdir()}
        self.assertEqual(self.run_growth("--draw", file).returncode, 0)
        self.assertEqual({path.name: path.read_text() for path in self.folder.iterdir()}, before)

    def test_every_dot_lies_in_a_panel(self):
        self.measured()
        for name in plots.PLOTS:
            dots = re.findall(r'<circle class="\w+" cx="([\d.]+)" cy="([\d.]+)" r="\d"><title>',
                              (self.folder / f"growth-{name}.svg").read_text())
            self.assertGreater(len(dots), 1)
            for x, y in dots:
                self.assertTrue(any(left - 0.1 <= float(x) <= left + svg.WIDTH + 0.1 for left in
                                    (svg.LEFT, svg.LEFT + svg.WIDTH + svg.BETWEEN)), (name, x))
                self.assertTrue(svg.TOP - 0.1 <= float(y) <= svg.TOP + svg.HEIGHT + 0.1, (name, y))

    def test_what_goes_wrong_is_said(self):
        for misbehaves, part in (("fails", "out of order"), ("no speed", "images_per_s is a number above 0, got 0"),
                                 ("too few", "asked for (task, batch, threads)"), ("no JSON", "did not print JSON")):
            done = self.run_growth("--mien", STAND_IN, misbehaves=misbehaves)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, "error: .*" + re.escape(part))
        self.assertEqual(list(self.folder.glob("*.svg")), [])

    def test_a_file_of_something_else_is_refused(self):
        for content in ("", "{}", '{"figures": [{}]}', '{"figures": 3}', "[1, 2]"):
            other = self.folder / "other.json"
            other.write_text(content)
            done = self.run_growth("--draw", other)
            self.assertEqual(done.returncode, 1, content)
            self.assertIn("is no file of figures", done.stderr)


class Parts(unittest.TestCase):
    def test_the_network_of_width_1_does_the_work_of_seed(self):
        with tempfile.TemporaryDirectory() as folder:
            flop = []
            for width in (1, 2):
                file = Path(folder) / "net.json"
                file.write_text(json.dumps(networks.seed_of_width(width)))
                flop.append(stand_in.forward_flop(str(file)) / 1e6)
        self.assertAlmostEqual(flop[0], 173.52, places=2)
        self.assertGreater(flop[1], 3.5 * flop[0])

    def test_another_network_under_the_name_of_seed_is_noticed(self):
        figures = [{"growth": "batch", "task": "train", "gflops": 100, "images_per_s": 200},
                   {"growth": "width", "task": "train", "width": 1, "gflops": 103, "images_per_s": 200}]
        with self.assertRaisesRegex(measure.Wrong, "networks.py"):
            measure.expect_same_network(figures)

    def test_the_ceiling_is_the_peak_by_the_direct_work(self):
        figure = {"peak_gflops": 225, "gflops": 300, "images_per_s": 300e9 / 519.34e6}
        self.assertAlmostEqual(plots.ceiling(figure), 225e9 / 519.34e6)

    def test_threads(self):
        self.assertEqual(measure.thread_counts(1), [1])
        self.assertEqual(measure.thread_counts(6), [1, 2, 3, 4, 5, 6])
        self.assertEqual(measure.thread_counts(12), [1, 2, 4, 8, 12])
        self.assertEqual(measure.thread_counts(16), [1, 2, 4, 8, 16])

    def test_ticks_and_numbers(self):
        self.assertEqual(svg.round_ticks(3, 4000)[0], 2)
        self.assertEqual(svg.round_ticks(3, 4000)[-1], 5000)
        self.assertEqual(svg.round_ticks(10, 10), [10])
        self.assertEqual([svg.text_of(value) for value in (0, 0.25, 45.46, 3412.3, 100000)],
                         ["0", "0.25", "45.5", "3,412", "100,000"])
        scale = svg.Scale(svg.Axis(""), [0, 433], 100, 0)
        self.assertEqual(scale.ticks, [0, 100, 200, 300, 400, 500])
        self.assertEqual((scale(0), scale(500)), (100, 0))

    def test_words_are_escaped(self):
        panel = svg.Panel("<b>", svg.Axis("x"), svg.Axis("y"), [svg.Series('"&', "measured", [(1, 1)])])
        ElementTree.fromstring(svg.drawing("a < b & c", [panel]))


if __name__ == "__main__":
    unittest.main()
