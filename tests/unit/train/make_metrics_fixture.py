#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes metrics_fixture.json: answers on 150 pictures and what scikit-learn says of them.

One class is never answered, one is absent from the truth, some probabilities are exactly 0 and 1. All are multiples of
1/1024, so that float32 holds them and their rows sum to 1 exactly. Run: python make_metrics_fixture.py (scikit-learn 1.9.1)
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn import metrics

labels = ["angry", "disgust", "fear", "happy", "neutral", "sad"]
never_answered, absent = 1, 2
rng = np.random.default_rng(2013)
n, k = 150, len(labels)

truth = rng.choice([c for c in range(k) if c != absent], size=n)
scores = rng.gamma(0.6, size=(n, k))
scores[np.arange(n), truth] += rng.random(n) < 0.6
scores[:, never_answered] *= 0.05
units = np.floor(scores / scores.sum(axis=1, keepdims=True) * 1024)
units[np.arange(n), units.argmax(axis=1)] += 1024 - units.sum(axis=1)
units[0] = 1024 * (np.arange(k) == truth[0])            # sure and right
units[1] = 1024 * (np.arange(k) == (truth[1] + 3) % k)  # sure and wrong: the loss is clipped
probabilities = units / 1024
assert (probabilities.sum(axis=1) == 1).all()
top = np.sort(units, axis=1)
assert (top[:, -1] > top[:, -2]).all(), "a tie would test the order of equals, not the figures"
answers = probabilities.argmax(axis=1)
assert never_answered not in answers and absent not in truth and absent in answers

every = list(range(k))
precision, recall, f1, support = metrics.precision_recall_fscore_support(truth, answers, labels=every, zero_division=0)
fixture = {
    "made_by": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    "labels": labels,
    "truth": truth.tolist(),
    "probabilities": probabilities.tolist(),
    "n": n,
    "accuracy": metrics.accuracy_score(truth, answers),
    "macro_f1": metrics.f1_score(truth, answers, labels=every, average="macro", zero_division=0),
    "weighted_f1": metrics.f1_score(truth, answers, labels=every, average="weighted", zero_division=0),
    "uar": metrics.recall_score(truth, answers, labels=every, average="macro", zero_division=0),
    "log_loss": metrics.log_loss(truth, probabilities, labels=every),
    "precision": precision.tolist(),
    "recall": recall.tolist(),
    "f1": f1.tolist(),
    "support": support.tolist(),
    "confusion": metrics.confusion_matrix(truth, answers, labels=every).tolist(),
}
out = pathlib.Path(__file__).with_name("metrics_fixture.json")
rows = ",\n".join(f' {json.dumps(key)}: {json.dumps(value)}' for key, value in fixture.items())
out.write_text("{\n" + rows + "\n}\n")
