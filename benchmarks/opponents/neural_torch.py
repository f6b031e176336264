#!/usr/bin/python3
"""A neural potential of this repository in PyTorch: one thread, forces by autograd, neighbours given.

Written from docs/methods/neural-potential.md as a fair opponent: radial functions by one matrix product over Chebyshev polynomials, all pairs and atoms
of an element at once, all members of the committee in one batched product. Arguments: JSON files with potential, symbols, numbers and covalent radii
of the elements, edges (i, j, offset in angstrom), precision (single or double) and seconds of measurement (0: one evaluation, no time).
stdout: a line of JSON for each with the median processor time of an evaluation, the energy and the forces.
"""
import json, math, statistics, struct, sys, time
import numpy as np, torch
from scipy.special import spherical_jn

torch.set_num_threads(1)
torch.set_flush_denormal(True)


def number(values):
    return torch.tensor(np.asarray(values, dtype=float), dtype=torch.get_default_dtype())


def load(path):
    data = open(path, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    meta = header.pop("__metadata__")
    kinds = {"F16": np.float16, "F32": np.float32, "F64": np.float64}
    tensors = {}
    for name, t in header.items():
        a, b = t["data_offsets"]
        tensors[name] = np.frombuffer(data[8 + length + a:8 + length + b], kinds[t["dtype"]]).astype(np.float64).reshape(t["shape"])
    return meta, tensors


def roots(l, count):
    """First positive roots of j_l; those of j_(l-1) bracket them."""
    if l == 0:
        return [math.pi * (n + 1) for n in range(count)]
    outer, found = roots(l - 1, count + 1), []
    for a, b in zip(outer, outer[1:]):
        for _ in range(80):
            c = (a + b) / 2
            a, b = (a, c) if spherical_jn(l, a) * spherical_jn(l, c) <= 0 else (c, b)
        found.append((a + b) / 2)
    return found


def bessel(l, count, x):
    """g_0 .. g_(count-1) of order l on [0, 1], orthonormal with weight x^2, value and slope zero at 1."""
    u, g, d = roots(l, count + 1), [], 1.0
    for n in range(count):
        a, b = u[n], u[n + 1]
        f = math.sqrt(2 / (a * a + b * b)) * (b / spherical_jn(l + 1, a) * spherical_jn(l, a * x) - a / spherical_jn(l + 1, b) * spherical_jn(l, b * x))
        if n:
            z = u[n - 1]
            e = z * z * b * b / ((z * z + a * a) * (a * a + b * b))
            f, d = (f + math.sqrt(e / d) * g[-1]) / math.sqrt(1 - e / d), 1 - e / d
        g.append(f)
    return g


class Potential:
    def __init__(self, path, numbers, radii):
        meta, t = load(path)
        form = json.loads(meta["form"])
        self.elements, self.form = meta["elements"].split(), form
        self.cutoff, self.types = form["cutoffs"][0], len(self.elements)
        self.reference = t["referenceEnergies"]
        self.prepare_repulsion(numbers, radii)
        entries, columns = [], []
        # So many terms that the functions err by 1e-5 (single) or 1e-11 of their peaks.
        terms = 26 if torch.get_default_dtype() == torch.float32 else 40
        nodes = np.cos(np.pi * (np.arange(96) + 0.5) / 96)
        x = np.sqrt((nodes + 1) / 2)
        basis = np.stack([np.cos(k * np.arccos(nodes)) for k in range(terms)], 1) * ((1 - x * x) ** 2)[:, None]
        for s, (r, order) in enumerate(zip(form["cutoffs"], form["orders"])):
            weight = (1 + (x * r) ** 2 / form["nearRadius"] ** 2) ** -form["nearPower"]
            for l in range(order + 1):
                count = order - l + 1 + (form["pairFunctions"] if s == 0 and l == 0 else 0)
                for n, g in enumerate(bessel(l, count, x)):
                    h = r ** -1.5 * math.sqrt((2 * l + 1) / (4 * math.pi)) * weight * g / (x * r / self.cutoff) ** l
                    entries.append((l, n > order - l, s, n))
                    columns.append(np.linalg.lstsq(basis, h, rcond=None)[0])
        order = sorted(range(len(entries)), key=lambda e: (entries[e][0], entries[e][1], entries[e][2], entries[e][3]))
        self.entries = [entries[e] for e in order]
        self.shells = [number(np.stack([columns[e] * (entries[e][2] == s) for e in order], 1)) for s in range(len(form["cutoffs"]))]
        self.order = max(form["orders"])
        self.lists = {l: [e for e, v in enumerate(self.entries) if v[0] == l and not v[1]] for l in range(self.order + 1)}
        self.pairs = [e for e, v in enumerate(self.entries) if v[0] == 0]
        self.recurrence, self.weight = self.tables()
        self.message = min(form["messageOrder"], form["orders"][0])
        self.sent = {l: [e for e, v in enumerate(self.entries) if v[0] == l and v[2] == 0 and v[3] <= self.message - l] for l in range(self.message + 1)}
        features = sum(self.types * len(v) * (self.types * len(v) + 1) // 2 for v in self.lists.values()) + self.types * len(self.pairs)
        second = form["messages"] * sum(len(v) * (len(v) + 1) // 2 for v in self.sent.values())
        handed = form["handed"] if form["messages"] else 0
        self.mean, self.scale = (number(t["standard"].reshape(self.types, 2, features)[:, k]) for k in (0, 1))
        members = sorted({int(k.split(".")[1]) for k in t if k.startswith("member.")})
        one = [features] + form["hiddenWidths"] + [1 + form["messages"] + handed]
        two = [second + handed] + form["hiddenWidths"] + [1]
        stack = [t[f"member.{m}.weights"] for m in members]
        self.first = [self.network(stack, e * self.stride(one), one) for e in range(self.types)]
        if form["messages"]:
            start = self.types * self.stride(one)
            self.second = [self.network(stack, start + e * self.stride(two), two) for e in range(self.types)]
            s = np.stack([t[f"member.{m}.messageStandard"].reshape(self.types, 2, second) for m in members])
            self.second_mean, self.second_scale = (number(s[:, :, k]) for k in (0, 1))

    def prepare_repulsion(self, numbers, radii):
        z, r = number(numbers), number(radii)
        self.strength = 14.3996454784 * z[:, None] * z[None]
        self.screening = (z[:, None] ** 0.23 + z[None] ** 0.23) / (0.8854 * 0.529177210903)
        self.range = r[:, None] + r[None]

    def repulsion(self, a, b, r):
        x, inside = self.screening[a, b] * r, (r / self.range[a, b]).clamp(max=1)
        phi = sum(w * torch.exp(-d * x) for w, d in ((0.18175, 3.1998), (0.50986, 0.94229), (0.28022, 0.4029), (0.02817, 0.20162)))
        return (self.strength[a, b] / r * phi * (1 - inside ** 2) ** 3).sum() / 2

    def tables(self):
        """Recurrence of the solid harmonics and the weights that make their products Legendre polynomials."""
        n = (self.order + 1) ** 2
        recurrence, weight = np.zeros(n), np.zeros(n)
        for l in range(self.order + 1):
            for k in range(2 * l + 1):
                m = (k + 1) // 2
                recurrence[l * l + k] = 0 if l < 2 else ((l - 1) ** 2 - m * m) / ((2 * l - 1) * (2 * l - 3))
                leading = math.prod(2 * i - 1 for i in range(1, m + 1)) * math.prod((2 * i - 1) / (i - m) for i in range(m + 1, l + 1))
                weight[l * l + k] = (1 if m == 0 else 2) * leading ** 2 * math.factorial(l - m) / math.factorial(l + m)
        return recurrence, number(weight)

    @staticmethod
    def stride(widths):
        return (sum((a + 1) * b for a, b in zip(widths, widths[1:])) + 15) // 16 * 16

    @staticmethod
    def network(stack, at, widths):
        layers = []
        for a, b in zip(widths, widths[1:]):
            w = np.stack([s[at:at + a * b].reshape(b, a).T for s in stack])
            bias = np.stack([s[at + a * b:at + a * b + b] for s in stack])[:, None]
            layers.append((number(w).contiguous(), number(bias)))
            at += (a + 1) * b
        return layers

    @staticmethod
    def run(layers, x):
        for k, (w, b) in enumerate(layers):
            x = torch.baddbmm(b, x, w)
            x = torch.nn.functional.silu(x) if k + 1 < len(layers) else x
        return x

    def harmonics(self, v):
        x, y, z = v.unbind(1)
        square = (v * v).sum(1)
        s = [[torch.ones_like(x)]]
        for l in range(1, self.order + 1):
            row = []
            for k in range(2 * l - 1):
                value = z * s[l - 1][k]
                if k <= 2 * l - 4:
                    value = value - self.recurrence[l * l + k] * square * s[l - 2][k]
                row.append(value)
            real, imaginary = (s[l - 1][-2], s[l - 1][-1]) if l > 1 else (s[0][0], None)
            row += [x * real - y * imaginary, x * imaginary + y * real] if l > 1 else [x, y]
            s.append(row)
        return [torch.stack(r, 1) for r in s]

    @staticmethod
    def products(c, w):
        """c: [..., channels, 2l+1] -> all products i <= j."""
        n = c.shape[-2]
        i, j = torch.triu_indices(n, n)
        return torch.matmul(c * w, c.transpose(-1, -2))[..., i, j]

    def energy(self, types, i, j, v):
        n, form = len(types), self.form
        square = (v * v).sum(1)
        radial = 0
        for s, r in enumerate(form["cutoffs"]):
            t = (square / (r * r)).clamp(max=1)[:, None]
            chebyshev = [(1 - t) ** 2, (1 - t) ** 2 * (2 * t - 1)]
            while len(chebyshev) < self.shells[s].shape[0]:
                chebyshev.append((4 * t - 2) * chebyshev[-1] - chebyshev[-2])
            radial = radial + torch.cat(chebyshev, 1) @ self.shells[s]
        harmonics = self.harmonics(v / self.cutoff)
        place = i * self.types + types[j]
        features, functions = [], []
        for l in range(self.order + 1):
            keep = self.lists[l] if l else self.pairs
            f = radial[:, keep, None] * harmonics[l][:, None, :]
            c = torch.zeros(n * self.types, len(keep), 2 * l + 1).index_add(0, place, f).view(n, self.types, len(keep), 2 * l + 1)
            if l == 0:
                linear = c[:, :, :, 0].reshape(n, -1)
                c = c[:, :, :len(self.lists[0])]
            features.append(self.products(c.reshape(n, -1, 2 * l + 1), self.weight[l * l:(l + 1) ** 2]))
            if form["messages"] and l <= self.message:
                functions.append(f[:, [keep.index(e) for e in self.sent[l]]])
        features = torch.cat(features + [linear], 1)
        members = self.first[0][0][0].shape[0]
        out = torch.zeros(members, n, self.first[0][-1][0].shape[2])
        groups = [(e, torch.nonzero(types == e)[:, 0]) for e in range(self.types) if bool((types == e).any())]
        for e, which in groups:
            x = ((features[which] - self.mean[e]) * self.scale[e]).expand(members, -1, -1)
            out = out.index_copy(1, which, self.run(self.first[e], x))
        total = out[:, :, 0].sum(1) + self.repulsion(types[i], types[j], square.sqrt())
        if form["messages"]:
            q = out[:, :, 1:1 + form["messages"]]
            parts = []
            for l, f in enumerate(functions):
                weighted = q[:, j, :, None] * f.reshape(1, len(j), 1, -1)
                c = torch.zeros(members, n, form["messages"], weighted.shape[-1]).index_add(1, i, weighted).view(members, n, form["messages"], -1, 2 * l + 1)
                parts.append(self.products(c, self.weight[l * l:(l + 1) ** 2]))
            second = torch.cat(parts, 3).reshape(members, n, -1)
            for e, which in groups:
                x = (second[:, which] - self.second_mean[:, e, None]) * self.second_scale[:, e, None]
                x = torch.cat((x, out[:, which, 1 + form["messages"]:]), 2)
                total = total + self.run(self.second[e], x)[:, :, 0].sum(1)
        return total.mean()

    def evaluate(self, types, i, j, v):
        v = v.detach().requires_grad_(True)
        energy = self.energy(types, i, j, v)
        gradient, = torch.autograd.grad(energy, v)
        forces = torch.zeros(len(types), 3).index_add(0, i, gradient).index_add(0, j, -gradient)
        return float(energy) + float(self.reference[types].sum()), forces


def run(path):
    with open(path) as file:
        job = json.load(file)
    torch.set_default_dtype({"single": torch.float32, "double": torch.float64}[job["precision"]])
    p = Potential(job["potential"], job["numbers"], job["radii"])
    types = torch.tensor([p.elements.index(s) for s in job["symbols"]])
    edges = np.array(job["edges"]).reshape(-1, 5)
    i, j, v = torch.tensor(edges[:, 0].astype(int)), torch.tensor(edges[:, 1].astype(int)), number(edges[:, 2:])
    energy, forces = p.evaluate(types, i, j, v)
    times, begin = [], time.process_time()
    while job["seconds"] > 0 and (len(times) < 9 or (time.process_time() - begin < job["seconds"] and len(times) < 300)):
        start = time.process_time()
        p.evaluate(types, i, j, v)
        times.append(time.process_time() - start)
    print(json.dumps({"seconds": statistics.median(times[2:]) if times else None, "energy": energy, "forces": forces.tolist()}))


for path in sys.argv[1:]:
    run(path)
