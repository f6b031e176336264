"""Hull queries per second of pymatgen's PhaseDiagram on the system of 859 entries: hull_pymatgen.py phase_diagrams.json, one core, processor time.

Prints one JSON object: build_seconds, queries_per_second (decomposition and energy above the hull of every entry), above (eV/atom, in order).
"""

import json
import sys
import time
import warnings

warnings.simplefilter("ignore")

from pymatgen.analysis.phase_diagram import PhaseDiagram
from pymatgen.core import Composition
from pymatgen.entries.computed_entries import ComputedEntry

REPETITIONS = 3

system = next(s for s in json.load(open(sys.argv[1]))["systems"] if s["id"] == "pd4-Li-Fe-P-O")
entries = [ComputedEntry(Composition(e["composition"]), e["energy"], entry_id=e["id"]) for e in system["entries"]]
builds, queries = [], []
for _ in range(REPETITIONS):
    start = time.process_time()
    diagram = PhaseDiagram(entries)
    builds.append(time.process_time() - start)
    start = time.process_time()
    above = [diagram.get_decomp_and_e_above_hull(e, allow_negative=True)[1] for e in entries]
    queries.append(time.process_time() - start)
print(json.dumps({"build_seconds": sorted(builds)[REPETITIONS // 2], "queries_per_second": len(entries) / sorted(queries)[REPETITIONS // 2], "above": above}))
