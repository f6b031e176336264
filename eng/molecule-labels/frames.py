#!/usr/bin/python3
"""Labelled frames, round by round over all molecules, appended to a file as they come.

usage: frames.py PART PARTS FOLDER ROUNDS      (FOLDER has parts/conformers-*.extxyz; writes parts/frames-PART.extxyz)
A killed run continues where it stopped: the rounds done are in parts/done-PART.txt.
"""
import glob, hashlib, os, sys
import numpy as np
import distort, geometry
from gfn2 import Gfn2
from prepare import molecules, seed

WEIGHT = {"target": 8, "core": 5, "general": 1}  # batches per round
SMALL = 3  # batches per round of a molecule with up to three heavy atoms


def split(smiles, group):
    """train, validation or test; whole molecules, chosen by a hash of their SMILES."""
    if group == "target" or sum(smiles.count(c) for c in "COco") <= 2:
        return "train"
    number = int(hashlib.sha256(("split " + smiles).encode()).hexdigest()[:8], 16) % 100
    return "test" if number < 8 else "validation" if number < 13 else "train"


def conformers(folder):
    found = {}
    for path in sorted(glob.glob(os.path.join(folder, "parts/conformers-*.extxyz"))):
        for symbols, x, _, properties in geometry.read(path):
            found.setdefault(properties["molecule"], (symbols, []))[1].append(x)
    return found


def path(rng, engine, x, write, kept=11):
    """A relaxation from noise; of the visited geometries the first ones and ever sparser later ones."""
    start = distort.rattle(rng, engine.symbols, x, rng.choice([0.2, 0.3, 0.3, 0.3, 0.35]))
    relax = geometry.fire if rng.random() < 0.5 else geometry.lbfgs
    visited, _ = relax(lambda y: engine(y, fresh=False), start, 100, 0.05)
    if not visited:
        return
    for k in sorted({int(round(v)) for v in np.geomspace(1, len(visited), kept + 3)}):
        write(engine, visited[k - 1][0], "path")


def batch(rng, engine, shapes, partners, write):
    symbols = engine.symbols
    any_shape = lambda: shapes[rng.integers(len(shapes))]
    for _ in range(7):
        write(engine, distort.rattle(rng, symbols, any_shape()), "rattle")
    for _ in range(4):
        write(engine, distort.stretch(rng, symbols, any_shape()), "stretch")
    y = distort.fold(rng, symbols, any_shape())
    if y is not None:
        write(engine, y, "collision")
    path(rng, engine, any_shape(), write)
    if partners and len(symbols) <= 21:
        smiles, other = partners[rng.integers(len(partners))]
        both = Gfn2(symbols + other[0])
        write(both, distort.collide(rng, any_shape(), other[1][rng.integers(len(other[1]))]), "collision", smiles)
        both.close()


def main():
    part, parts, folder, rounds = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    groups = dict(molecules())
    done_path = os.path.join(folder, f"parts/done-{part}.txt")
    done = set(open(done_path).read().split("\n")) if os.path.exists(done_path) else set()
    with open(os.path.join(folder, f"parts/frames-{part}.extxyz"), "a") as out, open(done_path, "a") as log:
        for round_ in range(rounds):
            ready = conformers(folder)
            mine = [m for m in groups if m in ready and int(hashlib.sha256(m.encode()).hexdigest()[:4], 16) % parts == part]
            mine.sort(key=lambda m: hashlib.sha256(f"{round_} {m}".encode()).hexdigest())
            small = {s: [(m, ready[m]) for m in ready if len(ready[m][0]) <= 10 and split(m, groups[m]) == s] for s in ("train", "validation", "test")}
            for smiles in mine:
                if f"{round_} {smiles}" in done:
                    continue
                print(round_, smiles, file=log, flush=True)  # before the work: a molecule that ends the process is not tried again
                symbols, shapes = ready[smiles]
                group, engine = groups[smiles], Gfn2(symbols)
                weight = max(WEIGHT[group], SMALL if sum(s != "H" for s in symbols) <= 3 else 1)

                def write(by, x, kind, partner=None):
                    if len(x) > 1 and geometry.distances(x).min() < 0.45:
                        print(f"too-close {kind}", file=log)
                        return
                    label = by(x)
                    if label is None:
                        print(f"not-converged {kind}", file=log)
                        return
                    geometry.write(out, by.symbols, x, *label, molecule=smiles if partner is None else f"{smiles}.{partner}", kind=kind)

                for n in range(weight):
                    batch(seed("batch", smiles, round_, n), engine, shapes, small[split(smiles, group)], write)
                engine.close()
                out.flush(), log.flush()


if __name__ == "__main__":
    main()
