"""Decomposition energies per second of pymatgen's PourbaixDiagram on one golden system: pourbaix_pymatgen.py pourbaix.json ID POINTS, one core, processor time.

Prints one JSON object: build_seconds, points_per_second (the decomposition energy of the first case at POINTS x POINTS points), energies (eV/atom).
"""

import json
import sys
import time
import warnings

warnings.simplefilter("ignore")

import numpy as np
from pymatgen.analysis.pourbaix_diagram import IonEntry, PourbaixDiagram, PourbaixEntry
from pymatgen.core import Composition
from pymatgen.core.ion import Ion
from pymatgen.entries.computed_entries import ComputedEntry

system = next(s for s in json.load(open(sys.argv[1]))["systems"] if s["id"] == sys.argv[2])
points = int(sys.argv[3])
entries = []
for e in system["entries"]:
    if e["type"] == "ion":
        ion = Ion(Composition(e["composition"]), e["charge"])
        entries.append(PourbaixEntry(IonEntry(ion, e["formation_energy"]), entry_id=e["id"]))
    else:
        entries.append(PourbaixEntry(ComputedEntry(Composition(e["composition"]), e["formation_energy"], entry_id=e["id"])))
metals = system["composition"]
start = time.process_time()
diagram = PourbaixDiagram(entries, comp_dict=dict(metals), conc_dict={m: system["ion_concentration"] for m in metals}, filter_solids=system["filter_solids"])
build = time.process_time() - start
case = next(e for e in entries if e.entry_id == system["cases"][0]["id"])
ph, volt = np.meshgrid(np.linspace(0, 14, points), np.linspace(-2, 2, points))
ROUNDS = 20
energies = diagram.get_decomposition_energy(case, ph, volt)
start = time.process_time()
for _ in range(ROUNDS):
    energies = diagram.get_decomposition_energy(case, ph, volt)
seconds = (time.process_time() - start) / ROUNDS
print(json.dumps({"build_seconds": build, "points_per_second": points * points / seconds, "energies": np.asarray(energies).ravel().tolist()}))
