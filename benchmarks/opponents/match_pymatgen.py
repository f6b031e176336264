"""pymatgen's StructureMatcher on the pairs and sets that MatchBenchmark writes; prints seconds of processor time as JSON.

usage: match_pymatgen.py FILE   (FILE: {"pairs": [[a, b], ...], "group": [crystal, ...], "setting": [ltol, stol, angle_tol]})
"""
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
from pymatgen.analysis.structure_matcher import StructureMatcher  # noqa: E402
from pymatgen.core import Structure  # noqa: E402

job = json.load(open(sys.argv[1]))
ltol, stol, angle = job["setting"]
matcher = StructureMatcher(ltol=ltol, stol=stol, angle_tol=angle)


def crystal(c):
    return Structure(c["lattice"], c["z"], c["x"])


result = {}
if job.get("pairs"):
    pairs = [(crystal(a), crystal(b)) for a, b in job["pairs"]]
    start = time.process_time()
    result["fits"] = [bool(matcher.fit(a, b)) for a, b in pairs]
    result["fit_s"] = time.process_time() - start
    start = time.process_time()
    result["rms"] = [(r := matcher.get_rms_dist(a, b)) and r[0] for a, b in pairs]
    result["rms_s"] = time.process_time() - start
if job.get("group"):
    crystals = [crystal(c) for c in job["group"]]
    number = {id(c): i for i, c in enumerate(crystals)}
    start = time.process_time()
    groups = matcher.group_structures(crystals)
    result["group_s"] = time.process_time() - start
    result["groups"] = [sorted(number[id(c)] for c in g) for g in groups]
print(json.dumps(result))
