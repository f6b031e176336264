"""Relaxes one structure after the other with ASE; energies and forces come from the calling program over standard input and output.

Reads a job per line: {"optimizer", "species", "positions", "cell" or null, "fmax", "steps"}.
Asks by {"positions": ...}; is answered by {"energy": eV, "forces": eV/A} or {"failure": text}.
Ends a job by {"done": true, "converged", "evaluations", "energy"}.
"""

import json
import sys

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes
from ase.optimize import BFGS, FIRE, LBFGS

OPTIMIZERS = {"FIRE": FIRE, "BFGS": BFGS, "LBFGS": LBFGS}


def send(message):
    print(json.dumps(message), flush=True)


class Caller(Calculator):
    implemented_properties = ["energy", "forces"]

    def __init__(self):
        super().__init__()
        self.evaluations = 0

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        self.evaluations += 1
        send({"positions": atoms.positions.tolist()})
        answer = json.loads(sys.stdin.readline())
        if "failure" in answer:
            raise RuntimeError(answer["failure"])
        self.results = {"energy": answer["energy"], "forces": np.array(answer["forces"])}


def relax(job):
    cell = job["cell"]
    atoms = Atoms(job["species"], positions=job["positions"], cell=cell, pbc=cell is not None)
    atoms.calc = Caller()
    converged, energy = False, None
    try:
        with OPTIMIZERS[job["optimizer"]](atoms, logfile=None) as optimizer:
            converged = bool(optimizer.run(fmax=job["fmax"], steps=job["steps"]))
        energy = atoms.calc.results["energy"]
    except RuntimeError as failure:
        print(failure, file=sys.stderr)
    send({"done": True, "converged": converged, "evaluations": atoms.calc.evaluations, "energy": energy})


for line in sys.stdin:
    relax(json.loads(line))
