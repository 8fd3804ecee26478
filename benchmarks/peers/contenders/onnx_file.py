# SPDX-License-Identifier: Apache-2.0
"""The field's network as an ONNX model, from mien's weights, for run-times that read such files. Inference: no dropout."""
import onnx
from layout import channels_first
from onnx import TensorProto, helper, numpy_helper


def onnx_model(weights, batch):
    """Serialised; input x (batch,1,48,48), output logits (batch,7)."""
    nodes, initializers = [], []

    def add(kind, result, inputs, **attributes):
        nodes.append(helper.make_node(kind, inputs, [result], **attributes))
        return result

    def parameter(name):
        initializers.append(numpy_helper.from_array(channels_first(name, weights[name], "seed"), name))
        return name

    def conv(value, name):
        value = add("Conv", name, [value, parameter(name + "/kernel"), parameter(name + "/bias")], kernel_shape=[3, 3])
        return add("Relu", name + "/relu", [value])

    def pool(value):
        return add("MaxPool", value + "/pool", [value], kernel_shape=[2, 2], strides=[2, 2])

    value = conv("x", "conv2d")
    for name in ("conv2d_1", "conv2d_2", "conv2d_3"):
        value = pool(conv(value, name))
    value = add("Flatten", "flat", [value])
    value = add("Gemm", "dense", [value, parameter("dense/kernel"), parameter("dense/bias")], transB=1)
    value = add("Relu", "dense/relu", [value])
    add("Gemm", "logits", [value, parameter("dense_1/kernel"), parameter("dense_1/bias")], transB=1)

    def of_floats(name, shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    graph = helper.make_graph(nodes, "seed", [of_floats("x", [batch, 1, 48, 48])], [of_floats("logits", [batch, 7])], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def channels_first_pictures(x):
    """One channel: the same numbers in the same order."""
    return x.reshape(len(x), 1, 48, 48)
