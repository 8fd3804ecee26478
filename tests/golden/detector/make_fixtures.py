#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the fixtures beside this script: what OpenCV's CascadeClassifier finds in pictures that show nobody.

    pip install "opencv-python-headless<5" numpy
    tests/golden/detector/make_fixtures.py build/release/tools/mien [FOLDER of opencv-data]

    scene-N.png    faces drawn by mien, pasted on gradients and noise
    opencv.json    a run a line: cascade, settings, and boxes as [x, y, width, height, neighbours, weight]

OpenCV runs on one thread: on several it finds the same boxes in another order.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

HERE = Path(__file__).parent
CASCADES = [f"haarcascade_{name}" for name in (
    "frontalface_default", "frontalface_alt", "frontalface_alt2", "frontalface_alt_tree", "profileface", "eye",
    "eye_tree_eyeglasses", "lefteye_2splits", "righteye_2splits", "smile", "upperbody", "frontalcatface_extended")]
CASCADES += ["lbpcascade_frontalface", "lbpcascade_frontalface_improved", "lbpcascade_profileface"]
# Scale factor, neighbours, least and greatest size; 0: as large as the picture.
SETTINGS = [(1.05, 2, 24, 0), (1.1, 0, 0, 0), (1.1, 3, 30, 80), (1.15, 1, 20, 60), (1.2, 4, 0, 90), (1.25, 0, 33, 70),
            (1.3, 5, 0, 0), (1.1, 2, 41, 41)]


def drawn_faces(mien):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([mien, "data", "generate", folder, "--per-class", "5", "--size", "160", "--quiet"], check=True)
        return [cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in sorted(Path(folder).glob("test/*/*.png"))]


def paste(canvas, face, x, y, size):
    """A face, shrunk, cut off at the canvas's edges."""
    face = cv2.resize(face, (size, size), interpolation=cv2.INTER_AREA)
    part = canvas[max(y, 0):y + size, max(x, 0):x + size]
    part[:] = face[max(-y, 0):, max(-x, 0):][:part.shape[0], :part.shape[1]]


def scenes(faces):
    random = np.random.default_rng(1)
    down, across = np.mgrid[0:150, 0:200]
    slope = 60 + across * 0.5 + down * 0.3 + random.normal(0, 4, down.shape)
    noise = random.integers(0, 256, (203, 161))
    noise[:, 60:] = (noise[:, 60:] * 0.2 + 90).astype(int)
    first, second = (np.clip(scene, 0, 255).astype(np.uint8) for scene in (slope, noise))
    for face, x, y, size in ((0, 10, 12, 60), (1, 80, 8, 44), (2, 128, 60, 80), (3, 60, 90, 48), (4, -14, 94, 56)):
        paste(first, faces[face], x, y, size)
    for face, x, y, size in ((5, 4, 96, 96), (6, 100, 10, 50), (0, 104, 70, 36), (1, 110, 150, 66)):
        paste(second, faces[face], x, y, size)
    # So little contrast that windows beside a face count as flat: where the rules for both kinds of rejection meet.
    faint = np.full((120, 160), 128, np.uint8)
    for face, x, y, size, contrast in ((0, 3, 3, 50, 0.2), (2, 60, 5, 46, 0.25), (4, 111, 9, 48, 0.22), (5, 20, 62, 54, 0.3),
                                       (6, 90, 65, 51, 0.18)):
        paste(faint, (128 + (faces[face].astype(float) - faces[face].mean()) * contrast).astype(np.uint8), x, y, size)
    return {"scene-1.png": first, "scene-2.png": second, "scene-3.png": faint}


def found(classifier, picture, scale, neighbours, least, most):
    sizes = {"minSize": (least, least), "maxSize": (most, most)}
    boxes, counts = classifier.detectMultiScale2(picture, scaleFactor=scale, minNeighbors=neighbours, **sizes)
    again, _, weights = classifier.detectMultiScale3(picture, scaleFactor=scale, minNeighbors=neighbours, **sizes,
                                                     outputRejectLevels=True)
    assert np.array_equal(boxes, again)
    return [[*map(int, box), int(count), float(weight)] for box, count, weight in zip(boxes, counts, weights)]


def main(mien, data):
    cv2.setNumThreads(1)
    pictures = scenes(drawn_faces(mien))
    for name, picture in pictures.items():
        cv2.imwrite(str(HERE / name), picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    runs = []
    for c, cascade in enumerate(CASCADES):
        folder = "lbpcascades" if cascade.startswith("lbp") else "haarcascades"
        classifier = cv2.CascadeClassifier(str(data / folder / f"{cascade}.xml"))
        for s, settings in enumerate(SETTINGS):
            if c > 2 and s != 1 and (s + c) % 3:  # the first cascades at all settings, the others at some of them
                continue
            scene = f"scene-{(c + s) % 3 + 1}.png"
            boxes = found(classifier, pictures[scene], *settings)
            runs.append(json.dumps({"picture": scene, "cascade": cascade, "settings": settings, "boxes": boxes}))
    (HERE / "opencv.json").write_text('{"made_by": "tests/golden/detector/make_fixtures.py, OpenCV ' + cv2.__version__ +
                                      '",\n"runs": [\n' + ",\n".join(runs) + "\n]}\n")
    for run in map(json.loads, runs):
        print(run["picture"], run["cascade"], run["settings"], len(run["boxes"]))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2] if len(sys.argv) > 2 else "/usr/share/opencv4"))
