#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the fixtures of modern networks, as make_fixtures.py beside this script makes the older ones: read its text first.

    python tests/golden/make_modern_fixtures.py

    residual.safetensors      two ways through a block, depthwise convolutions, average poolings, LeakyReLU, SiLU
    normalised.safetensors    batch normalisations, one of them in a residual block: ten steps of SGD in training mode,
                              the moving statistics after each, and logits in inference
"""

from make_fixtures import as_floats, name_of, np, save, tf, train  # first: it chooses the backend
import keras
from keras import layers

SCRIPT = "tests/golden/make_modern_fixtures.py"


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


def normalised():
    """No layer in front of a batch normalisation has a bias: its derivative would be rounding alone."""
    x = layers.Input((10, 9, 2))
    y = layers.Conv2D(6, 3, padding="same", use_bias=False, name="conv2d")(x)
    y = layers.BatchNormalization(momentum=0.75, epsilon=2.0**-6, name="batch_normalization")(y)
    way = layers.ReLU()(y)
    y = layers.Conv2D(7, 3, padding="same", use_bias=False, name="conv2d_1")(way)
    y = layers.BatchNormalization(name="batch_normalization_1")(y)  # Keras's defaults: 0.99, 0.001
    y = layers.ReLU()(y)
    y = layers.Conv2D(6, 3, padding="same", use_bias=False, name="conv2d_2")(y)
    y = layers.BatchNormalization(momentum=0.5, name="batch_normalization_2")(y)
    y = layers.Add()([y, way])
    y = layers.ReLU()(y)
    y = layers.DepthwiseConv2D(3, strides=2, padding="same", use_bias=False, name="depthwise_conv2d")(y)
    y = layers.BatchNormalization(momentum=0.75, epsilon=2.0**-6, name="batch_normalization_3")(y)
    y = layers.ReLU()(y)
    y = layers.GlobalAveragePooling2D()(y)
    y = layers.BatchNormalization(momentum=0.75, name="batch_normalization_4")(y)  # of (N, C)
    y = layers.Dense(5, name="dense")(y)
    return keras.Model(x, y)


def initial(weight, random):
    """Vectors that would prove nothing as Keras begins them: biases at 0, scales and variances at 1."""
    if weight.ndim > 1:
        return weight.numpy()
    low, high = (0.5, 1.5) if name_of(weight).endswith(("gamma", "moving_variance")) else (-0.2, 0.3)
    return random.uniform(low, high, weight.shape)


def train_normalised(name, network, classes, batch):
    """As train(), but in training mode, which normalises by the batch and moves the statistics."""
    random = np.random.default_rng(4)
    x = as_floats(random.random((batch, *network.input_shape[1:])))
    labels = random.integers(0, classes, batch)
    for weight in network.weights:
        weight.assign(as_floats(initial(weight, random)))
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.SGD(2.0**-5, momentum=0.875, nesterov=True)

    tensors = {"x": x, "labels": labels, "inference": network(x, training=False)}
    tensors |= {name_of(weight): weight.numpy() for weight in network.weights}
    losses = []
    for step in range(10):
        with tf.GradientTape() as tape:
            logits = network(x, training=True)
            loss = loss_of(labels, logits)
        gradients = tape.gradient(loss, network.trainable_variables)
        if step == 0:
            tensors["logits"] = logits
            tensors |= {f"gradient/{name_of(w)}": g for w, g in zip(network.trainable_variables, gradients)}
        losses.append(float(loss))
        optimizer.apply(gradients, network.trainable_variables)
        tensors |= {f"after/{name_of(w)}/{step}": w.numpy() for w in network.non_trainable_variables}
    tensors["losses"] = losses
    tensors |= {f"after/{name_of(weight)}": weight.numpy() for weight in network.trainable_variables}
    tensors["inference_after"] = network(x, training=False)
    save(name, tensors, learning_rate=2.0**-5, momentum=0.875, nesterov=True, script=SCRIPT)
    print(name, losses)


if __name__ == "__main__":
    keras.backend.set_floatx("float64")
    keras.utils.set_random_seed(1)
    train("residual", residual(), classes=5, batch=6, learning_rate=0.01, script=SCRIPT)
    train_normalised("normalised", normalised(), classes=5, batch=6)
