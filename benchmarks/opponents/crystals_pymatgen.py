"""Rates of pymatgen, spglib and ASE on the crystals of a JSON file, one core, processor time.

Arguments: a file with a list of {"lattice", "z", "x"}, a folder of CIF files with symmetry operations, and the subjects (symmetry, xrd, cif).
Prints one JSON object: name -> crystals per second, and "peaks": two-theta and intensity of the first patterns.
"""

import io
import json
import pathlib
import sys
import time
import warnings

warnings.simplefilter("ignore")

import spglib
from ase.io import read, write
from pymatgen.analysis.diffraction.xrd import XRDCalculator
from pymatgen.core import Lattice, Structure
from pymatgen.io.ase import AseAtomsAdaptor
from pymatgen.io.cif import CifParser, CifWriter
from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

REPETITIONS = 3


def rate(work, items):
    work(items[0])
    times = []
    for _ in range(REPETITIONS):
        start = time.process_time()
        for item in items:
            work(item)
        times.append(time.process_time() - start)
    return len(items) / sorted(times)[REPETITIONS // 2]


def symmetry(crystals, answer):
    cells = [(c.lattice.matrix, c.frac_coords, [s.specie.Z for s in c]) for c in crystals]
    answer["spglib"] = rate(lambda c: spglib.get_symmetry_dataset(c, symprec=0.01), cells)
    answer["pymatgen"] = rate(lambda c: SpacegroupAnalyzer(c, symprec=0.01).get_symmetry_dataset(), crystals)
    answer["numbers"] = [spglib.get_symmetry_dataset(c, symprec=0.01)["number"] for c in cells]


def xrd(crystals, answer):
    calculator = XRDCalculator()
    few = crystals[:40]
    answer["patterns"] = rate(calculator.get_pattern, few)
    patterns = [calculator.get_pattern(c) for c in few[:20]]
    answer["peaks"] = [[list(map(float, p.x)), list(map(float, p.y))] for p in patterns]


def ase_text(atoms):
    stream = io.BytesIO()
    write(stream, atoms, format="cif")
    return stream.getvalue()


def cif(crystals, folder, answer):
    few = crystals[:100]
    plain = [str(CifWriter(c)) for c in few]
    symmetric = [path.read_text() for path in sorted(pathlib.Path(folder).glob("*.cif"))][:100]
    atoms = [AseAtomsAdaptor.get_atoms(c) for c in few]
    answer["pymatgen-write"] = rate(lambda c: str(CifWriter(c)), few)
    answer["pymatgen-read"] = rate(lambda t: CifParser.from_string(t).get_structures(primitive=False), plain)
    answer["pymatgen-read-symmetric"] = rate(lambda t: CifParser.from_string(t).get_structures(primitive=False), symmetric)
    answer["pymatgen-write-symmetric"] = rate(lambda c: str(CifWriter(c, symprec=0.01)), few)
    answer["ase-write"] = rate(ase_text, atoms)
    answer["ase-read"] = rate(lambda t: read(io.StringIO(t), format="cif"), plain)
    answer["ase-read-symmetric"] = rate(lambda t: read(io.StringIO(t), format="cif"), symmetric)


def main():
    crystals = [Structure(Lattice(c["lattice"]), c["z"], c["x"]) for c in json.load(open(sys.argv[1]))]
    answer = {}
    if "symmetry" in sys.argv[3:]:
        symmetry(crystals, answer)
    if "xrd" in sys.argv[3:]:
        xrd(crystals, answer)
    if "cif" in sys.argv[3:]:
        cif(crystals, sys.argv[2], answer)
    print(json.dumps(answer))


main()
