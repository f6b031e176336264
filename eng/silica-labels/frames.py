#!/usr/bin/python3
"""Distorted, random and colliding cells of silica without labels, split by framework, and noisy starts of the six targets.

usage: frames.py DATA OUT [scale]
  DATA   folder of the published LoGAN data (mp-546546_training.extxyz and the six *_ground_truth.extxyz)
  OUT    folder for {train,validation,test}.unlabelled.extxyz and recovery-starts.extxyz
  scale  number of frames relative to the full set (default 1)
"""
import hashlib
import json
import os
import sys

import ase.io
import numpy as np
import spglib
from ase import Atoms
from ase.neighborlist import neighbor_list

TARGETS = ["mp-546546", "mp-546794", "mp-554151", "mp-555235", "mp-559550", "mp-1188220"]
# Places of five targets among the 168 frames (the sixth is not among them).
TARGET_FRAMES = {90: "mp-559550", 156: "mp-554151", 99: "mp-546794", 87: "mp-1188220", 4: "mp-555235"}
LARGEST, SMALL = 72, 24
SHORTEST = {"rattle": 0.7, "strain": 0.9, "collision": 0.75}


def generator(*keys):
    return np.random.default_rng(int.from_bytes(hashlib.sha256(repr(keys).encode()).digest()[:8], "little"))


def shortest(atoms):
    d = neighbor_list("d", atoms, 2.0)
    return d.min() if len(d) else 2.0


def parents(path):
    """Primitive cells of the frames, the largest ones and the targets left out; one framework is known by space group, cell content and volume."""
    result = []
    for index, atoms in enumerate(ase.io.read(path, ":")):
        if index in TARGET_FRAMES:
            continue
        bare = (atoms.cell.array, atoms.get_scaled_positions(), atoms.numbers)
        found = spglib.find_primitive(bare, symprec=1e-3)
        primitive = Atoms(found[2], cell=found[0], scaled_positions=found[1], pbc=True) if found else atoms
        if primitive.get_volume() < 0 or len(primitive) > LARGEST:
            continue
        group = spglib.get_spacegroup(bare, symprec=1e-2)
        family = (group.split(" ")[0] if group else "?", len(primitive), round(primitive.get_volume() / len(primitive), 1))
        result.append((f"frame{index}", family, Atoms(primitive.numbers, cell=primitive.cell, positions=primitive.positions, pbc=True)))
    return result


def split_of(rank):
    """Every eighth framework in the order of their sizes is for the test, every eighth for validation."""
    return {3: "test", 7: "validation"}.get(rank % 8, "train")


def strained(atoms, volume, strain, rng):
    e = rng.uniform(-strain, strain, (3, 3))
    deformation = np.eye(3) + 0.5 * (e + e.T)
    deformation *= (volume / np.linalg.det(deformation)) ** (1 / 3)
    result = atoms.copy()
    result.set_cell(atoms.cell.array @ deformation, scale_atoms=True)
    return result


def rattled(atoms, sigma, rng):
    result = atoms.copy()
    result.positions += rng.normal(0, sigma, atoms.positions.shape)
    return result


def distorted(name, atoms, kind, number, rng_keys):
    """One frame of a kind, or None when atoms lie too close in twenty attempts."""
    for attempt in range(20):
        rng = generator(name, kind, number, attempt, *rng_keys)
        if kind == "strain":
            frame = rattled(strained(atoms, rng.uniform(0.75, 1.35), 0.10, rng), rng.choice([0, 0.02, 0.05]), rng)
        elif kind == "rattle":
            frame = rattled(strained(atoms, rng.uniform(0.92, 1.1), 0.03, rng), rng.uniform(0.02, 0.45), rng)
        elif kind == "path":
            frame = rattled(strained(atoms, rng.uniform(0.9, 1.12), 0.03, rng), rng.uniform(0.2, 0.4), rng)
        elif kind == "path-cell":
            frame = rattled(strained(atoms, rng.uniform(0.8, 1.3), 0.08, rng), rng.uniform(0.1, 0.3), rng)
        else:
            frame = collided(rattled(atoms, rng.uniform(0.02, 0.15), rng), rng)
        if frame is not None and shortest(frame) >= SHORTEST.get(kind, 0.6):
            return frame
    return None


