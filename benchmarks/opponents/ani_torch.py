#!/usr/bin/python3
"""ANI in PyTorch (vectorised, one thread): the opponent of the benchmark `ani`.

Reads one JSON object from standard input:
  manifest      the .json file of the weights; its binary lies beside it
  species       symbols
  positions     [atoms x 3], angstrom
  precision     "single" or "double"
  repetitions
Prints {"ms": median processor time of one energy with forces, "energy": eV, "forces": eV/angstrom}.
Written as TorchANI does it: all pairs and all triples at once, members of one element as one batched product, forces by automatic
differentiation. It is spared the search for neighbours: pairs and triples within the cutoffs are found once, before the clock runs.
The plain and the traced form are both timed and the faster one counts.
"""
import json
import math
import os
import statistics
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np
import torch


class Ani:
    def __init__(self, settings):
        with open(settings["manifest"]) as file:
            m = json.load(file)
        raw = np.fromfile(os.path.join(os.path.dirname(settings["manifest"]), m["binary"]), dtype=np.float32)
        self.type = torch.float64 if settings["precision"] == "double" else torch.float32
        weights = {t["name"]: torch.from_numpy(raw[t["offset"] // 4 : (t["offset"] + t["bytes"]) // 4].reshape(t["shape"]).copy()).to(self.type) for t in m["tensors"]}
        d = m["descriptor"]
        self.rcr, self.rca, self.eta_r, self.eta_a, self.zeta = d["Rcr"], d["Rca"], d["EtaR"][0], d["EtaA"][0], d["Zeta"][0]
        self.shf_r, self.shf_a = torch.tensor(d["ShfR"], dtype=self.type), torch.tensor(d["ShfA"], dtype=self.type)
        self.cos_z, self.sin_z = torch.cos(torch.tensor(d["ShfZ"], dtype=torch.float64)).to(self.type), torch.sin(torch.tensor(d["ShfZ"], dtype=torch.float64)).to(self.type)
        elements, self.ev = m["elements"], m["hartree_to_ev"]
        self.elements = len(elements)
        self.z = [elements.index(s) for s in settings["species"]]
        self.self_energy = sum(m["self_energies_hartree"][z] for z in self.z)
        self.members = m["members"]
        self.networks = []
        for z in sorted(set(self.z)):
            layers = []
            for l in range(len(m["layer_sizes"][elements[z]]) - 1):
                w = torch.stack([weights[f"member{k}.{elements[z]}.layer{l}.weight"].t() for k in range(self.members)]).contiguous()
                b = torch.stack([weights[f"member{k}.{elements[z]}.layer{l}.bias"] for k in range(self.members)])[:, None]
                layers.append((w, b))
            self.networks.append((torch.tensor([i for i, y in enumerate(self.z) if y == z]), layers))
        self.alpha = m["activation"]["alpha"]

    def find(self, x):
        n = len(self.z)
        z = torch.tensor(self.z)
        r = torch.cdist(x.double(), x.double()) + 1e3 * torch.eye(n)
        i, j = torch.nonzero(r < self.rcr, as_tuple=True)
        self.i, self.j = i, j
        self.radial_place = i * self.elements + z[j]
        close = r < self.rca
        triples = [(a, b, c) for a in range(n) for b in torch.nonzero(close[a])[:, 0].tolist() for c in torch.nonzero(close[a])[:, 0].tolist() if b < c]
        self.a, self.b, self.c = (torch.tensor([t[k] for t in triples], dtype=torch.long) for k in range(3))
        low, high = torch.minimum(z[self.b], z[self.c]), torch.maximum(z[self.b], z[self.c])
        pairs = self.elements * (self.elements + 1) // 2
        self.angular_place = self.a * pairs + low * self.elements - torch.div(low * (low - 1), 2, rounding_mode="floor") + high - low
        self.pairs = pairs

    def energy(self, x):
        n = len(self.z)
        r = (x[self.j] - x[self.i]).norm(dim=1)[:, None]
        fc = 0.5 * torch.cos(math.pi / self.rcr * r) + 0.5
        radial = torch.zeros(n * self.elements, 16, dtype=self.type).index_add(0, self.radial_place, 0.25 * torch.exp(-self.eta_r * (r - self.shf_r) ** 2) * fc)
        u, v = x[self.b] - x[self.a], x[self.c] - x[self.a]
        ru, rv = u.norm(dim=1), v.norm(dim=1)
        c = 0.95 * (u * v).sum(1) / (ru * rv)
        s = torch.sqrt(1 - c * c)
        fc = (0.5 * torch.cos(math.pi / self.rca * ru) + 0.5) * (torch.cos(math.pi / self.rca * rv) + 1)
        half = 0.5 + 0.5 * (c[:, None] * self.cos_z + s[:, None] * self.sin_z)
        if self.zeta == 32:
            for _ in range(5):
                half = half * half
        else:
            half = half**self.zeta
        mean = 0.5 * (ru + rv)[:, None] - self.shf_a
        terms = ((fc[:, None] * torch.exp(-self.eta_a * mean * mean))[:, :, None] * half[:, None, :]).reshape(-1, 32)
        angular = torch.zeros(n * self.pairs, 32, dtype=self.type).index_add(0, self.angular_place, terms)
        aev = torch.cat([radial.reshape(n, -1), angular.reshape(n, -1)], 1)
        energies = torch.zeros(self.members, dtype=self.type)
        for atoms, layers in self.networks:
            h = aev[atoms].expand(self.members, -1, -1)
            for k, (w, b) in enumerate(layers):
                h = torch.baddbmm(b, h, w)
                if k < len(layers) - 1:
                    h = torch.celu(h, self.alpha)
            energies = energies + h.sum((1, 2))
        return energies.mean()


def main():
    torch.set_num_threads(1)
    settings = json.load(sys.stdin)
    model = Ani(settings)
    x = torch.tensor(settings["positions"], dtype=model.type)
    model.find(x)

    def evaluate(function):
        y = x.clone().requires_grad_()
        e = function(y)
        (g,) = torch.autograd.grad(e, y)
        return e, g

    def median_ms(function):
        for _ in range(5):
            evaluate(function)
        times = []
        for _ in range(settings["repetitions"]):
            start = time.process_time()
            evaluate(function)
            times.append(1e3 * (time.process_time() - start))
        return statistics.median(times)

    traced = torch.jit.trace(model.energy, x.clone().requires_grad_(), check_trace=False)
    e, g = evaluate(model.energy)
    plain_ms, traced_ms = median_ms(model.energy), median_ms(traced)
    print(json.dumps({"ms": min(plain_ms, traced_ms), "plain_ms": plain_ms, "traced_ms": traced_ms, "energy": (float(e) + model.self_energy) * model.ev, "forces": (-model.ev * g).tolist()}))


main()
