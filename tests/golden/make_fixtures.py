#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the fixtures beside this script with Keras: what the rest of the world computes, for the tests to compare with.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1 numpy==2.4.6 safetensors==0.8.0
    python tests/golden/make_fixtures.py

Other versions serve too; those used stand in each file's metadata. Everything is computed in float64, from inputs and
weights that float32 holds exactly, and rounded to float32 at the end: so a tolerance covers mien's rounding alone.

    field.safetensors         the field's network in small: forward, loss, every gradient, ten steps of Adam
    strided.safetensors       convolutions with strides, even windows and `same` padding, which is not symmetric
    adam.safetensors          ten steps of Adam alone, on gradients from 0 to 1e4
    initializers.safetensors  moments and limits of what Keras's initialisers draw
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402
from safetensors.numpy import save_file  # noqa: E402

HERE = pathlib.Path(__file__).parent
MADE_BY = {"script": "tests/golden/make_fixtures.py", "keras": keras.__version__, "tensorflow": tf.__version__,
           "numpy": np.__version__, "computed_in": "float64"}


def save(name, tensors, **settings):
    tensors = {key: np.ascontiguousarray(value, np.int32 if key == "labels" else np.float32)
               for key, value in tensors.items()}
    metadata = {"made_by": json.dumps(MADE_BY | settings, sort_keys=True)}
    save_file(tensors, HERE / f"{name}.safetensors", metadata=metadata)


def as_floats(array):
    """The same numbers where float32 holds them exactly."""
    return array.astype(np.float32).astype(np.float64)


def adam_of(learning_rate):
    """Adam with numbers that float32 holds exactly: Keras takes them through float32, even to compute in float64."""
    beta_1, beta_2, learning_rate = (float(np.float32(number)) for number in (0.9, 0.999, learning_rate))
    return keras.optimizers.Adam(learning_rate, beta_1, beta_2)


def name_of(weight):
    """`conv2d/kernel`, without the model's own name."""
    return "/".join(weight.path.split("/")[-2:])


def train(name, network, classes, batch, learning_rate, **settings):
    """Saves a network's input, weights, logits, loss and gradients, and what ten steps of Adam make of it."""
    random = np.random.default_rng(1)
    x = as_floats(random.random((batch, *network.input_shape[1:])))
    labels = random.integers(0, classes, batch)
    for weight in network.weights:  # biases too, which Keras begins at zero, where they would prove nothing
        weight.assign(as_floats(weight.numpy() if weight.ndim > 1 else random.uniform(-0.1, 0.2, weight.shape)))
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = adam_of(learning_rate)

    tensors = {"x": x, "labels": labels, "logits": network(x)}
    tensors |= {name_of(weight): weight.numpy() for weight in network.weights}
    losses = []
    for step in range(10):
        with tf.GradientTape() as tape:
            # dropout stays off: its draws are each library's own
            loss = loss_of(labels, network(x, training=False))
        gradients = tape.gradient(loss, network.trainable_variables)
        if step == 0:
            tensors |= {f"gradient/{name_of(w)}": g for w, g in zip(network.weights, gradients)}
        losses.append(float(loss))
        optimizer.apply(gradients, network.trainable_variables)
    tensors["losses"] = losses
    tensors |= {f"after/{name_of(weight)}": weight.numpy() for weight in network.weights}
    save(name, tensors, learning_rate=learning_rate, **settings)
    print(name, losses)


def field():
    return keras.Sequential([
        layers.Input((13, 13, 1)),
        layers.Conv2D(4, 3, activation="relu", name="conv2d"),
        layers.Conv2D(8, 3, activation="relu", name="conv2d_1"),
        layers.MaxPooling2D(),  # of 9 x 9: the last row and column are left out
        layers.Dropout(0.1),
        layers.Conv2D(8, 3, padding="same", activation="relu", name="conv2d_2"),
        layers.MaxPooling2D(),
        layers.Dropout(0.1),
        layers.Flatten(),
        layers.Dense(16, activation="relu", name="dense"),
        layers.Dropout(0.2),
        layers.Dense(7, name="dense_1"),
    ])


def strided():
    return keras.Sequential([
        layers.Input((9, 8, 3)),
        layers.Conv2D(5, 3, strides=2, padding="same", activation="relu", name="conv2d"),  # columns: padded behind only
        layers.Conv2D(6, (3, 2), padding="same", name="conv2d_1"),
        layers.Conv2D(7, (1, 2), strides=3, padding="same", activation="relu", name="conv2d_2"),
        layers.MaxPooling2D((1, 2), strides=1),
        layers.Flatten(),
        layers.Dense(5, name="dense"),
    ])


def adam():
    """Ten steps on the two tensors of a dense layer, which share one clock."""
    random = np.random.default_rng(2)
    names = ("dense/kernel", "dense/bias")
    variables = [keras.Variable(as_floats(random.normal(size=shape))) for shape in ((8, 5), (5,))]
    optimizer = adam_of(0.001)
    tensors = {name: variable.numpy() for name, variable in zip(names, variables)}
    for step in range(10):
        gradients = [random.normal(size=v.shape) * 10.0 ** random.integers(-9, 5, v.shape) for v in variables]
        gradients = [as_floats(gradient) for gradient in gradients]
        gradients[0][:2] = 0  # never move
        optimizer.apply([tf.constant(gradient) for gradient in gradients], variables)
        tensors |= {f"gradient/{name}/{step}": gradient for name, gradient in zip(names, gradients)}
        tensors |= {f"after/{name}/{step}": variable.numpy() for name, variable in zip(names, variables)}
    save("adam", tensors, learning_rate=0.001, epsilon=optimizer.epsilon)


def initializers():
    """A row an initialiser and shape: fan_in, fan_out, count, mean, standard deviation, least, largest."""
    tensors = {}
    for shape in ((3, 3, 32, 64), (400, 60)):
        fan_in, fan_out = np.prod(shape[:-1]), np.prod(shape[:-2]) * shape[-1]
        for name in ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal"):
            keras.utils.set_random_seed(3)
            w = np.asarray(keras.initializers.get(name)(shape, dtype="float64"))
            tensors[f"{name}/{'conv2d' if len(shape) == 4 else 'dense'}"] = np.array(
                [fan_in, fan_out, w.size, w.mean(), w.std(), w.min(), w.max()])
    save("initializers", tensors)


if __name__ == "__main__":
    keras.backend.set_floatx("float64")
    keras.utils.set_random_seed(1)
    train("field", field(), classes=7, batch=6, learning_rate=0.01)
    train("strided", strided(), classes=5, batch=5, learning_rate=0.01)
    adam()
    initializers()