def collided(atoms, rng):
    """Moves one atom along the line to a near one, down to 0.8 A; which kinds of atoms is chosen first, so that Si-Si and O-O come as often as Si-O."""
    kinds, farthest = [((14, 8), 1.5), ((8, 8), 2.2), ((14, 14), 2.8)][rng.integers(3)]
    i, j, d, v = neighbor_list("ijdD", atoms, 4.5)
    pairs = [k for k in range(len(i)) if (atoms.numbers[i[k]], atoms.numbers[j[k]]) == kinds and d[k] > 1.0 and i[k] != j[k]]
    if not pairs:
        return None
    near = sorted(pairs, key=lambda k: d[k])[:12]
    k = near[rng.integers(len(near))]
    frame = atoms.copy()
    frame.positions[i[k]] += v[k] / d[k] * (d[k] - rng.uniform(0.8, farthest))
    return frame


def random_cell(number):
    """Si_n O_2n in a random cell of 3 to 24 atoms and 8 to 18 A^3 per atom, atoms at least 1.2 A apart."""
    for attempt in range(400):
        rng = generator("random", number, attempt)
        units = rng.integers(1, 9)
        lengths, angles = rng.uniform(0.7, 1.4, 3), rng.uniform(60, 120, 3)
        try:
            atoms = Atoms(f"Si{units}O{2 * units}", cell=[*lengths, *angles], pbc=True)
        except AssertionError:
            continue
        volume = rng.uniform(8, 18) * 3 * units
        if not atoms.get_volume() > 0.35 * np.prod(lengths):
            continue
        atoms.set_cell(atoms.cell.array * (volume / atoms.get_volume()) ** (1 / 3))
        placed = np.empty((0, 3))
        for _ in range(3 * units):
            for _ in range(200):
                p = rng.random(3)
                trial = Atoms("X" * (len(placed) + 1), cell=atoms.cell, scaled_positions=[*placed, p], pbc=True)
                if shortest(trial) >= 1.2:
                    placed = np.vstack((placed, p))
                    break
            else:
                break
        if len(placed) == 3 * units:
            atoms.set_scaled_positions(placed)
            return atoms
    return None


def counted(number, scale, keys):
    """A whole number of repetitions whose mean is number times scale."""
    return int(number * scale + generator("count", *keys).random())


def main():
    data, out, scale = sys.argv[1], sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 1.0
    os.makedirs(out, exist_ok=True)
    files = {s: open(os.path.join(out, f"{s}.unlabelled.extxyz"), "w") for s in ("train", "validation", "test")}
    counts = {}

    def add(split, frame, kind, parent, relax=0, cell=False):
        frame.info = {"kind": kind, "parent": parent}
        if relax:
            frame.info["relax"] = relax
            if cell:
                frame.info["relax_cell"] = True
        ase.io.write(files[split], frame, format="extxyz")
        key = (split, kind)
        counts[key] = counts.get(key, 0) + 1

    roots = parents(os.path.join(data, "mp-546546_training.extxyz"))
    families = sorted({family for _, family, _ in roots}, key=lambda f: (f[1], f))
    for name, family, atoms in roots:
        split = split_of(families.index(family))
        small = len(atoms) <= SMALL
        add(split, atoms.copy(), "parent", name)
        for kind, often, rarely, relax in (("strain", 26, 5, 0), ("rattle", 36, 6, 0), ("collision", 16, 2, 0), ("path", 5, 1, 90), ("path-cell", 2, 0.4, 90)):
            for number in range(counted(often if small else rarely, scale, (name, kind))):
                frame = distorted(name, atoms, kind, number, ())
                if frame is not None:
                    add(split, frame, kind, name, relax, kind == "path-cell")
    for number in range(int(260 * scale)):
        atoms = random_cell(number)
        if atoms is not None:
            add(split_of(number // 2), atoms, "random", f"random{number}", 120, number % 2 == 1)
    for file in files.values():
        file.close()

    with open(os.path.join(out, "recovery-starts.extxyz"), "w") as file:
        for target in TARGETS:
            atoms = ase.io.read(os.path.join(data, f"{target}_ground_truth.extxyz"))
            bare = Atoms(atoms.numbers, cell=atoms.cell, positions=atoms.positions, pbc=True)
            for start in range(3):
                frame = rattled(bare, 0.3, generator("recovery", target, start))
                frame.info = {"target": target, "start": start}
                ase.io.write(file, frame, format="extxyz")
    print(json.dumps({"parents": len(roots), "families": len(families), "frames": {f"{a} {b}": n for (a, b), n in sorted(counts.items())}}, indent=1))


main()
