#!/usr/bin/python3
"""Relaxed conformers of every molecule: Open Babel start, random torsions, GFN2-xTB.

usage: prepare.py PART PARTS OUTPUT.extxyz PATHS.extxyz       (PATHS gets labelled frames of the relaxations)
"""
import os, subprocess, sys
import numpy as np
import geometry
from gfn2 import Gfn2

HERE = os.path.dirname(os.path.abspath(__file__))
CONFORMERS = {"target": 10, "core": 6, "general": 2}
TRIALS = {"target": 14, "core": 8, "general": 2}
TARGETS = os.environ.get("TARGETS", os.path.join(HERE, "../../../shared/data/logan/C5H12O_ground_truth.extxyz"))


def molecules():
    for line in open(os.path.join(HERE, "molecules.smi")):
        smiles, group = line.split()
        yield smiles, group


def seed(*parts):
    """Seeds from text and numbers that do not depend on the interpreter."""
    import hashlib
    return np.random.default_rng(int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:8], "little"))


def start(smiles):
    out = subprocess.run(["timeout", "30", "obabel", f"-:{smiles}", "-h", "-oxyz", "--gen3d"], text=True, capture_output=True).stdout
    lines = out.split("\n")
    if not lines[0].strip().isdigit():
        return None
    rows = [line.split() for line in lines[2:2 + int(lines[0])]]
    return [r[0] for r in rows], np.array([[float(v) for v in r[1:4]] for r in rows])


def canonical(symbols, positions):
    text = f"{len(symbols)}\n\n" + "\n".join(f"{s} {p[0]:.6f} {p[1]:.6f} {p[2]:.6f}" for s, p in zip(symbols, positions)) + "\n"
    return subprocess.run(["obabel", "-ixyz", "-ocan", "-xi"], input=text, text=True, capture_output=True).stdout.split()[0]


def turned(symbols, positions, rng):
    """Every rotatable bond turned by a random angle."""
    pairs = geometry.bonds(symbols, positions)
    near = geometry.neighbours(len(symbols), pairs)
    x = positions.copy()
    for i, j in pairs:
        if len(near[i]) < 2 or len(near[j]) < 2:
            continue
        moved = geometry.branch(near, j, i)
        if moved is not None:
            x[moved] = (x[moved] - x[i]) @ geometry.rotation(x[j] - x[i], rng.integers(3) * 2 * np.pi / 3 + rng.normal(0, 0.3)).T + x[i]
    return x


def main():
    part, parts, output, paths = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    targets = {canonical(s, x): (s, x) for s, x, _, _ in geometry.read(TARGETS)}
    everything = sorted(molecules(), key=lambda m: ["target", "core", "general"].index(m[1]))
    with open(output, "w") as out, open(paths, "w") as path:
        for smiles, group in everything[part::parts]:
            begun = targets[smiles] if group == "target" else start(smiles)
            if begun is None:
                print(f"{smiles} no start", flush=True)
                continue
            symbols, first = begun
            engine, rng, kept, graph = Gfn2(symbols), seed("conformers", smiles), [], geometry.bonds(symbols, first)
            for trial in range(TRIALS[group]):
                x = first if trial == 0 else turned(symbols, first, rng)
                if len(symbols) > 1 and geometry.distances(x).min() < 0.6:
                    continue
                visited, converged = geometry.lbfgs(lambda y: engine(y, fresh=False), x, 200, 0.02)
                if not converged or geometry.bonds(symbols, visited[-1][0]) != graph:
                    continue
                if len(visited) > 8:
                    for k in (1, 4, 8, len(visited) // 2)[:4 if trial else 3]:
                        label = engine(visited[k][0])
                        if label:
                            geometry.write(path, symbols, visited[k][0], *label, molecule=smiles, kind="path")
                if all(abs(visited[-1][1] - e) > 2e-3 for e, _ in kept):
                    kept.append((visited[-1][1], visited[-1][0]))
                if len(kept) == CONFORMERS[group]:
                    break
            engine.close()
            for _, x in sorted(kept, key=lambda c: c[0]):
                geometry.write(out, symbols, x, energy=sorted(kept, key=lambda c: c[0])[0][0], molecule=smiles, group=group)
            print(smiles, group, len(kept), flush=True)
            out.flush(), path.flush()


if __name__ == "__main__":
    main()
