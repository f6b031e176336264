#!/usr/bin/python3
"""GFN2-xTB labels for the geometries of any extended XYZ file, for instance those a fitted potential visits where it goes wrong.

usage: label.py INPUT.extxyz OUTPUT.extxyz [KIND]      (keeps `molecule`; H, C, O only; frames that fail are left out and counted)
"""
import sys
import geometry
from gfn2 import NUMBER, Gfn2


def main():
    source, target, kind = sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "visited"
    engine, written, left = None, 0, 0
    with open(target, "w") as out:
        for symbols, x, _, properties in geometry.read(source):
            if set(symbols) - set(NUMBER):
                sys.exit(f"{source}: elements {sorted(set(symbols) - set(NUMBER))} are not H, C, O")
            if engine is None or engine.symbols != symbols:
                if engine is not None:
                    engine.close()
                engine = Gfn2(symbols)
            label = engine(x) if len(x) == 1 or geometry.distances(x).min() >= 0.45 else None
            if label is None:
                left += 1
                continue
            name = properties.get("molecule", properties.get("isomer", properties.get("smiles", "unknown")))
            geometry.write(out, symbols, x, *label, molecule=name, kind=kind)
            written += 1
    print(f"{written} labelled, {left} left out")


if __name__ == "__main__":
    main()
