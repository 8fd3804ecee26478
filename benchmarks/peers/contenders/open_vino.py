#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""OpenVINO against mien, inference in f32 and bf16; benchmarks/peers/run starts it, contract.py says with what.

As its guide says for one request at a time: the LATENCY hint, a fixed shape, tensors that are shared instead of copied.
Variants: `latency`, and `throughput` with one stream.
"""

import numpy as np
import openvino
from contract import serve
from onnx_file import channels_first_pictures, onnx_model


class OpenVino:
    def __init__(self, job):
        if job.train or job.net != "seed":
            raise SystemExit("error: this contender infers the field's network (seed), and nothing else")
        core = openvino.Core()
        model = core.read_model(onnx_model(job.weights, job.batch))
        settings = {"INFERENCE_NUM_THREADS": job.threads, "INFERENCE_PRECISION_HINT": job.precision}
        if job.variant == "throughput":
            settings |= {"PERFORMANCE_HINT": "THROUGHPUT", "NUM_STREAMS": 1}
        else:
            settings |= {"PERFORMANCE_HINT": "LATENCY"}
        self.compiled = core.compile_model(model, "CPU", settings)
        self.request = self.compiled.create_infer_request()
        self.batches = [openvino.Tensor(np.ascontiguousarray(channels_first_pictures(x)), shared_memory=True)
                        for x, _ in job.batches()]
        self.step = 0

    def versions(self):
        return {"OpenVINO": openvino.__version__.split("-")[0]}

    def outputs(self):
        self.request.set_input_tensor(self.batches[0])
        self.request.infer()
        return {"logits": np.array(self.request.get_output_tensor().data)}

    def run(self, steps):
        for _ in range(steps):
            self.request.set_input_tensor(self.batches[self.step % len(self.batches)])
            self.request.infer()
            self.step += 1


if __name__ == "__main__":
    serve(OpenVino)
