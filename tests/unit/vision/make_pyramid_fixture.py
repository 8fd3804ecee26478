#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes pyramid_fixture.json: what OpenCV's resize, integral images and scan give for pictures of noise.

    python make_pyramid_fixture.py            (pip install "opencv-python-headless<5" numpy)

The noise is v = (7 x^2 + 13 y^2 + x y (x + y)) mod 251, a formula that any program repeats. Pictures and sums stand here as FNV-1a
hashes of their little-endian bytes. The scan is shown by two cascades of one stump: one takes every window, the other only those brighter on the left.
"""

import json
import tempfile
from pathlib import Path

import cv2
import numpy as np

CASCADE = """<?xml version="1.0"?>
<opencv_storage><cascade><stageType>BOOST</stageType><featureType>HAAR</featureType>
<height>{height}</height><width>{width}</width>
<stageParams><maxWeakCount>1</maxWeakCount></stageParams><featureParams><maxCatCount>0</maxCatCount></featureParams>
<stageNum>1</stageNum><stages><_><maxWeakCount>1</maxWeakCount><stageThreshold>{stage}</stageThreshold>
<weakClassifiers><_><internalNodes>0 -1 0 0.0</internalNodes><leafValues>-1. 1.</leafValues></_></weakClassifiers></_></stages>
<features><_><rects><_>0 0 {width} {height} -1.</_><_>0 0 {half} {height} 2.</_></rects><tilted>0</tilted></_></features>
</cascade></opencv_storage>
"""


def noise(width, height):
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    return ((7 * x * x + 13 * y * y + x * y * (x + y)) % 251).astype(np.uint8)


def fnv(array):
    value = 0xCBF29CE484222325
    for byte in np.ascontiguousarray(array).tobytes():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def resizes():
    for width, height, to_width, to_height in [
            (64, 48, 64, 48), (64, 48, 48, 36), (64, 48, 32, 24), (64, 48, 31, 25), (97, 61, 73, 46), (97, 61, 11, 7), (97, 61, 3, 60),
            (97, 61, 1, 1), (5, 40, 4, 39), (1, 9, 1, 4), (300, 200, 299, 199), (640, 480, 481, 361), (640, 480, 83, 62), (641, 479, 157, 117)]:
        small = cv2.resize(noise(width, height), (to_width, to_height), interpolation=cv2.INTER_LINEAR_EXACT)
        yield {"from": [width, height], "to": [to_width, to_height], "bytes": fnv(small)}


def integrals():
    for width, height in [(1, 1), (2, 5), (17, 3), (40, 30), (301, 99)]:
        sums, squares, tilted = cv2.integral3(noise(width, height), sdepth=cv2.CV_32S, sqdepth=cv2.CV_32S)
        yield {"size": [width, height], "sums": fnv(sums), "squares": fnv(squares), "tilted": fnv(tilted)}


def scans(folder):
    for window, stage in (((24, 24), -5), ((24, 24), 0.5), ((36, 18), 0.5), ((9, 40), -5)):
        path = Path(folder) / "cascade.xml"
        path.write_text(CASCADE.format(width=window[0], height=window[1], half=window[0] // 2, stage=stage))
        cascade = cv2.CascadeClassifier(str(path))
        for size, factor, least, most in [
                ((64, 48), 1.1, 1, 0), ((64, 48), 1.1, 30, 40), ((64, 48), 1.3, 33, 33), ((47, 53), 1.05, 20, 0), ((130, 97), 1.2, 30, 0),
                ((131, 211), 1.1, 24, 100), ((200, 64), 1.1, 0, 0), ((23, 64), 1.1, 0, 0), ((24, 24), 1.1, 30, 0), ((333, 250), 1.25, 80, 0), ((75, 75), 1.1, 50, 49)]:
            boxes = cascade.detectMultiScale(noise(*size), factor, 0, minSize=(least, least), maxSize=(most, most))
            boxes = np.array(boxes, dtype=np.int32).reshape(-1, 4)
            sizes = {int(width): int(n) for width, n in zip(*np.unique(boxes[:, 2], return_counts=True))}
            yield {"window": list(window), "stage": stage, "size": list(size), "factor": factor, "least": least, "most": most,
                   "windows_by_width": [[w, n] for w, n in sizes.items()], "boxes": fnv(boxes)}


def main():
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        fixture = {"opencv": cv2.__version__, "resize": list(resizes()), "integral": list(integrals()), "scan": list(scans(folder))}
    lines = [f'"{key}": ' + ("[\n " + ",\n ".join(map(json.dumps, rows)) + "]" if isinstance(rows, list) else json.dumps(rows))
             for key, rows in fixture.items()]
    Path(__file__).with_name("pyramid_fixture.json").write_text("{" + ",\n".join(lines) + "}\n")


if __name__ == "__main__":
    main()
