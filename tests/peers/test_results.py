# SPDX-License-Identifier: Apache-2.0
"""What is read off the raw figures, and how it looks as a table."""
import random
import tempfile
import unittest
from pathlib import Path

import support
from harness import field, results, table


class Results(unittest.TestCase):
    def setUp(self):
        self.found = support.example()
        self.training, self.face, self.vgg8 = self.found["rows"]

    def entry(self, row, name):
        return next(entry for entry in row["entries"] if entry["name"] == name)

    def test_ratios_are_of_medians_and_say_how_many_times_as_fast_mien_is(self):
        self.assertAlmostEqual(results.ratio(self.training, self.entry(self.training, "onednn-winograd")), 700 / 550)
        self.assertIsNone(results.ratio(self.training, self.entry(self.training, "dlib")))

    def test_a_peer_that_is_faster_has_a_ratio_below_one(self):
        self.entry(self.training, "pytorch")["images_per_s"] = [1400, 1400, 1400]
        self.assertAlmostEqual(results.ratio(self.training, self.entry(self.training, "pytorch")), 0.5)

    def test_without_mien_there_is_no_ratio(self):
        self.entry(self.training, "mien")["status"] = "failed"
        self.assertIsNone(results.ratio(self.training, self.entry(self.training, "pytorch")))

    def test_the_fastest_peer_is_found_in_each_precision_and_is_never_mien(self):
        self.assertEqual(results.fastest(self.training, "f32")["name"], "onednn-winograd")
        self.assertEqual(results.fastest(self.training, "bf16")["name"], "pytorch-bf16")
        self.assertIsNone(results.fastest(self.vgg8, "bf16"))

    def test_one_face_is_told_in_milliseconds_and_its_range_turns_round(self):
        self.assertEqual(results.figures(self.face, {"images_per_s": [2000, 1000, 4000]}), (0.5, 0.25, 1.0))
        self.assertEqual(results.figures(self.training, {"images_per_s": [2, 1, 4]}), (2, 1, 4))

    def test_labels_carry_version_and_precision(self):
        self.assertEqual(results.label(self.entry(self.training, "pytorch-bf16")), "PyTorch 2.15.0, bf16")
        self.assertEqual(results.label(self.entry(self.training, "onednn-direct")), "oneDNN 2.6.3, direct")
        self.assertEqual(results.label(self.entry(self.training, "dlib")), "dlib, OpenBLAS")
        self.assertEqual(results.label(self.entry(self.training, "mien")), "mien")

    def test_what_others_used_marks_a_row(self):
        self.assertEqual([results.disturbed(row) for row in self.found["rows"]], [False, False, True])
        self.assertEqual(results.others(self.found), (0.01, 0.6))

    def test_the_largest_peak_counts(self):
        self.assertEqual(results.peak(self.found), {2: 225.0})

    def test_what_is_saved_is_loaded_and_anything_else_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "a", "b.json")
            results.save(path, self.found)
            self.assertEqual(results.load(path), self.found)
            for text in ("", "[]", "{}", '{"format": 2}', '{"format": 1'):
                path.write_text(text, encoding="utf-8")
                with self.assertRaises(ValueError, msg=text):
                    results.load(path)

    def test_damaged_results_are_a_value_error_or_whole(self):
        good = (support.HERE / "example.json").read_bytes()
        rng = random.Random(3)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "a.json")
            for _ in range(200):
                path.write_bytes(good[:rng.randrange(len(good))])
                with self.assertRaises(ValueError):
                    results.load(path)


