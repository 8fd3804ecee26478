#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes compare_fixture.json: what statsmodels says of pairs of counts. Run: python make_compare_fixture.py"""
import json
import pathlib

import statsmodels
from statsmodels.stats.contingency_tables import mcnemar

pairs = [(0, 1), (1, 1), (3, 9), (10, 10), (12, 30), (237, 361), (290, 516), (1000, 1100), (0, 1500), (1, 0), (5, 4)]
rows = [{"only_a": a, "only_b": b, "p": float(mcnemar([[7, a], [b, 9]], exact=True).pvalue)} for a, b in pairs]
fixture = {"made_by": f"statsmodels {statsmodels.__version__}", "mcnemar": rows}
(pathlib.Path(__file__).parent / "compare_fixture.json").write_text(json.dumps(fixture, indent=1) + "\n")
