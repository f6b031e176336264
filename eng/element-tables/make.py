"""Writes the tables of elements behind the metrics of generated crystals from the reference data: make.py SHARED SOURCE_ROOT (see README.md)."""
import json
import sys
from pathlib import Path

shared, root = Path(sys.argv[1]), Path(sys.argv[2])
representations, selection = root / "src/Polymorph.Representations/Fingerprints/Data", root / "src/Polymorph.Selection/Metrics/Data"


def load(path):
    return json.loads((shared / path).read_text())


def text(value):
    return "" if value is None else repr(int(value)) if value == int(value) else repr(value)


def write(path, comment, header, rows):
    path.write_text("".join(f"# {line}\n" for line in comment) + ",".join(header) + "\n" + "".join(",".join(row) + "\n" for row in rows))


magpie = load("data/magpie/magpie.json")
write(representations / "magpie.csv",
      ["Elemental properties of Magpie: Ward, Agrawal, Choudhary, Wolverton, npj Comput. Mater. 2 (2016) 16028, as distributed with matminer.",
       "Written by eng/element-tables/make.py. Units: amu, K, pm, Pauling, A^3, eV, Bohr magnetons per atom. Nothing between two commas: no value."],
      ["symbol", *magpie["features"]],
      [[symbol, *map(text, values)] for symbol, values in magpie["elements"].items()])

bonding = load("data/magpie/crystalnn.json")
write(representations / "bonding.csv",
      ["Covalent radii: Cordero et al., Dalton Trans. 2008, 2832 (carbon sp2; high-spin Mn, Fe, Co), A. Electronegativities: Pauling scale.",
       "Written by eng/element-tables/make.py: the values that CrystalNN works with, which differ from elements.csv for C, Mn, Fe and Co."],
      ["symbol", "covalentRadius", "electronegativity"],
      [[symbol, text(row["covalent_radius"]), text(row["pauling"])] for symbol, row in bonding.items()])

scale = load("golden/matching/fingerprints.json")
write(representations / "composition-scale.csv",
      ["Means and standard deviations by which the coverage metrics scale the 132 Magpie features: Xie et al., arXiv 2110.06197, from its training sets.",
       "Written by eng/element-tables/make.py."],
      ["feature", "mean", "deviation"],
      [[label.removeprefix("MagpieData "), repr(mean), repr(deviation)] for label, mean, deviation
       in zip(scale["composition_feature_labels"], scale["comp_scaler_mean"], scale["comp_scaler_std"])])

smact = load("data/smact/elements.json")
write(selection / "oxidation-states-2014.csv",
      ["Oxidation states (the list of 2014), Pauling electronegativities and the list of metals of SMACT: Davies et al., J. Open Source Softw. 4 (2019) 1361 (MIT licence).",
       "Written by eng/element-tables/make.py. States are separated by spaces."],
      ["symbol", "electronegativity", "metal", "states"],
      [[symbol, text(row["pauling"]), "1" if row["metal"] else "0", " ".join(map(str, row["ox_smact14"]))] for symbol, row in smact.items()])
