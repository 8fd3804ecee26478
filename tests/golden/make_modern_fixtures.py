#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the fixtures of modern networks, as make_fixtures.py beside this script makes the older ones: read its text first.

    python tests/golden/make_modern_fixtures.py

    residual.safetensors      two ways through a block, depthwise convolutions, average poolings, LeakyReLU, SiLU
"""

from make_fixtures import train  # first: it chooses the backend
import keras
from keras import layers


def residual():
    """Every layer is called as the test's network calls it; what a layer reads is its argument."""
    x = layers.Input((10, 9, 2))
    y = layers.Conv2D(6, 3, padding="same", name="conv2d")(x)
    way = layers.LeakyReLU()(y)  # Keras's default, 0.3
    y = layers.DepthwiseConv2D(3, padding="same", name="depthwise_conv2d")(way)
    y = layers.Activation("silu")(y)
    y = layers.Conv2D(6, 1, name="conv2d_1")(y)
    y = layers.Add()([way, y])
    y = layers.AveragePooling2D(2)(y)  # of 10 x 9: the last column is left out
    way = layers.DepthwiseConv2D(3, strides=2, padding="same", name="depthwise_conv2d_1")(y)
    y = layers.LeakyReLU(negative_slope=0.125)(way)
    y = layers.DepthwiseConv2D((2, 1), name="depthwise_conv2d_2")(y)
    y = layers.AveragePooling2D((2, 1), strides=1)(y)
    z = layers.AveragePooling2D((3, 1), strides=1)(way)
    y = layers.Add()([y, z, y])
    y = layers.Conv2D(10, 1, name="conv2d_2")(y)
    y = layers.Activation("silu")(y)
    y = layers.GlobalAveragePooling2D()(y)
    y = layers.Dense(5, name="dense")(y)
    return keras.Model(x, y)


if __name__ == "__main__":
    keras.backend.set_floatx("float64")
    keras.utils.set_random_seed(1)
    script = "tests/golden/make_modern_fixtures.py"
    train("residual", residual(), classes=5, batch=6, learning_rate=0.01, script=script)
