#!/usr/bin/python3
"""Noisy starts of the 14 isomers of C5H12O, and how many of them GFN2-xTB itself (`xtb --opt`) brings back.

usage: recovery.py FOLDER [xtb|fire|lbfgs]       (writes FOLDER/recovery-starts.extxyz; prints one line per start)
       fire and lbfgs: the relaxations of geometry.py in place of the program's own
"""
import os, subprocess, sys, tempfile
import numpy as np
import geometry
from gfn2 import Gfn2
from molecules import key
from prepare import TARGETS, canonical, seed

STARTS, SIGMA = 5, 0.3


def graph(symbols, x):
    return key(tuple(symbols), {pair: 1 for pair in geometry.bonds(symbols, x)})


def relaxed(symbols, x, how):
    if how != "xtb":
        engine = Gfn2(symbols)
        visited, _ = {"fire": geometry.fire, "lbfgs": geometry.lbfgs}[how](lambda y: engine(y, fresh=False), x, 500, 0.02)
        engine.close()
        return symbols, visited[-1][0] if visited else None
    with tempfile.TemporaryDirectory(dir="/dev/shm") as scratch:
        with open(os.path.join(scratch, "in.xyz"), "w") as file:
            geometry.write(file, symbols, x)
        environment = dict(os.environ, OMP_NUM_THREADS="1", OMP_STACKSIZE="512M")
        subprocess.run(["timeout", "300", "xtb", "in.xyz", "--gfn", "2", "--opt"], cwd=scratch, env=environment, text=True, capture_output=True)
        final = os.path.join(scratch, "xtbopt.xyz")
        return next(geometry.read(final))[:2] if os.path.exists(final) else (symbols, None)


def main():
    folder, how = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "xtb"
    isomers = [(s, x, canonical(s, x)) for s, x, _, _ in geometry.read(TARGETS)]
    starts = []
    for n in range(STARTS):
        for number, (symbols, x, smiles) in enumerate(isomers):
            starts.append((n, number, symbols, x + seed("recovery", smiles, n).normal(0, SIGMA, x.shape), smiles, graph(symbols, x)))
    with open(os.path.join(folder, "recovery-starts.extxyz"), "w") as out:
        for n, number, symbols, x, smiles, _ in starts:
            geometry.write(out, symbols, x, isomer=smiles, number=number, start=n)
    back = np.zeros((STARTS, len(isomers)), dtype=int)
    for n, number, symbols, x, smiles, wanted in starts:
        end_symbols, end = relaxed(symbols, x, how)
        if end is None:
            result = "no geometry"
        else:
            back[n, number] = graph(end_symbols, end) == wanted
            result = "back" if back[n, number] else canonical(end_symbols, end)
        print(n, number, smiles, result, flush=True)
    print("per start:", back.sum(1).tolist(), "of", len(isomers), " all:", back.sum(), "of", back.size)


if __name__ == "__main__":
    main()
