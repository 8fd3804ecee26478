# SPDX-License-Identifier: Apache-2.0
"""Whether a contender computes the same network: its outputs beside mien's, before anything is timed."""
import math

# How far logits, losses and gradients may be off. In float32 logits and losses agree to 1e-4 and better. Gradients do too, until
# a rounding carries one number of millions over the kink of a rectifier, or makes another one the largest of its window:
# 1e-3 as a rule, 1e-2 where batches are normalised. bf16 keeps 8 bits, and a gradient comes through all layers.
# Zeros are off by 1, another network's gradients by 1.4, a wrong sign by 2.
TOLERANCES = {"f32": {"logits": 1e-3, "losses": 1e-3, "gradients": 3e-2},
              "bf16": {"logits": 5e-2, "losses": 2e-2, "gradients": 0.6}}


def largest(expected, found):
    """The largest difference, as a share of the largest number expected."""
    scale = max(max(map(abs, expected)), 1e-30)
    return max(abs(a - b) for a, b in zip(expected, found)) / scale


def of_length(expected, found):
    """The length of the difference as a share of the length of what was expected."""
    return math.dist(expected, found) / max(math.hypot(*expected), 1e-30)


def measures(expected):
    """(name, limit's name, function) of everything that is compared."""
    for name in expected:
        if name.startswith("gradient/"):
            yield name, "gradients", of_length
        elif name in ("logits", "losses"):
            yield name, name, largest


def differences(expected, found):
    """({logits, losses, gradients: the largest difference}, what is wrong first of all, or None).

    Both are {name: numbers}; what is expected decides what has to be there.
    """
    worst, names = {}, {}
    for name, kind, measure in measures(expected):
        if name not in found:
            return worst, f"{name} was not written"
        if len(found[name]) != len(expected[name]):
            return worst, f"{name} has {len(found[name])} numbers, {len(expected[name])} were expected"
        difference = measure(expected[name], found[name])
        if not math.isfinite(difference):
            return worst, f"{name} is not finite"
        if difference >= worst.get(kind, -1):
            worst[kind], names[kind] = difference, name
    return worst, None if worst else "nothing was compared"


def verdict(expected, found, precision, task):
    """(differences, reason): reason is None where the contender may be timed."""
    if task == "infer":
        expected = {"logits": expected["logits"]}
    worst, reason = differences(expected, found)
    if reason is None:
        for kind, limit in TOLERANCES[precision].items():
            if worst.get(kind, 0) > limit:
                reason = f"{kind} are off by {worst[kind]:.1e}, at most {limit:g} was expected"
                break
    return worst, reason
