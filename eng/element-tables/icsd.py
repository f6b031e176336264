"""Writes the list of oxidation states met in the ICSD: icsd.py SHARED SOURCE_ROOT; needs pymatgen (see README.md)."""
import json
import sys
from pathlib import Path

from pymatgen.core import Element

shared, root = Path(sys.argv[1]), Path(sys.argv[2])
smact = json.loads((shared / "data/smact/elements.json").read_text())
lines = ["# Oxidation states met in the ICSD, as pymatgen 2022.11.7 lists them (MIT licence); where it has none, the common states. Electronegativities (Pauling) and metals as in the list of 2014.",
         "# Written by eng/element-tables/icsd.py. States are separated by spaces.",
         "symbol,electronegativity,metal,states"]
for symbol, row in smact.items():
    element = Element(symbol)
    states = element.icsd_oxidation_states or element.oxidation_states
    pauling = "" if row["pauling"] is None else repr(row["pauling"])
    lines.append(f"{symbol},{pauling},{int(row['metal'])},{' '.join(str(int(s)) for s in sorted(states))}")
(root / "src/Polymorph.Screening/Chemistry/Data/oxidation-states-icsd.csv").write_text("\n".join(lines) + "\n")
