# SPDX-License-Identifier: Apache-2.0
"""A contender's process: asked a line, it answers with a line of JSON, and it stands still while others have their turn."""
import atexit
import json
import os
import re
import select
import signal
import subprocess
import time

from . import machine

# What decides speed is set for each contender; whatever the caller's shell says must not.
FOREIGN = re.compile(r"^(OMP_|GOMP_|KMP_|OPENBLAS_|MKL_|DNNL_|ONEDNN_|TF_|XLA_|TORCH|MIEN_KERNELS|LD_PRELOAD|MALLOC_)")
PATIENCE = 900  # seconds: compilers may take their time


class Failure(Exception):
    """A contender that cannot be timed; the text goes into the table."""
    status = "failed"


class Wrong(Failure):
    """A contender that computes something else."""
    status = "wrong"


def clean(text):
    """One line without folders of this machine, short enough for a table."""
    text = re.sub(r"(?:/[^\s/:'\"()|]+)+/([^\s/:'\"()|]+)", r"\1", text)
    return re.sub(r"\s+", " ", text).replace("|", "/").strip()[:160]


def last_words(text):
    """What a process said at its end that a person should read."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(?:error|\w*(?:Error|Exception)): ", line)]
    return clean((errors or lines or ["nothing was said"])[-1])


def environment(threads, more):
    kept = {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}
    return kept | {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)} | more


def run_once(command, variables, log):
    """Runs a program to its end: (its standard output, its resource usage). Raises Failure with its last words."""
    with open(log, "wb") as errors:
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=errors, env=variables, text=True)
    output = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failure(last_words(log.read_text(errors="replace")))
    return output, usage


def memory_mb(usage):
    """The most that a program held."""
    return usage.ru_maxrss * 1024 / 1e6


class ContenderProcess:
    living = set()  # one that stands still would outlive this program

    def __init__(self, command, variables, log, patience=PATIENCE):
        self.log, self.patience, self.buffer = log, patience, b""
        with open(log, "wb") as errors:
            self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=errors, env=variables, start_new_session=True)
        self.living.add(self)

    @property
    def pid(self):
        return self.process.pid

    def signal(self, number):
        """To it and to what it started: a compiler's helpers, say."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            pass

    def answer(self, *keys):
        """The next line of its output, an object that has these keys."""
        deadline = time.monotonic() + self.patience
        while b"\n" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise Failure(f"no answer in {self.patience} s")
            chunk = os.read(self.process.stdout.fileno(), 65536)
            if not chunk:
                raise Failure(last_words(self.log.read_text(errors="replace")))
            self.buffer += chunk
        line, self.buffer = self.buffer.split(b"\n", 1)
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or any(key not in answer for key in keys):
            raise Failure(f"expected an answer with {' and '.join(keys)}, got: {clean(line.decode(errors='replace'))}")
        return answer

    def ask(self, line, *keys):
        """Wakes it, waits for its answer, and puts it to sleep again."""
        self.signal(signal.SIGCONT)
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Failure(last_words(self.log.read_text(errors="replace"))) from None
        answer = self.answer(*keys)
        self.signal(signal.SIGSTOP)
        return answer

    def cpu_seconds(self):
        return machine.cpu_seconds(self.pid)

    def peak_memory_mb(self):
        return machine.peak_memory_mb(self.pid)

    def close(self):
        self.signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.living.discard(self)


@atexit.register
def close_all():
    for process in list(ContenderProcess.living):
        process.close()
