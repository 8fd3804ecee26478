#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""TensorFlow through Keras against mien; benchmarks/peers/run starts it, contract.py says with what.

Thread pools as TensorFlow's guide sets them; oneDNN's kernels are on by default. Variants, of which the driver keeps the fastest:

    fit           Model.fit, as everybody trains
    fit-jit       the same with jit_compile (XLA)
    function      a step or a forward pass written out under tf.function
    function-jit  the same with jit_compile
"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from contract import serve  # noqa: E402
from keras import layers  # noqa: E402


def network(dropout):
    def conv(filters, number):
        return layers.Conv2D(filters, 3, activation="relu", name=f"conv2d_{number}" if number else "conv2d")

    return keras.Sequential([
        keras.Input((48, 48, 1)), conv(32, 0), conv(64, 1), layers.MaxPooling2D(), layers.Dropout(0.1 * dropout),
        conv(128, 2), layers.MaxPooling2D(), layers.Dropout(0.1 * dropout),
        conv(256, 3), layers.MaxPooling2D(), layers.Dropout(0.1 * dropout),
        layers.Flatten(), layers.Dense(512, activation="relu", name="dense"), layers.Dropout(0.2 * dropout),
        layers.Dense(7, name="dense_1")])


def name_of(weight):
    """`conv2d/kernel`, without the model's own name."""
    return "/".join(weight.path.split("/")[-2:])


class TensorFlow:
    def __init__(self, job):
        if job.net != "seed" or job.precision != "f32":
            raise SystemExit(f"error: asked for {job.net} in {job.precision}, but this contender has seed in f32 alone")
        tf.config.threading.set_intra_op_parallelism_threads(job.threads)
        tf.config.threading.set_inter_op_parallelism_threads(min(job.threads, 2))
        self.job = job
        self.jit = job.variant.endswith("-jit")
        self.loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.net = self.loaded(dropout=1)
        self.step = 0
        self.batches = [(tf.constant(x), tf.constant(labels)) for x, labels in job.batches()]
        if not job.train:
            self.forward = tf.function(lambda x: self.net(x, training=False), jit_compile=self.jit)
        elif job.variant.startswith("fit"):
            self.net.compile(self.optimizer(), self.loss_of, jit_compile=self.jit)
        else:
            self.advance = self.step_function(self.net)

    def versions(self):
        return {"TensorFlow": tf.__version__, "Keras": keras.__version__}

    def loaded(self, dropout):
        net = network(dropout)
        for weight in net.weights:
            weight.assign(self.job.weights[name_of(weight)])
        return net

    @staticmethod
    def optimizer():
        return keras.optimizers.Adam(1e-4)

    def step_function(self, net):
        """A training step that returns its loss and gradients."""
        optimizer = self.optimizer()
        optimizer.build(net.trainable_variables)

        @tf.function(jit_compile=self.jit)
        def advance(x, labels):
            with tf.GradientTape() as tape:
                loss = self.loss_of(labels, net(x, training=True))
            gradients = tape.gradient(loss, [weight.value for weight in net.trainable_variables])
            optimizer.apply(gradients, net.trainable_variables)
            return loss, gradients
        return advance

    def outputs(self):
        if not self.job.train:
            return {"logits": self.forward(self.batches[0][0]).numpy()}
        net = self.loaded(dropout=0)
        result = {"logits": net(self.batches[0][0], training=False).numpy()}
        advance, losses = self.step_function(net), []
        for step, (x, labels) in enumerate(self.batches[:3]):
            loss, gradients = advance(x, labels)
            losses.append(float(loss))
            if step == 0:
                result |= {f"gradient/{name_of(weight)}": gradient.numpy()
                           for weight, gradient in zip(net.trainable_variables, gradients)}
        return result | {"losses": np.array(losses)}

    def run(self, steps):
        if self.job.train and self.job.variant.startswith("fit"):
            pictures = np.arange(self.step * self.job.batch, (self.step + steps) * self.job.batch) % len(self.job.faces["x"])
            self.net.fit(self.job.faces["x"][pictures], self.job.faces["labels"][pictures], batch_size=self.job.batch,
                         shuffle=False, verbose=0)
            self.step += steps
            return
        for _ in range(steps):
            x, labels = self.batches[self.step % len(self.batches)]
            answer = self.advance(x, labels)[0] if self.job.train else self.forward(x)
            self.step += 1
        answer.numpy()  # until the last one is there


if __name__ == "__main__":
    serve(TensorFlow)
