#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime against mien, inference; benchmarks/peers/run starts it, contract.py says with what.

As its guide to performance says: all graph optimisations, the threads within an operator, one operator at a time. Variants: `spin` (the
default: threads that wait spin) and `nospin`.
"""

import onnxruntime
from contract import serve
from onnx_file import channels_first_pictures, onnx_model


class OnnxRuntime:
    def __init__(self, job):
        if job.train or job.net != "seed" or job.precision != "f32":
            raise SystemExit("error: this contender infers the field's network (seed) in f32, and nothing else")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = job.threads
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        if job.variant == "nospin":
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(onnx_model(job.weights, job.batch), options,
                                                    providers=["CPUExecutionProvider"])
        self.batches = [channels_first_pictures(x) for x, _ in job.batches()]
        self.step = 0

    def versions(self):
        return {"ONNX Runtime": onnxruntime.__version__}

    def outputs(self):
        return {"logits": self.session.run(None, {"x": self.batches[0]})[0]}

    def run(self, steps):
        for _ in range(steps):
            self.session.run(None, {"x": self.batches[self.step % len(self.batches)]})
            self.step += 1


if __name__ == "__main__":
    serve(OnnxRuntime)
