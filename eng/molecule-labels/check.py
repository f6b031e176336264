#!/usr/bin/python3
"""Checks of the labels: libxtb against the program `xtb`, and forces against central differences of energies.

usage: check.py FOLDER [COUNT]      (takes frames of FOLDER/train.extxyz, or early-train.extxyz before that exists)
"""
import os, random, subprocess, sys, tempfile
import numpy as np
import geometry
from gfn2 import BOHR, HARTREE, Gfn2

STEP = 2e-3  # angstrom; with charges converged to 1e-6 hartree the difference quotient is good to about 0.005 eV/angstrom


def program(symbols, x):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as scratch:
        with open(os.path.join(scratch, "in.xyz"), "w") as file:
            geometry.write(file, symbols, x)
        subprocess.run(["xtb", "in.xyz", "--gfn", "2", "--grad"], cwd=scratch, env=dict(os.environ, OMP_NUM_THREADS="1", OMP_STACKSIZE="512M"), text=True, capture_output=True, check=True)
        lines = [l for l in open(os.path.join(scratch, "in.engrad")) if not l.startswith("#")]
    values = [float(v) for line in lines for v in line.split()[:1]]
    count = int(values[0])
    return values[1] * HARTREE, -np.array(values[2:2 + 3 * count]).reshape(count, 3) * HARTREE / BOHR


def main():
    folder, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 60
    path = next(p for p in (os.path.join(folder, n) for n in ("train.extxyz", "early-train.extxyz")) if os.path.exists(p))
    frames = list(geometry.read(path))[:4000]
    chosen = random.Random(7).sample(frames, count)
    energy_error, force_error = [], []
    for symbols, x, f, p in chosen:
        e, g = program(symbols, x)
        energy_error.append(abs(e - float(p["energy"])))
        force_error.append(np.abs(g - f).max())
    print(f"program against labels, {count} frames: energy differs by at most {max(energy_error):.1e} eV (median {np.median(energy_error):.1e}), force component by at most {max(force_error):.1e} eV/angstrom (median {np.median(force_error):.1e})")
    for kind in ("rattle", "path", "stretch", "collision"):
        symbols, x, f, p = next(c for c in frames if c[3]["kind"] == kind and len(c[0]) > 8)
        engine, numeric = Gfn2(symbols), np.zeros_like(x)
        for i in range(x.size):
            e = []
            for sign in (1, -1):
                y = x.copy()
                y.flat[i] += sign * STEP
                e.append(engine(y)[0])
            numeric.flat[i] = -(e[0] - e[1]) / (2 * STEP)
        print(f"{kind:<10} {p['molecule']:<20} largest force {np.abs(f).max():7.3f}, central difference differs by at most {np.abs(numeric - f).max():.1e} eV/angstrom")


if __name__ == "__main__":
    main()
