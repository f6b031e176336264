#!/usr/bin/python3
"""Noisy starts of the 14 isomers of C5H12O, and how many of them GFN2-xTB itself (`xtb --opt`) brings back.

usage: recovery.py FOLDER [first..last]       (writes FOLDER/recovery-starts.extxyz; prints one line per start)
"""
import os, subprocess, sys, tempfile
import numpy as np
import geometry
from molecules import key
from prepare import TARGETS, canonical, seed

STARTS, SIGMA = 5, 0.3


def graph(symbols, x):
    return key(tuple(symbols), {pair: 1 for pair in geometry.bonds(symbols, x)})


def main():
    folder = sys.argv[1]
    isomers = [(s, x, canonical(s, x)) for s, x, _, _ in geometry.read(TARGETS)]
    starts = []
    for n in range(STARTS):
        for number, (symbols, x, smiles) in enumerate(isomers):
            starts.append((n, number, symbols, x + seed("recovery", smiles, n).normal(0, SIGMA, x.shape), smiles, graph(symbols, x)))
    with open(os.path.join(folder, "recovery-starts.extxyz"), "w") as out:
        for n, number, symbols, x, smiles, _ in starts:
            geometry.write(out, symbols, x, isomer=smiles, number=number, start=n)
    environment = dict(os.environ, OMP_NUM_THREADS="1", OMP_STACKSIZE="512M")
    back = np.zeros((STARTS, len(isomers)), dtype=int)
    for n, number, symbols, x, smiles, wanted in starts:
        with tempfile.TemporaryDirectory(dir="/dev/shm") as scratch:
            with open(os.path.join(scratch, "in.xyz"), "w") as file:
                geometry.write(file, symbols, x)
            done = subprocess.run(["timeout", "300", "xtb", "in.xyz", "--gfn", "2", "--opt"], cwd=scratch, env=environment, text=True, capture_output=True)
            final = os.path.join(scratch, "xtbopt.xyz")
            if os.path.exists(final):
                end_symbols, end, _, _ = next(geometry.read(final))
                back[n, number] = graph(end_symbols, end) == wanted
                result = "back" if back[n, number] else canonical(end_symbols, end)
            else:
                result = "ended without a geometry: " + (done.stderr + done.stdout).strip().split("\n")[-1][:80]
        print(n, number, smiles, result, flush=True)
    print("per start:", back.sum(1).tolist(), "of", len(isomers), " all:", back.sum(), "of", back.size)


if __name__ == "__main__":
    main()
