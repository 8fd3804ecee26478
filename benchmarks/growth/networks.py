# SPDX-License-Identifier: Apache-2.0
"""The field's network with more or fewer filters, in the words of docs/model-format.md."""

FILTERS = (32, 64, 128, 256)  # of `seed`, lib/nn/networks.cpp


def seed_of_width(width):
    """`seed` with `width` times as many filters; the dense layers stay as they are."""
    layers = []

    def add(kind, name, **settings):
        layers.append({"type": kind, "name": name, "settings": settings})

    for i, filters in enumerate(FILTERS):
        add("Conv2D", f"conv2d_{i}", filters=max(1, round(width * filters)), activation="relu")
        if i > 0:
            add("MaxPooling2D", f"pool_{i}")
            add("Dropout", f"dropout_{i}", rate=0.1)
    add("Flatten", "flatten")
    add("Dense", "dense", units=512, activation="relu")
    add("Dropout", "dropout", rate=0.2)
    add("Dense", "out", units=7)
    return {"input": [48, 48, 1], "layers": layers}
