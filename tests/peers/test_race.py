# SPDX-License-Identifier: Apache-2.0
"""The contract: fake contenders and a fake mien run through a whole comparison."""
import json
import sys
import tempfile
import unittest
from pathlib import Path

import support
from harness import field, machine, process, race, table  # support has shown where it is
from harness.material import Material
from harness.setup import Setup

ROW = field.Row("train", "seed", 32, 2)


def contender(*variants, name="fake", program="fake_contender.py", needs="json"):
    return field.Contender(name, "Fake", "f32", program, needs, {"train": variants, "infer": variants})


class Race(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.setup = self.made(support.HERE / "fake_mien.py")

    def made(self, mien, **more):
        settings = {"rounds": 2, "seconds": 0.001, "patience": 3600} | more
        return Setup(mien=mien, programs=self.folder, python=Path(sys.executable), scratch=self.folder / "scratch", modules={"json"},
                     material=Material(self.folder / "material", support.HERE / "fake_material.py"), contenders=support.HERE, **settings)

    def run_row(self, *contenders, row=ROW):
        found = race.compare(row, contenders, self.setup, lambda text: None)
        return found, {entry["name"]: entry for entry in found["entries"]}

    def test_a_good_contender_is_timed_in_every_turn_beside_mien(self):
        self.setup.rounds = 9
        found, entries = self.run_row(contender("good"))
        self.assertEqual(entries["mien"]["images_per_s"], [8000.0] * 9)
        self.assertEqual(entries["fake"]["images_per_s"], [3200.0] * 9)
        for entry in entries.values():
            self.assertEqual(entry["status"], "timed")
            self.assertEqual(len(entry["others"]), 9)
            self.assertGreater(entry["memory_mb"], 1)
            self.assertEqual(entry["differences"]["gradients"], 0)
        self.assertEqual(entries["fake"]["versions"], {"Fake": "1.0"})
        self.assertIn("| Fake 1.0 | 3,200 | 3,200 to 3,200 | 2.50 | good |", "\n".join(table.detail(found)))
        json.dumps(found)

    def test_one_face_is_measured_too(self):
        found, entries = self.run_row(contender("good"), row=field.Row("infer", "seed", 1, 1))
        self.assertEqual(entries["fake"]["images_per_s"], [100.0] * 2)
        self.assertIn("| mien | 4.00 | 4.00 to 4.00 |", "\n".join(table.detail(found)))

    def test_the_fastest_variant_is_kept_and_the_heats_are_told(self):
        _, entries = self.run_row(contender("good", "dies", "fast", "wrong"))
        self.assertEqual(entries["fake"]["variant"], "fast")
        heats = entries["fake"]["heats"]
        self.assertEqual((heats["good"], heats["fast"], heats["dies"]), (3200, 6400, "error: out of breath"))
        self.assertIn("off by", heats["wrong"])

    def test_the_short_run_takes_the_best_known_variant(self):
        self.setup.quick = True
        _, entries = self.run_row(contender("good", "fast"))
        self.assertEqual(entries["fake"]["variant"], "good")

    def test_whoever_computes_something_else_is_wrong_and_not_timed(self):
        _, entries = self.run_row(contender("wrong"))
        self.assertEqual(entries["fake"]["status"], "wrong")
        self.assertIn("off by 2.0e+00", entries["fake"]["why"])
        self.assertNotIn("images_per_s", entries["fake"])

    def test_every_other_failure_is_told_and_stops_nobody_else(self):
        for variant, why in (("dies", "error: out of breath"), ("refuses", "ValueError: no such thing in mine.py"),
                             ("babbles", "expected an answer with ready, got: babble"), ("nothing", "its outputs cannot be read")):
            _, entries = self.run_row(contender(variant, name="bad"), contender("good"))
            self.assertEqual(entries["bad"]["status"], "failed", variant)
            self.assertIn(why, entries["bad"]["why"])
            self.assertEqual(entries["fake"]["status"], "timed")

    def test_one_that_never_answers_is_given_up(self):
        silent = process.ContenderProcess([sys.executable, "-c", "input()"], {}, self.folder / "log", patience=0.01)
        self.addCleanup(silent.close)
        with self.assertRaisesRegex(process.Failure, "no answer in 0.01 s"):
            silent.answer("ready")

    def test_what_is_missing_is_skipped_with_the_reason(self):
        _, entries = self.run_row(contender("good", name="a", needs="no_such_module"), contender("good", name="b", program="peer_b", needs="libb-dev"))
        self.assertEqual([entries[name]["status"] for name in "ab"], ["skipped", "skipped"])
        self.assertIn("no no_such_module", entries["a"]["why"])
        self.assertIn("libb-dev", entries["b"]["why"])

    def test_without_mien_the_peers_still_run(self):
        self.setup = self.made(support.HERE / "fake_material.py")  # knows no bench
        _, entries = self.run_row(contender("good"))
        self.assertEqual(entries["mien"]["status"], "failed")
        self.assertEqual(len(entries["fake"]["images_per_s"]), 2)

    def test_contenders_are_gone_afterwards_and_stand_still_between_their_turns(self):
        log = self.folder / "log"
        code = ("import sys; print('{\"ready\": {}}', flush=True)\n"
                "for line in sys.stdin: print('{\"steps\": 1, \"seconds\": 1}', flush=True)")
        running = process.ContenderProcess([sys.executable, "-c", code], process.environment(1, {}), log)
        running.answer("ready")
        running.ask("time 1", "steps")
        state = Path(f"/proc/{running.pid}/stat")
        while state.read_text().rsplit(")", 1)[1].split()[0] != "T":  # the signal is on its way
            pass
        self.assertEqual(running.ask("time 1", "seconds")["seconds"], 1)
        running.close()
        self.assertFalse(state.exists())

    def test_the_material_is_made_once(self):
        self.run_row(contender("good"))
        before = {path.name: path.stat().st_mtime_ns for path in (self.folder / "material").iterdir()}
        self.assertIn("train-seed-32-expected.safetensors", before)
        self.run_row(contender("good"))
        self.assertEqual(before, {path.name: path.stat().st_mtime_ns for path in (self.folder / "material").iterdir()})


class Surroundings(unittest.TestCase):
    def test_the_shells_own_settings_do_not_reach_contenders(self):
        variables = process.environment(3, {"LD_PRELOAD": "x"})
        self.assertEqual((variables["OMP_NUM_THREADS"], variables["LD_PRELOAD"]), ("3", "x"))
        for name in ("OMP_WAIT_POLICY", "KMP_BLOCKTIME", "MIEN_KERNELS", "TF_NUM_INTRAOP_THREADS", "MALLOC_CONF"):
            self.assertTrue(process.FOREIGN.match(name), name)
        self.assertFalse(process.FOREIGN.match("PATH") or process.FOREIGN.match("HOME"))

    def test_what_others_use_is_all_work_less_the_contenders(self):
        ticks = machine.TICKS
        texts = iter((f"cpu {100 * ticks} 0 0 900 5 0 0 0 0 0\n", f"cpu {103 * ticks} 0 {ticks} 950 5 0 0 {ticks} 0 0\n"))
        times = iter((10.0, 12.0))

        class Watch(machine.Watch):
            @staticmethod
            def read():
                return machine.all_cpus(next(texts))
        self.assertEqual(Watch(lambda: next(times)).others(own_seconds=2), 1.5)

    def test_last_words_are_the_error_in_one_line_without_folders(self):
        said = "warning: x\nTraceback\n  File \"/a/b/c.py\"\nModuleNotFoundError: No module named 'x' in /a/b/c.py\n  hint | more\n"
        self.assertEqual(process.last_words(said), "ModuleNotFoundError: No module named 'x' in c.py")
        self.assertEqual(process.last_words(""), "nothing was said")
        self.assertLessEqual(len(process.clean("x " * 500)), 160)

    def test_this_machine_can_be_described(self):
        described = machine.description()
        self.assertGreaterEqual(described["cpus"], 1)
        self.assertTrue(described["cpu"] and described["system"])


if __name__ == "__main__":
    unittest.main()
