# SPDX-License-Identifier: Apache-2.0
"""The weights and faces that all contenders get, and the answers they have to give: made by peers_material, kept for the next run."""
import os
import subprocess
from pathlib import Path

from . import tensors
from .process import Failure, last_words

FACES = 512


class Material:
    def __init__(self, folder, program, models=None):
        """models: {net: a model file to use instead of one with random weights}."""
        self.folder, self.program, self.models = Path(folder), Path(program), models or {}
        self.folder.mkdir(parents=True, exist_ok=True)
        self.known = {}

    def made(self, path, *command, sources=(), kernels=None):
        """Runs the program unless the file is there and newer than everything it comes from."""
        newest = max(source.stat().st_mtime for source in (self.program, *sources))
        if path.exists() and path.stat().st_mtime >= newest:
            return path
        variables = {**os.environ, **({"MIEN_KERNELS": kernels} if kernels else {})}
        done = subprocess.run([str(part) for part in (self.program, *command, path)], env=variables, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(last_words(done.stderr))
        return path

    @property
    def faces(self):
        return self.made(self.folder / "faces.safetensors", "faces", FACES)

    def model(self, net):
        if net in self.models:
            return self.models[net]
        return self.made(self.folder / f"{net}.safetensors", "model", net)

    def answers(self, row, name, kernels):
        model, faces = self.model(row.net), self.faces
        path = self.folder / f"{row.task}-{row.net}-{row.batch}-{name}.safetensors"
        return tensors.read(self.made(path, row.task, model, faces, row.batch, sources=(model, faces), kernels=kernels))

    def expected(self, row):
        """By mien's plain reference loops, which are what it means by correct."""
        key = (row.task, row.net, row.batch)
        if key not in self.known:
            self.known = {key: self.answers(row, "expected", "reference")}  # of one row at a time: gradients are large
        return self.known[key]

    def of_mien(self, row):
        """By the kernels that mien picks on this machine: mien is checked like everyone else."""
        return self.answers(row, "mien", None)
