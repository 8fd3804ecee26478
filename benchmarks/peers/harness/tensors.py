# SPDX-License-Identifier: Apache-2.0
"""Safetensors files with nothing but Python: the driver compares numbers, and needs no numpy for it."""
import array
import json
import math
import sys
from pathlib import Path

TYPES = {"F32": "f", "I32": "i"}


def read(path):
    """{name: array} of the F32 and I32 tensors of a file; shapes are left out, since a layout is compared by its numbers."""
    data = Path(path).read_bytes()
    begin = 8 + int.from_bytes(data[:8], "little")
    if begin > len(data):
        raise ValueError(f"{path} is no safetensors file: a header of {begin - 8} bytes in {len(data)}")
    header = json.loads(data[8:begin])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] not in TYPES:
            continue
        first, last = entry["data_offsets"]
        values = array.array(TYPES[entry["dtype"]])
        values.frombytes(data[begin + first:begin + last])
        if sys.byteorder == "big":
            values.byteswap()
        if len(values) != math.prod(entry["shape"]):
            raise ValueError(f"{path}: {name} has {len(values)} numbers for the shape {entry['shape']}")
        tensors[name] = values
    return tensors


def write(path, tensors):
    """Writes {name: sequence of floats}, each a flat F32 tensor: for tests, and for contenders without numpy."""
    header, data = {}, b""
    for name, values in tensors.items():
        blob = array.array("f", values)
        if sys.byteorder == "big":
            blob.byteswap()
        header[name] = {"dtype": "F32", "shape": [len(blob)], "data_offsets": [len(data), len(data) + 4 * len(blob)]}
        data += blob.tobytes()
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    Path(path).write_bytes(len(head).to_bytes(8, "little") + head + data)
