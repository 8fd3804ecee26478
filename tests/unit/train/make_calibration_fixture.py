#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes calibration_fixture.json: over-confident answers to 400 pictures, what NumPy says of their calibration, and the
temperature that SciPy fits. Run: python make_calibration_fixture.py"""
import json
import pathlib

import numpy
import scipy
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

rng = numpy.random.default_rng(7)
n, k = 400, 5
truth = rng.integers(0, k, n)
logits = rng.normal(size=(n, k))
logits[numpy.arange(n), truth] += 1.2
p = softmax(2.5 * logits, axis=1).astype(numpy.float32)  # two and a half times as sure as they should be


def measured(p):
    confidence, right = p.max(axis=1).astype(float), p.argmax(axis=1) == truth
    bins = numpy.clip(numpy.ceil(confidence * 15) - 1, 0, 14).astype(int)
    ece = sum(abs(right[bins == b].mean() - confidence[bins == b].mean()) * (bins == b).mean() for b in set(bins))
    order = numpy.argsort(-confidence, kind="stable")
    risks = numpy.cumsum(~right[order]) / numpy.arange(1, n + 1)
    return {"ece": ece, "confidence": confidence.mean(), "aurc": risks.mean(), "half": risks[(n - 1) // 2],
            "bins": numpy.bincount(bins, minlength=15).tolist()}


log_p = numpy.log(numpy.maximum(p.astype(float), 1e-38))
target = numpy.full((n, k), 1 / (n + 2) / (k - 1))
target[numpy.arange(n), truth] = 1 - 1 / (n + 2)
fit = minimize_scalar(lambda t: -(target * log_softmax(log_p / numpy.exp(t), axis=1)).sum(axis=1).mean(),
                      bounds=(numpy.log(0.05), numpy.log(20)), method="bounded", options={"xatol": 1e-10})
fixture = {"made_by": f"numpy {numpy.__version__}, scipy {scipy.__version__}", "truth": truth.tolist(),
           "probabilities": [[float(x) for x in row] for row in p], "measured": measured(p),
           "temperature": float(numpy.exp(fit.x))}
(pathlib.Path(__file__).parent / "calibration_fixture.json").write_text(json.dumps(fixture) + "\n")
