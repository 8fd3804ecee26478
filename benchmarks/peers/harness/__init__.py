# SPDX-License-Identifier: Apache-2.0
"""What benchmarks/peers/run, plot and publish are made of: Python's standard library alone."""
