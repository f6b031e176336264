"""Seconds per atom of the CrystalNN "ops" fingerprint in pymatgen: fingerprints_pymatgen.py SET.jsonl.gz COUNT prints one number, the median over structures."""
import gzip
import json
import statistics
import sys
import time
import warnings

from pymatgen.analysis.local_env import CrystalNN, LocalStructOrderParams
from pymatgen.core import Lattice, Structure

warnings.filterwarnings("ignore")
MOTIFS = {4: ["sq_plan_max", "tet_max", "see_saw_rect", "tri_bipyr", "tri_pyr"], 5: ["pent_plan_max", "sq_pyr", "tri_bipyr"], 6: ["hex_plan_max", "oct_max", "pent_pyr"],
          3: ["tri_plan_max", "tet_max", "T"], 2: ["bent"] * 5, 1: ["sgl_bd"], 7: ["hex_pyr", "pent_bipyr"], 8: ["bcc", "hex_bipyr"], 12: ["cuboct_max", "q2", "q4", "q6"]}
MOTIFS.update({n: ["q2", "q4", "q6"] for n in (9, 10, 11)})
parameters = {n: [LocalStructOrderParams([name]) for name in names] for n, names in MOTIFS.items()}
neighbours = CrystalNN()
times = []
with gzip.open(sys.argv[1], "rt") as lines:
    for _, line in zip(range(int(sys.argv[2])), lines):
        record = json.loads(line)
        structure = Structure(Lattice.from_parameters(*record["cell"]), record["z"], record["x"])
        start = time.process_time()
        for site in range(len(structure)):
            data = neighbours.get_nn_data(structure, site)
            for count, weight in data.cn_weights.items():
                if weight == 0 or count not in parameters:
                    continue
                sites = [structure[site]] + [entry["site"] for entry in data.cn_nninfo[count]]
                for parameter in parameters[count]:
                    parameter.get_order_parameters(sites, 0, indices_neighs=list(range(1, len(sites))))
        times.append((time.process_time() - start) / len(structure))
print(statistics.median(times))
