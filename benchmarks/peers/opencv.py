#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""OpenCV's CascadeClassifier and mien's CascadeDetector on the same pictures, in turns: first the same boxes, then the time.

    python benchmarks/peers/opencv.py [CASCADE.xml]        (pip install "opencv-python-headless<5" numpy)

Needs build/bench/benchmarks/bench_detector. Scale factor 1.1, three neighbours, faces from 30 pixels. The pictures are generated clouds, whose
contrasts are spread over all sizes as in photographs; where MIEN_PHOTOS is set, the photographs in its `gray` folder are measured too, scaled
to the same sizes. How long a cascade takes depends on the picture. Prints a Markdown table: median and least of 15 runs. Boxes that differ
are reported as WRONG and not timed.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / "build" / "bench" / "benchmarks" / "bench_detector"
FRONTAL = "/usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml"
FACTOR, NEIGHBORS, LEAST = 1.1, 3, 30
SIZES = ((640, 480), (1280, 720))
RUNS = 15


def cloud(width, height, seed):
    """Noise whose amplitude falls as one over the frequency, as it does in photographs."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    frequency[0, 0] = 1
    spectrum = np.exp(2j * np.pi * rng.random(frequency.shape)) / frequency
    picture = np.fft.irfft2(spectrum, (height, width))
    return np.clip(128 + 50 * (picture - picture.mean()) / picture.std(), 0, 255).astype(np.uint8)


def pictures():
    """(kind, picture) for every size."""
    for width, height in SIZES:
        for seed in range(3):
            yield f"clouds {width}x{height}", cloud(width, height, seed)
        if "MIEN_PHOTOS" in os.environ:
            for path in sorted((Path(os.environ["MIEN_PHOTOS"]) / "gray").glob("*.pgm")):
                photo = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
                yield f"photographs {width}x{height}", cv2.resize(photo, (width, height), interpolation=cv2.INTER_CUBIC)


class Mien:
    def __init__(self, cascade):
        self.process = subprocess.Popen([PROGRAM, cascade, str(FACTOR), str(NEIGHBORS), str(LEAST)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.kernels = self.process.stdout.readline().strip()

    def __call__(self, path, threads):
        self.process.stdin.write(f"{threads} {path}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["ms"], sorted(map(tuple, answer["boxes"]))


class OpenCv:
    def __init__(self, cascade):
        self.classifier = cv2.CascadeClassifier(cascade)

    def __call__(self, path, threads):
        picture = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        cv2.setNumThreads(threads)
        begin = time.perf_counter()
        boxes = self.classifier.detectMultiScale(picture, FACTOR, NEIGHBORS, minSize=(LEAST, LEAST))
        milliseconds = 1000 * (time.perf_counter() - begin)
        return milliseconds, sorted(tuple(map(int, box)) for box in boxes)


def main():
    cascade = sys.argv[1] if len(sys.argv) > 1 else FRONTAL
    mien, opencv = Mien(cascade), OpenCv(cascade)
    print(f"{Path(cascade).name}, OpenCV {cv2.__version__}, mien with {mien.kernels}; milliseconds a picture, median (least) of {RUNS} runs in turns\n")
    print("| pictures | threads | OpenCV | mien | times as fast |\n| --- | --- | --- | --- | --- |")
    wrong = False
    with tempfile.TemporaryDirectory() as folder:
        kinds = {}
        for number, (kind, picture) in enumerate(pictures()):
            path = str(Path(folder) / f"{number}.pgm")
            cv2.imwrite(path, picture)
            kinds.setdefault(kind, []).append(path)
        for kind, paths in kinds.items():
            for threads in (1, 2):
                if any(mien(path, threads)[1] != opencv(path, threads)[1] for path in paths):
                    print(f"| {kind} | {threads} | WRONG: the boxes differ |", flush=True)
                    wrong = True
                    continue
                # of each run the sum over all pictures, so that no picture counts for more than its time
                times = [[sum(ms) for ms in zip(*((opencv(p, threads)[0], mien(p, threads)[0]) for p in paths))] for _ in range(RUNS)]
                theirs, ours = ([run[i] / len(paths) for run in times] for i in (0, 1))
                ratio = statistics.median(theirs) / statistics.median(ours)
                print(f"| {kind} | {threads} | {statistics.median(theirs):.1f} ({min(theirs):.1f}) "
                      f"| {statistics.median(ours):.1f} ({min(ours):.1f}) | {ratio:.1f} |", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
