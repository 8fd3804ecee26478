# SPDX-License-Identifier: Apache-2.0
"""mien and its peers behind one face: `turn()` measures once more, `record` is what the results keep."""
import json
import time

from . import field, machine, tensors, verify
from .process import ContenderProcess, Failure, Wrong, clean, environment, memory_mb, run_once


class Peer:
    """A contender in one variant: started, compared, then timed turn by turn."""

    def __init__(self, contender, variant, row, setup):
        self.contender, self.row, self.seconds = contender, row, setup.seconds
        self.record = {"name": contender.name, "label": contender.label, "precision": contender.precision, "variant": variant,
                       "images_per_s": [], "others": []}
        outputs = setup.scratch / f"{contender.name}.safetensors"
        outputs.unlink(missing_ok=True)
        command = [*setup.start(contender), "--task", row.task, "--net", row.net, "--precision", contender.precision,
                   "--variant", variant.split("+")[0], "--batch", row.batch, "--threads", row.threads,
                   "--model", setup.material.model(row.net), "--faces", setup.material.faces, "--outputs", outputs]
        variables = environment(row.threads, setup.variables | field.environment_of(variant))
        self.process = ContenderProcess(command, variables, setup.scratch / f"{contender.name}.log", setup.patience)
        try:
            self.record["versions"] = self.process.answer("ready")["ready"]
            self.compare(setup.material.expected(row), outputs)
        except Failure:
            self.close()
            raise
        self.steps = 1

    def compare(self, expected, outputs):
        try:
            found = tensors.read(outputs)
        except (OSError, ValueError) as error:
            raise Failure(f"its outputs cannot be read: {clean(str(error))}") from None
        self.record["differences"], wrong = verify.verdict(expected, found, self.contender.precision, self.row.task)
        if wrong:
            raise Wrong(wrong)

    def time(self, steps):
        answer = self.process.ask(f"time {steps}", "steps", "seconds")
        return answer["seconds"] / answer["steps"]

    def warm_up(self):
        """Until it has run for as long as a turn takes; then a turn's steps are known."""
        begin, step = time.monotonic(), self.time(1)
        while time.monotonic() - begin < self.seconds:
            step = self.time(max(1, min(round(0.5 * self.seconds / step), 1000)))
        self.steps = max(1, round(self.seconds / step))

    def turn(self):
        own = self.process.cpu_seconds()
        watch = machine.Watch(time.monotonic)
        step = self.time(self.steps)
        self.record["others"].append(watch.others(self.process.cpu_seconds() - own))
        self.record["images_per_s"].append(round(self.row.batch / step, 2))

    def close(self):
        if self.process.process.poll() is None:
            self.record["memory_mb"] = self.process.peak_memory_mb()
        self.process.close()


class Mien:
    """mien itself, by its own `mien bench`, a process a turn: it verifies and warms up by itself."""

    def __init__(self, row, setup):
        self.row, self.setup = row, setup
        self.record = {"name": "mien", "label": "mien", "precision": "f32", "variant": "", "images_per_s": [], "others": [],
                       "ms_p50": [], "ms_p99": [], "peak_gflops": []}
        self.record["differences"], wrong = verify.verdict(setup.material.expected(row), setup.material.of_mien(row), "f32", row.task)
        if wrong:
            raise Wrong(wrong)

    def bench(self):
        """(the answer of one `mien bench`, its CPU seconds); the most memory that it held is kept."""
        row = self.row
        command = [self.setup.mien, "bench", "--task", row.task, "--net", row.net, "--batch", row.batch, "--threads", row.threads,
                   "--runs", 1, "--seconds", self.setup.seconds, "--json", "--quiet"]
        output, usage = run_once(command, environment(row.threads, {}), self.setup.scratch / "mien.log")
        self.record["memory_mb"] = max(self.record.get("memory_mb", 0), memory_mb(usage))
        return json.loads(output), usage.ru_utime + usage.ru_stime

    def result(self, answer):
        for result in answer["results"]:
            if [result[key] for key in ("task", "net", "precision", "batch", "threads")] == [
                    self.row.task, self.row.net, "f32", self.row.batch, self.row.threads]:
                return result
        raise Failure("mien bench left this row out")

    def warm_up(self):
        pass

    def turn(self):
        watch = machine.Watch(time.monotonic)
        answer, own = self.bench()
        self.record["others"].append(watch.others(own))
        result = self.result(answer)
        self.record["images_per_s"].append(round(result["images_per_s"], 2))
        self.record["ms_p50"].append(result["ms_p50"])
        self.record["ms_p99"].append(result["ms_p99"])
        self.record["peak_gflops"].append(answer["peak_gflops"])
        self.record["versions"] = {"mien": answer.get("version", "?"), "kernels": answer.get("kernels", "?")}

    def close(self):
        pass
