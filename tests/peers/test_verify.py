# SPDX-License-Identifier: Apache-2.0
"""Whoever computes something else is found out, and rounding is not."""
import random
import tempfile
import unittest
from pathlib import Path

import support  # noqa: F401
from harness import tensors, verify

random.seed(1)
EXPECTED = {"logits": [random.uniform(-2, 2) for _ in range(28)], "losses": [2.0, 1.9, 1.7],
            "gradient/conv2d/kernel": [random.uniform(-1, 1) for _ in range(90)],
            "gradient/conv2d/bias": [random.uniform(-1e-4, 1e-4) for _ in range(10)]}


def changed(name, values):
    return EXPECTED | {name: values}


def verdict(found, precision="f32", task="train"):
    return verify.verdict(EXPECTED, found, precision, task)[1]


class Verify(unittest.TestCase):
    def test_the_same_outputs_pass_in_both_precisions(self):
        self.assertIsNone(verdict(EXPECTED))
        self.assertIsNone(verdict(EXPECTED, "bf16"))

    def test_rounding_passes(self):
        self.assertIsNone(verdict({name: [v * (1 + 1e-5) for v in values] for name, values in EXPECTED.items()}))

    def test_the_rounding_of_bf16_passes_as_bf16_alone(self):
        rough = {name: [v * (1 + 0.01 * (-1) ** i) for i, v in enumerate(values)] for name, values in EXPECTED.items()}
        self.assertIsNone(verdict(rough, "bf16"))
        self.assertIn("off by", verdict(rough))

    def test_sinners_are_found_in_every_output_and_precision(self):
        for name, values in EXPECTED.items():
            for how, found in (("zeros", [0.0] * len(values)), ("a flipped sign", [-v for v in values]),
                               ("a NaN", [float("nan"), *values[1:]]), ("infinity", [float("inf"), *values[1:]]),
                               ("another order", values[1:] + values[:1]), ("half of them", values[:len(values) // 2])):
                for precision in ("f32", "bf16"):
                    self.assertIsNotNone(verdict(changed(name, found), precision), (name, how, precision))

    def test_a_transposed_kernel_is_found(self):
        kernel = EXPECTED["gradient/conv2d/kernel"]
        turned = [kernel[column * 10 + row] for row in range(10) for column in range(9)]
        self.assertIn("gradients", verdict(changed("gradient/conv2d/kernel", turned), "bf16"))

    def test_small_gradients_count_by_their_own_size(self):
        self.assertIn("gradients", verdict(changed("gradient/conv2d/bias", [0.0] * 10)))

    def test_what_is_left_out_is_named(self):
        for name in EXPECTED:
            found = {other: values for other, values in EXPECTED.items() if other != name}
            self.assertIn(f"{name} was not written", verdict(found))

    def test_inference_needs_logits_alone(self):
        self.assertIsNone(verdict({"logits": EXPECTED["logits"]}, task="infer"))
        self.assertIn("logits was not written", verdict({}, task="infer"))

    def test_nothing_to_compare_is_no_success(self):
        self.assertIsNotNone(verify.verdict({}, EXPECTED, "f32", "train")[1])


class Tensors(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "a.safetensors"
        tensors.write(self.path, {"x": [1.5, -2.0], "gradient/y": [3.0]})

    def test_what_was_written_is_read(self):
        found = {name: list(values) for name, values in tensors.read(self.path).items()}
        self.assertEqual(found, {"x": [1.5, -2.0], "gradient/y": [3.0]})

    def test_damaged_files_are_errors_that_name_the_file(self):
        good = self.path.read_bytes()
        rng = random.Random(7)
        damaged = [good[:length] for length in range(len(good))]
        for _ in range(2000):
            bytes_ = bytearray(good)
            for _ in range(rng.randint(1, 4)):
                bytes_[rng.randrange(len(bytes_))] = rng.randrange(256)
            damaged.append(bytes(bytes_))
        refused = 0
        for data in damaged:
            try:
                tensors.parse(data, "a.safetensors")
            except ValueError as error:
                refused += 1
                self.assertTrue(str(error).startswith("a.safetensors is no safetensors file"), error)
        self.assertGreater(refused, len(good))

    def test_hostile_headers_are_errors(self):
        for header in (b"[]", b"{\"x\": 1}", b"{\"x\": {\"dtype\": \"F32\", \"data_offsets\": [0, 1e99]}}", b"{\"x\": {\"dtype\": []}}",
                       b"{\"x\": {\"dtype\": \"F32\", \"data_offsets\": [-8, 0]}}", b"{\"x\": {\"dtype\": \"F32\", \"data_offsets\": [0, 3]}}",
                       b"[" * 3000, b"\xff"):
            with self.assertRaises(ValueError, msg=header[:40]):
                tensors.parse(len(header).to_bytes(8, "little") + header + b"abc", "a")


if __name__ == "__main__":
    unittest.main()
