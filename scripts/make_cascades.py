#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns OpenCV's cascades (Debian's package opencv-data) into the tables that mien carries, and copies their notices.

    scripts/make_cascades.py [FOLDER]        FOLDER: /usr/share/opencv4

Writes data/cascades/NAME.cascade and data/cascades/NOTICE. A table holds what the XML holds, a tenth as large and read
without parsing; numbers are little-endian:

    8 bytes   "miencas1"
    u32       kind (0 Haar, 1 LBP), width, height, number of stages, trees, nodes, features
    stages    f32 threshold as in the XML, u32 trees
    trees     u8 nodes; a tree has one leaf more
    nodes     i8 left, i8 right, u16 feature; then Haar: f32 threshold, LBP: 8 u32 of the subset
    leaves    f32
    features  Haar: u8 tilted, three times u8 x, y, width, height, three times f32 weight; LBP: u8 x, y, width, height
"""
import re
import struct
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

NAMES = ["eye", "eye_tree_eyeglasses", "frontalface_alt2", "frontalface_default", "profileface"]
TARGET = Path(__file__).resolve().parent.parent / "data" / "cascades"


def numbers(element):
    return [float(word) for word in element.text.split()]


def whole(values):
    assert all(value == int(value) for value in values), values
    return [int(value) for value in values]


def feature_bytes(feature, haar):
    if not haar:
        return struct.pack("<4B", *whole(numbers(feature.find("rect"))))
    rects = [numbers(rect) for rect in feature.find("rects")]
    rects += [[0] * 5] * (3 - len(rects))
    places = [place for rect in rects for place in whole(rect[:4])]
    return struct.pack("<13B3f", int(feature.findtext("tilted", "0")), *places, *(rect[4] for rect in rects))


def node_bytes(node, haar):
    left, right, feature = whole(node[:3])
    question = struct.pack("<f", node[3]) if haar else struct.pack("<8i", *whole(node[3:]))
    return struct.pack("<bbH", left, right, feature) + question


def table(cascade):
    haar = cascade.findtext("featureType") == "HAAR"
    words = 4 if haar else 11  # of a node
    stages = cascade.findall("stages/_")
    trees = cascade.findall("stages/_/weakClassifiers/_")
    nodes = [numbers(tree.find("internalNodes")) for tree in trees]
    features = cascade.findall("features/_")
    head = [0 if haar else 1, int(cascade.findtext("width")), int(cascade.findtext("height")), len(stages), len(trees),
            sum(len(tree) for tree in nodes) // words, len(features)]
    parts = [b"miencas1", struct.pack("<7I", *head)]
    parts += [struct.pack("<fI", float(stage.findtext("stageThreshold")), len(stage.find("weakClassifiers")))
              for stage in stages]
    parts += [struct.pack("<B", len(tree) // words) for tree in nodes]
    parts += [node_bytes(tree[at:at + words], haar) for tree in nodes for at in range(0, len(tree), words)]
    parts += [struct.pack("<f", leaf) for tree in trees for leaf in numbers(tree.find("leafValues"))]
    parts += [feature_bytes(feature, haar) for feature in features]
    return b"".join(parts)


def main(folder):
    notices = ["The files *.cascade are made by scripts/make_cascades.py from cascades that come with OpenCV.\n"
               "Each file's own notice follows.\n"]
    for name in NAMES:
        path = folder / "haarcascades" / f"haarcascade_{name}.xml"
        text = path.read_text(encoding="utf-8")
        (TARGET / f"{name}.cascade").write_bytes(table(ElementTree.fromstring(text).find("cascade")))
        notice = re.search(r"<!--\n?(.*?)-->", text, flags=re.S)[1]
        notice = "\n".join(line.expandtabs().rstrip() for line in notice.splitlines())
        notices.append(f"{'=' * 88}\n{name}.cascade, from {path.name}\n\n{notice.strip(chr(10))}\n")
    (TARGET / "NOTICE").write_text("\n".join(notices), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/opencv4"))
