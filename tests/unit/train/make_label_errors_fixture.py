#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes label_errors_fixture.json: answers to 600 pictures of which some have wrong labels, what cleanlab says of them.
Run: pip install cleanlab; python make_label_errors_fixture.py"""
import json
import pathlib

import cleanlab
import numpy
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

rng = numpy.random.default_rng(5)
n, k = 600, 5
right = rng.choice(k, n, p=[0.4, 0.3, 0.2, 0.07, 0.03])  # uneven, as faces are
given = right.copy()
wrong = rng.permutation(n)[:60]
given[wrong] = (right[wrong] + rng.integers(1, k, 60)) % k
logits = rng.normal(size=(n, k))
logits[numpy.arange(n), right] += 3
p = numpy.exp(logits) / numpy.exp(logits).sum(axis=1, keepdims=True)
p = p.astype(numpy.float32).astype(float)  # mien's answers are floats, its sums doubles

labels = {"given": given, "one_class_missing": numpy.where(given == 4, 0, given)}
fixture = {"made_by": f"cleanlab {cleanlab.__version__}, numpy {numpy.__version__}", "wrong": sorted(wrong.tolist()),
           "probabilities": p.tolist()}
for name, label in labels.items():
    joint = compute_confident_joint(label, p, calibrate=False)
    order = find_label_issues(label, p, filter_by="confident_learning", return_indices_ranked_by="normalized_margin")
    score = get_label_quality_scores(label, p, method="normalized_margin")
    fixture[name] = {"labels": label.tolist(), "thresholds": get_confident_thresholds(label, p).tolist(),
                     "joint": joint.tolist(), "ranked": order.tolist(), "margins": (2 * score[order] - 1).tolist()}
(pathlib.Path(__file__).parent / "label_errors_fixture.json").write_text(json.dumps(fixture) + "\n")