class Table(unittest.TestCase):
    def setUp(self):
        self.found = support.example()
        self.lines = table.markdown(self.found).splitlines()

    def line(self, begin):
        return next(line for line in self.lines if line.startswith(begin))

    def test_the_overview_names_the_fastest_peers_and_the_ratios(self):
        self.assertEqual(self.line("| training, batch 32"), "| training, batch 32, 2 threads | 700 images/s | oneDNN 2.6.3, Winograd | "
                         "550 images/s | 1.27 | PyTorch 2.15.0, bf16 | 400 images/s | 1.75 |")

    def test_every_row_of_a_table_has_as_many_cells_as_its_head(self):
        width = None
        for line in self.lines:
            if not line.startswith("|"):
                width = None
                continue
            width = width or line.count("|")
            self.assertEqual(line.count("|"), width, line)

    def test_contenders_stand_in_the_order_of_their_speed(self):
        begin = self.lines.index("**one face, 2 threads**")
        names = [line.split(" | ")[0][2:] for line in self.lines[begin + 4:begin + 8]]
        self.assertEqual(names, ["mien", "OpenVINO 2026.4.1, bf16", "ONNX Runtime 1.32.0", "oneDNN 2.6.3, Winograd"])

    def test_ranges_and_memory_are_told(self):
        self.assertEqual(self.line("| PyTorch 2.15.0 | 240"), "| PyTorch 2.15.0 | 240 | 230 to 250 | 2.92 | eager + guide | 1,200 |")
        self.assertEqual(self.line("| OpenVINO"), "| OpenVINO 2026.4.1, bf16 | 0.62 | 0.59 to 0.63 | 1.25 | latency |")

    def test_nobody_is_left_out_silently(self):
        self.assertIn("WRONG: gradients are off by 1.4e+00", self.line("| dlib"))
        self.assertIn("failed: no answer in 900 s", self.line("| PyTorch | failed"))
        self.assertIn("not set up", self.line("| TensorFlow | not"))

    def test_a_disturbed_row_an_example_and_a_short_run_are_marked(self):
        self.assertIn("(disturbed)", self.line("| training, batch 64"))
        self.assertIn("EXAMPLE: these figures are invented", "\n".join(self.lines))
        self.assertIn("short table", table.markdown(self.found | {"quick": True}))
        self.assertNotIn("EXAMPLE", table.markdown(self.found | {"example": False}))

    def test_the_memory_of_a_real_training_is_told_where_it_was_measured(self):
        self.assertIn("held 150 MB at most", table.markdown(self.found | {"fer2013_memory_mb": 150}))
        self.assertNotIn("MIEN_FER2013", table.markdown(self.found))

    def test_a_row_without_mien_says_so(self):
        self.found["rows"][0]["entries"][0]["status"] = "failed"
        self.found["rows"][0]["entries"][0]["why"] = "it stopped"
        text = table.markdown(self.found)
        self.assertIn("| training, batch 32, 2 threads | not timed | oneDNN", text)
        self.assertIn("| mien | failed: it stopped |", text)


class Field(unittest.TestCase):
    def test_rows_are_different_and_the_short_run_is_part_of_the_long_one(self):
        for threads in (1, 2, 8):
            rows = field.rows(threads)
            self.assertEqual(len(rows), len(set(rows)))
            self.assertLessEqual(set(field.rows(threads, quick=True)), set(rows))

    def test_every_row_has_peers_and_every_contender_a_program(self):
        folder = support.ROOT / "benchmarks" / "peers"
        cmake = (folder / "CMakeLists.txt").read_text(encoding="utf-8")
        for row in field.rows(2):
            self.assertTrue([contender for contender in field.CONTENDERS if contender.takes_part(row)], row)
        for contender in field.CONTENDERS:
            if contender.in_python:
                self.assertTrue((folder / "contenders" / contender.program).exists(), contender.program)
            else:
                self.assertIn(f"peers_contender({contender.program.removeprefix('peer_')} ", cmake)

    def test_names_are_unique_and_environments_known(self):
        self.assertEqual(len({contender.name for contender in field.CONTENDERS}), len(field.CONTENDERS))
        for contender in field.CONTENDERS:
            for variant in sum(contender.variants.values(), ()):
                self.assertIsInstance(field.environment_of(variant), dict)
        self.assertEqual(field.environment_of("eager"), {})
        self.assertEqual(field.environment_of("eager+guide")["OMP_PROC_BIND"], "close")


if __name__ == "__main__":
    unittest.main()
