#!/usr/bin/python3
"""The frames that are not made molecule by molecule.

usage: extra.py pairs FOLDER                    dissociation curves inside small molecules  -> parts/extra-pairs.extxyz
       extra.py generated FOLDER DEMO           what the demo's networks generate           -> parts/extra-generated.extxyz
       extra.py heldout FOLDER                  distorted isomers of C5H12O, other seeds    -> parts/heldout.extxyz
"""
import glob, os, subprocess, sys
import numpy as np
import distort, geometry
from frames import conformers, path
from gfn2 import Gfn2
from prepare import canonical, molecules, seed

CURVES = "[H][H] C O C=C C#C CC CO OO COC CCO C=O OC=O O=C=O [C-]#[O+] CCC COOC CC=O C=CC CC(=O)C C1CO1 C=C=O COC=O CC(C)C CC#C".split()
RAW, VALID, RAW_PATHS, VALID_PATHS = 2600, 500, 150, 60
VALENCE = {"H": 1, "C": 4, "O": 2}


def writer(out, molecule):
    def write(engine, x, kind):
        if len(x) > 1 and geometry.distances(x).min() < 0.45:
            return
        label = engine(x)
        if label:
            geometry.write(out, engine.symbols, x, *label, molecule=molecule, kind=kind)
    return write


def pairs(folder, out):
    ready = conformers(folder)
    for smiles in CURVES:
        names = {smiles, canonical_smiles(smiles)}
        for one in sorted(names & ready.keys()):
            symbols, shapes = ready[one]
            engine, write, x = Gfn2(symbols), writer(out, one), shapes[0]
            cuts, _ = distort.pieces(symbols, x)
            kinds = {}
            for a, b, moved in cuts:  # one bond of each kind: elements and numbers of neighbours
                near = geometry.neighbours(len(symbols), geometry.bonds(symbols, x))
                kinds.setdefault((symbols[a], symbols[b], len(near[a]), len(near[b])), (a, b, moved))
            for a, b, moved in kinds.values():
                along = x[b] - x[a]
                length = np.linalg.norm(along)
                for d in np.concatenate([np.arange(0.5, 2.0, 0.06), np.arange(2.0, 4.01, 0.2)]):
                    y = x.copy()
                    y[moved] += along / length * (d - length)
                    write(engine, y, "pair")
            engine.close()


def canonical_smiles(smiles):
    return subprocess.run(["obabel", f"-:{smiles}", "-ocan"], text=True, capture_output=True).stdout.split()[0]


def valid(symbols, x):
    near = geometry.neighbours(len(symbols), geometry.bonds(symbols, x))
    if any(len(n) != VALENCE[s] for s, n in zip(symbols, near)):
        return False
    seen, stack = {0}, [0]
    while stack:
        for k in near[stack.pop()]:
            if k not in seen:
                seen.add(k)
                stack.append(k)
    return len(seen) == len(symbols)


def generated(folder, demo, out):
    rng, every = seed("generated"), []
    for file in sorted(glob.glob(os.path.join(demo, "structures/generated/*.extxyz"))):
        every += [(s, x) for n, (s, x, _, _) in enumerate(geometry.read(file)) if n % 4 == 0]
    good = [f for f in every if valid(*f)]
    pick = lambda of, count: [of[i] for i in rng.permutation(len(of))[:count]]
    print(len(every), "looked at,", len(good), "valid", flush=True)
    lists = [("raw", pick(every, RAW), False), ("valid", pick(good, VALID), False), ("raw", pick(every, RAW_PATHS), True), ("valid", pick(good, VALID_PATHS), True)]
    engines = {}
    for n, (what, chosen, relax) in enumerate(lists):
        for symbols, x in chosen:
            engine = engines.setdefault(tuple(symbols), Gfn2(symbols))
            write = writer(out, canonical(symbols, x) if what == "valid" else "C5H12O")
            if not relax:
                write(engine, x, "generated")
                continue
            visited, _ = (geometry.fire if rng.random() < 0.5 else geometry.lbfgs)(lambda y: engine(y, fresh=False), x, 120, 0.05)
            for k in sorted({int(round(v)) for v in np.geomspace(1, len(visited), 14)} if visited else ()):
                write(engine, visited[k - 1][0], "generated")
        out.flush()


def heldout(folder, out):
    ready = conformers(folder)
    for smiles, group in molecules():
        if group == "target":
            symbols, shapes = ready[smiles]
            rng, engine, write = seed("heldout", smiles), Gfn2(symbols), writer(out, smiles)
            for _ in range(34):
                write(engine, distort.rattle(rng, symbols, shapes[rng.integers(len(shapes))], rng.uniform(0.05, 0.4)), "rattle")
            for _ in range(2):
                path(rng, engine, shapes[rng.integers(len(shapes))], write)
            engine.close()


def main():
    what, folder = sys.argv[1], sys.argv[2]
    name = "heldout" if what == "heldout" else f"extra-{what}"
    with open(os.path.join(folder, f"parts/{name}.extxyz"), "w") as out:
        if what == "generated":
            generated(folder, sys.argv[3], out)
        else:
            {"pairs": pairs, "heldout": heldout}[what](folder, out)


if __name__ == "__main__":
    main()
