# SPDX-License-Identifier: Apache-2.0
"""Between mien's layouts and those of libraries that keep channels first.

mien: convolutions (R,S,C,K), dense layers (I,O) whose I runs over (H,W,C) behind a flatten. Channels first: (K,C,R,S) and
(O,I) with I over (C,H,W).
"""
import numpy as np

FLATTENED = {"dense/kernel": (4, 4, 256)}  # of the field's network: what its first dense layer sees


def channels_first(name, value, net):
    if value.ndim == 4:
        return np.ascontiguousarray(value.transpose(3, 2, 0, 1))
    if value.ndim == 2:
        if net == "seed" and name in FLATTENED:
            h, w, c = FLATTENED[name]
            value = value.reshape(h, w, c, -1).transpose(2, 0, 1, 3).reshape(h * w * c, -1)
        return np.ascontiguousarray(value.T)
    return value


def channels_last(name, value, net):
    """The way back."""
    if value.ndim == 4:
        return np.ascontiguousarray(value.transpose(2, 3, 1, 0))
    if value.ndim == 2:
        value = value.T
        if net == "seed" and name in FLATTENED:
            h, w, c = FLATTENED[name]
            value = value.reshape(c, h, w, -1).transpose(1, 2, 0, 3).reshape(h * w * c, -1)
        return np.ascontiguousarray(value)
    return value
