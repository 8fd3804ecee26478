# SPDX-License-Identifier: Apache-2.0
"""Safetensors files with nothing but Python: the driver compares numbers, and needs no numpy for it."""
import array
import json
import sys
from pathlib import Path

TYPES = {"F32": "f", "I32": "i"}


def numbers(data, kind):
    values = array.array(kind)
    values.frombytes(data)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def parse(data, name):
    """{tensor: array}; raises ValueError, beginning with the file's name, for bytes that are no such file."""
    begin = 8 + int.from_bytes(data[:8], "little")
    if len(data) < 8 or begin > len(data):
        raise ValueError(f"{name} is no safetensors file: its header should end at byte {begin}, the file ends at {len(data)}")
    tensors = {}
    try:
        for tensor, entry in json.loads(data[8:begin]).items():
            if tensor != "__metadata__" and entry["dtype"] in TYPES:
                first, last = (begin + int(offset) for offset in entry["data_offsets"])
                if not begin <= first <= last <= len(data):
                    raise ValueError(f"{tensor} lies outside the file")
                tensors[tensor] = numbers(data[first:last], TYPES[entry["dtype"]])
    except (AttributeError, KeyError, TypeError, OverflowError, RecursionError, ValueError) as error:
        raise ValueError(f"{name} is no safetensors file: {error}") from None
    return tensors


def read(path):
    """The F32 and I32 tensors of a file, flat: a layout is compared by its numbers."""
    return parse(Path(path).read_bytes(), Path(path).name)


def write(path, tensors):
    """Writes {name: sequence of floats}, each a flat F32 tensor."""
    header, data = {}, b""
    for name, values in tensors.items():
        blob = numbers(array.array("f", values).tobytes(), "f").tobytes()
        header[name] = {"dtype": "F32", "shape": [len(values)], "data_offsets": [len(data), len(data) + len(blob)]}
        data += blob
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    Path(path).write_bytes(len(head).to_bytes(8, "little") + head + data)
