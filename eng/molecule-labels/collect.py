#!/usr/bin/python3
"""Sorts the labelled frames into train, validation and test, leaves out the unusable ones and counts them.

usage: collect.py FOLDER [PREFIX]        (writes FOLDER/PREFIX{train,validation,test}.extxyz, heldout-c5h12o.extxyz and strong-train.extxyz)
"""
import collections, glob, hashlib, json, os, random, sys
import numpy as np
import geometry
from frames import split
from prepare import molecules

FORCE, ENERGY, STRONG = 60.0, 60.0, 300.0  # eV/angstrom, eV, eV/angstrom


def formula(symbols):
    return tuple(symbols.count(e) for e in "CHO")


def references(folder):
    """Lowest relaxed energy of each composition."""
    lowest, of = {}, {}
    for path in glob.glob(os.path.join(folder, "parts/conformers-*.extxyz")):
        for symbols, _, _, properties in geometry.read(path):
            energy, key = float(properties["energy"]), formula(symbols)
            lowest[key] = min(energy, lowest.get(key, 1e9))
            of[properties["molecule"]] = key
    return lowest, of


def main():
    folder, prefix = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    groups = dict(molecules())
    lowest, of = references(folder)
    kept, dropped = collections.defaultdict(list), collections.Counter()

    def belongs(name, symbols, kind, x):
        if kind == "generated":
            number = int(hashlib.sha256(np.round(x, 4).tobytes()).hexdigest()[:8], 16) % 100
            return "test" if number < 8 else "validation" if number < 13 else "train"
        parts = [p for p in name.split(".")]
        return split(parts[0], groups[parts[0]])

    def look(path, where=None):
        for symbols, x, f, p in geometry.read(path):
            kind, name, energy = p["kind"], p["molecule"], float(p["energy"])
            if kind == "generated" and name not in groups:
                name = "C5H12O"
            parts = name.split(".")
            reference = sum(lowest[of[m]] for m in parts) if len(parts) > 1 else lowest[formula(symbols)]
            largest = np.abs(f).max()
            frame = (symbols, x, energy, f, dict(molecule=name, kind=kind))
            to = where or belongs(name, symbols, kind, x)
            if energy - reference > ENERGY and largest <= FORCE:
                dropped["energy", kind] += 1
            elif largest > FORCE:
                dropped["force", kind] += 1
                if to == "train" and largest <= STRONG:
                    kept["strong-train"].append(frame)
            elif energy < reference - 8:
                dropped["below-reference", kind] += 1
            else:
                kept[to].append(frame)

    for path in sorted(glob.glob(os.path.join(folder, "parts/paths-*.extxyz")) + glob.glob(os.path.join(folder, "parts/frames-*.extxyz")) + glob.glob(os.path.join(folder, "parts/extra-*.extxyz"))):
        look(path)
    heldout = os.path.join(folder, "parts/heldout.extxyz")
    if os.path.exists(heldout):
        look(heldout, "heldout-c5h12o")
    for path in glob.glob(os.path.join(folder, "parts/done-*.txt")):
        for line in open(path):
            if line.startswith(("too-close", "not-converged")):
                dropped[tuple(line.split())] += 1
    counts = {}
    for name, frames in kept.items():
        random.Random(1).shuffle(frames)  # a partial read is a fair sample
        target = os.path.join(folder, f"{prefix}{name}.extxyz")
        with open(target + ".tmp", "w") as out:
            for symbols, x, energy, f, properties in frames:
                geometry.write(out, symbols, x, energy, f, **properties)
        os.replace(target + ".tmp", target)
        counts[name] = dict(frames=len(frames), molecules=len({f[4]["molecule"] for f in frames if "." not in f[4]["molecule"] and f[4]["kind"] != "generated"}), atoms=sum(len(f[0]) for f in frames), kinds=dict(collections.Counter(f[4]["kind"] for f in frames)))
    counts["dropped"] = {" ".join(k): v for k, v in sorted(dropped.items())}
    print(json.dumps(counts, indent=1))


if __name__ == "__main__":
    main()
