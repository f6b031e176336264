#!/usr/bin/python3
"""Geometries of the demo's training molecules: Open Babel start, all staggered conformers ranked by MMFF94,
the best few optimised with GFN2-xTB, the lowest kept.

usage: make.py [isomers.smi [output.extxyz]]      (needs obabel, xtb, numpy; about five minutes on one core)
"""
import itertools, os, subprocess, sys, tempfile
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
HARTREE = 27.211386245988  # eV, CODATA 2018
RADIUS = {"H": 0.31, "C": 0.76, "O": 0.66}  # Cordero et al. 2008, angstrom
MASS = {"H": 1.008, "C": 12.011, "O": 15.999}
OPTIMISED = 6  # conformers per molecule that reach GFN2-xTB
ENV = dict(os.environ, OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", OMP_STACKSIZE="512M")


def run(*command, text="", folder=None):
    done = subprocess.run(command, input=text, text=True, capture_output=True, cwd=folder, env=ENV)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def xyz(symbols, positions, comment=""):
    rows = (f"{s:<2} {p[0]:15.8f} {p[1]:15.8f} {p[2]:15.8f}" for s, p in zip(symbols, positions))
    return f"{len(symbols)}\n{comment}\n" + "\n".join(rows) + "\n"


def frames(text):
    lines, at = text.split("\n"), 0
    while at < len(lines) and lines[at].strip():
        count = int(lines[at])
        rows = [line.split() for line in lines[at + 2:at + 2 + count]]
        yield [r[0] for r in rows], np.array([[float(c) for c in r[1:4]] for r in rows]), lines[at + 1]
        at += count + 2


def bonds(symbols, positions):
    radius = np.array([RADIUS[s] for s in symbols])
    distance = np.linalg.norm(positions[:, None] - positions[None], axis=-1)
    near = (distance < 1.3 * (radius[:, None] + radius[None])) & (distance > 0)
    return {(i, j) for i, j in zip(*np.nonzero(near)) if i < j}


def canonical(symbols, positions):
    """Open Babel's canonical SMILES of a geometry: a judgement of its connectivity that is independent of bonds()."""
    return run("obabel", "-ixyz", "-ocan", "-xi", text=xyz(symbols, positions)).split()[0]


def branch(links, start, without):
    found, stack = {start}, [start]
    while stack:
        for k in links[stack.pop()]:
            if k not in found and k != without:
                found.add(k)
                stack.append(k)
    return sorted(found)


def staggered(symbols, positions):
    """Every combination of thirds of a turn about the bonds whose two ends both carry something that is not three hydrogens."""
    links = {i: set() for i in range(len(symbols))}
    for i, j in bonds(symbols, positions):
        links[i].add(j)
        links[j].add(i)

    def turns(i, j):  # turning about i-j changes the shape unless the rest of i is a CH3 or nothing
        rest = [symbols[k] for k in links[i] if k != j]
        return bool(rest) and not (symbols[i] == "C" and rest == ["H"] * 3) and not (len(rest) == 3 and len({tuple(sorted(symbols[m] for m in links[k])) for k in links[i] if k != j}) == 1)

    axes = [(i, j) for i, j in sorted(bonds(symbols, positions)) if turns(i, j) and turns(j, i)]
    for angles in itertools.product(range(3), repeat=len(axes)):
        x = positions.copy()
        for (i, j), third in zip(axes, angles):
            moved = branch(links, j, i)
            axis = (x[j] - x[i]) / np.linalg.norm(x[j] - x[i])
            k = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
            a = third * 2 * np.pi / 3
            x[moved] = (x[moved] - x[i]) @ (np.eye(3) + np.sin(a) * k + (1 - np.cos(a)) * k @ k).T + x[i]
        yield x


def ranked(symbols, candidates):
    """Candidates relaxed with MMFF94, distinct ones, lowest first."""
    with tempfile.TemporaryDirectory() as folder:  # from a file: of standard input Open Babel reads one frame only
        with open(os.path.join(folder, "in.xyz"), "w") as file:
            file.writelines(xyz(symbols, x) for x in candidates)
        run("obabel", "in.xyz", "-O", "out.xyz", "--minimize", "--ff", "MMFF94", "--steps", "500", folder=folder)
        relaxed = list(frames(open(os.path.join(folder, "out.xyz")).read()))
        out = run("obenergy", "-ff", "MMFF94", "out.xyz", folder=folder)
    energies = [float(line.split("=")[1].split()[0]) for line in out.split("\n") if line.strip().startswith("TOTAL ENERGY")]
    if not len(candidates) == len(relaxed) == len(energies):
        sys.exit(f"{len(candidates)} conformers, {len(relaxed)} relaxed, {len(energies)} energies")
    kept = []
    for energy, x in sorted(zip(energies, (f[1] for f in relaxed)), key=lambda pair: pair[0]):
        if all(abs(energy - e) > 2e-3 for e, _ in kept):  # kcal/mol; mirror images and repeats fall together
            kept.append((energy, x))
    return [x for _, x in kept]


def optimised(symbols, positions):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "in.xyz"), "w") as file:
            file.write(xyz(symbols, positions))
        run("xtb", "in.xyz", "--gfn", "2", "--opt", "tight", folder=folder)
        _, x, comment = next(frames(open(os.path.join(folder, "xtbopt.xyz")).read()))
    return float(comment.split()[1]) * HARTREE, x


def upright(symbols, positions):
    """Centre of mass at the origin, principal axes along x, y, z: the same orientation whatever the start was."""
    mass = np.array([MASS[s] for s in symbols])
    x = positions - (mass[:, None] * positions).sum(0) / mass.sum()
    _, axes = np.linalg.eigh((mass[:, None] * x).T @ x)
    x = x @ axes[:, ::-1]
    x *= np.where((mass[:, None] * x ** 3).sum(0) < 0, -1, 1)
    return x


def main():
    source = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "isomers.smi")
    target = sys.argv[2] if len(sys.argv) > 2 else os.path.join(HERE, "../../src/Polymorph.Studies/Data/demo-training-set.extxyz")
    smiles = open(source).read().split()
    result = ""
    for one in smiles:
        symbols, start, _ = next(frames(run("obabel", f"-:{one}", "-h", "-oxyz", "--gen3d")))
        wanted = run("obabel", f"-:{one}", "-ocan").split()[0]
        graph = bonds(symbols, start)
        if canonical(symbols, start) != wanted:
            sys.exit(f"{one}: the Open Babel start is another molecule")
        candidates = ranked(symbols, [x for x in staggered(symbols, start) if bonds(symbols, x) == graph])
        energy, best = min((optimised(symbols, x) for x in candidates[:OPTIMISED]), key=lambda pair: pair[0])
        if bonds(symbols, best) != graph or canonical(symbols, best) != wanted:
            sys.exit(f"{one}: the optimisation changed the connectivity")
        # Heavy atoms first, hydrogens after them, each in the order of the SMILES.
        order = sorted(range(len(symbols)), key=lambda i: symbols[i] == "H")
        symbols, best = [symbols[i] for i in order], upright(symbols, best)[order]
        result += xyz(symbols, best, f'Properties=species:S:1:pos:R:3 smiles="{one}" energy={energy:.6f} energy_method=gfn2-xtb pbc="F F F"')
        print(f"{one:<14} {len(candidates):4d} conformers  {energy:14.6f} eV", file=sys.stderr, flush=True)
    os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
    with open(target + ".tmp", "w") as file:
        file.write(result)
    os.replace(target + ".tmp", target)


if __name__ == "__main__":
    main()
