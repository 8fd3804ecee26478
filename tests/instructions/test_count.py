# SPDX-License-Identifier: Apache-2.0
"""Tests what count.py makes of a number of instructions."""
import unittest

import count

FIGURES = {"built_with": "GNU 12", "instructions": {"train": 1000}}


class Verdict(unittest.TestCase):
    def code(self, number, built="GNU 12"):
        return count.verdict("train", number, FIGURES, built, "train.callgrind")[0]

    def test_within_the_tolerance_it_passes(self):
        for number in (970, 1000, 1030):
            self.assertEqual(self.code(number), 0, number)

    def test_beyond_it_fails_on_either_side(self):
        for number in (0, 969, 1031):
            self.assertEqual(self.code(number), count.FAILED, number)

    def test_the_sentence_says_how_much_and_what_to_do(self):
        sentence = count.verdict("train", 1100, FIGURES, "GNU 12", "train.callgrind")[1]
        for part in ("1,100", "10.00 % more", "1,000", "callgrind_annotate train.callgrind", "scripts/count-instructions"):
            self.assertIn(part, sentence)

    def test_another_compiler_is_skipped_and_says_so(self):
        self.assertEqual(self.code(5000, "GNU 13"), count.SKIPPED)
        self.assertTrue(count.verdict("train", 0, FIGURES, "GNU 13", "")[1].startswith("SKIPPED: "))


class Counted(unittest.TestCase):
    def test_the_number_is_read(self):
        self.assertEqual(count.counted("==1== Events    : Ir\n==1== Collected : 187086736\n"), 187086736)

    def test_nothing_counted_is_no_number(self):
        self.assertIsNone(count.counted("==1== Collected : 0\n"))
        self.assertIsNone(count.counted("valgrind: failed to start\n"))


if __name__ == "__main__":
    unittest.main()
