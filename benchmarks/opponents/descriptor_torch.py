#!/usr/bin/python3
"""The power spectrum of many like structures in PyTorch (batched, single precision, one thread): the opponent of the benchmark `descriptors`.

Reads one JSON object from standard input:
  positions, rows   files of float32: [structures x atoms x 3] to read, [structures x atoms x length] to write
  structures, types, type_count, cell (3 x 3 or null), multiples, radial, cutoff, order, neighbours, repetitions
Prints {"forward_ms": median, "gradient_ms": median}, processor time; the gradient is that of sum(descriptor^2) / 2 by positions, values included.
Values come from solid harmonics and, for the Bessel basis, a Chebyshev series in t = r^2 / r_c^2: no trigonometric function per neighbour.
"""
import json
import math
import statistics
import sys
import time

import numpy as np
import torch
from scipy.optimize import brentq
from scipy.special import spherical_jn


def bessel_functions(order, x):
    """g_ln(x; 1), l-major."""
    roots = [[math.pi * (k + 1) for k in range(order + 2)]]
    for l in range(1, order + 1):
        last = roots[-1]
        roots.append([brentq(lambda u: spherical_jn(l, u), last[k], last[k + 1], xtol=1e-14) for k in range(len(last) - 1)])
    result = []
    for l in range(order + 1):
        u, d = roots[l], 1.0
        for n in range(order - l + 1):
            s = math.sqrt(2 / (u[n] ** 2 + u[n + 1] ** 2))
            g = s * (u[n + 1] / spherical_jn(l + 1, u[n]) * spherical_jn(l, u[n] * x) - u[n] / spherical_jn(l + 1, u[n + 1]) * spherical_jn(l, u[n + 1] * x))
            if n > 0:
                e = u[n - 1] ** 2 * u[n + 1] ** 2 / ((u[n - 1] ** 2 + u[n] ** 2) * (u[n] ** 2 + u[n + 1] ** 2))
                new = 1 - e / d
                g = (g + math.sqrt(e / d) * result[-1]) / math.sqrt(new)
                d = new
            result.append(g)
    return np.array(result)


def solid_harmonics(order, v):
    """Per l: [..., 2l + 1], normalised so that the sum over m of S(a) S(b) is |a|^l |b|^l P_l."""
    x, y, z = v.unbind(-1)
    square = (v * v).sum(-1)
    re, im = [torch.ones_like(x)], [torch.zeros_like(x)]
    for _ in range(order):
        re, im = re + [x * re[-1] - y * im[-1]], im + [x * im[-1] + y * re[-1]]
    result = []
    q = {}
    for l in range(order + 1):
        parts = []
        for m in range(l + 1):
            if l == m:
                q[l, m] = math.prod(range(1, 2 * m, 2)) * torch.ones_like(x)
            elif l == m + 1:
                q[l, m] = (2 * m + 1) * z * q[m, m]
            else:
                q[l, m] = ((2 * l - 1) * z * q[l - 1, m] - (l + m - 1) * square * q[l - 2, m]) / (l - m)
            norm = math.sqrt((1 if m == 0 else 2) * math.factorial(l - m) / math.factorial(l + m))
            parts.append(norm * q[l, m] * re[m])
            if m > 0:
                parts.append(norm * q[l, m] * im[m])
        result.append(torch.stack(parts, -1))
    return result


class Descriptor:
    def __init__(self, s):
        self.order, self.cutoff, self.gaussian = s["order"], s["cutoff"], s["radial"] == "gaussian"
        self.types = torch.tensor(s["types"])
        self.type_count = s["type_count"]
        self.functions = [self.order - l + 1 for l in range(self.order + 1)]
        prefactor = np.concatenate([[math.sqrt((2 * l + 1) / (4 * math.pi))] * n for l, n in enumerate(self.functions)])
        self.prefactor = torch.tensor(prefactor, dtype=torch.float32)
        self.degree = {3: 14, 4: 16}.get(self.order, 20)
        if self.gaussian:
            exponents = np.concatenate([1 / np.linspace(1, self.cutoff, n) ** 2 if n > 1 else [1.0] for n in self.functions])
            distinct, self.which = np.unique(np.round(exponents, 12), return_inverse=True)
            self.exponents = torch.tensor(distinct * self.cutoff**2, dtype=torch.float32)
        else:
            t = 0.5 + 0.5 * np.cos(np.pi * (np.arange(100) + 0.5) / 100)
            l_of = np.concatenate([[l] * n for l, n in enumerate(self.functions)])
            h = bessel_functions(self.order, np.sqrt(t)) * t ** (-0.5 * l_of[:, None]) * prefactor[:, None] * self.cutoff**-1.5
            self.series = torch.tensor(np.polynomial.chebyshev.chebfit(2 * t - 1, h.T, self.degree), dtype=torch.float32)
        self.cell = None if s["cell"] is None else torch.tensor(s["cell"], dtype=torch.float32)
        m = s["multiples"]
        self.images = torch.tensor([[i, j, k] for i in range(m[0]) for j in range(m[1]) for k in range(m[2])], dtype=torch.float32)
        if self.cell is not None:
            self.super_cell = self.cell * torch.tensor(m, dtype=torch.float32)[:, None]
            self.inverse = torch.linalg.inv(self.super_cell)
            self.shifts = self.images @ self.cell
        self.candidates = len(s["types"]) * len(self.images)
        self.neighbours = min(s["neighbours"], self.candidates - 1)
        self.one_hot = torch.nn.functional.one_hot(self.types, self.type_count).float()
        self.pairs = torch.triu_indices(self.type_count, self.type_count)

    def __call__(self, positions):
        structures, atoms, _ = positions.shape
        everything = positions if self.cell is None else (self.shifts[None, :, None, :] + positions[:, None]).reshape(structures, -1, 3)
        delta = everything[:, None] - positions[:, :, None]
        if self.cell is not None:
            with torch.no_grad():
                whole = torch.round(delta @ self.inverse) @ self.super_cell
            delta = delta - whole
        with torch.no_grad():
            index = (delta * delta).sum(-1).topk(self.neighbours + 1, dim=2, largest=False).indices[:, :, 1:]
        delta = torch.gather(delta, 2, index[..., None].expand(-1, -1, -1, 3)).reshape(structures * atoms, self.neighbours, 3) / self.cutoff
        one_hot = self.one_hot[index % atoms].reshape(structures * atoms, self.neighbours, self.type_count)
        t = (delta * delta).sum(-1)
        inside = (t < 1)[..., None]
        t = t.clamp(max=1)
        if self.gaussian:
            e = torch.exp(-self.exponents * t[..., None]) - torch.exp(-self.exponents)
            h = torch.where(inside, e[..., self.which] * self.prefactor, torch.zeros(()))
            harmonics = solid_harmonics(self.order, delta * torch.rsqrt(t)[..., None])
        else:
            s = 2 * t - 1
            basis = [torch.ones_like(s), s]
            for _ in range(self.degree - 1):
                basis.append(2 * s * basis[-1] - basis[-2])
            h = torch.where(inside, torch.stack(basis, -1) @ self.series, torch.zeros(()))
            harmonics = solid_harmonics(self.order, delta)
        parts, first = [], 0
        for l, n in enumerate(self.functions):
            left = (one_hot[..., :, None] * h[..., None, first : first + n]).flatten(2)
            c = torch.bmm(left.transpose(1, 2), harmonics[l]).reshape(-1, self.type_count, n, 2 * l + 1)
            parts.append((c[:, self.pairs[0]] * c[:, self.pairs[1]]).sum(-1))
            first += n
        spectrum = torch.cat(parts, -1).flatten(1)
        return torch.cat([spectrum, self.one_hot.repeat(structures, 1)], 1)


def median_ms(action, repetitions):
    action()
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        action()
        times.append(1e3 * (time.process_time() - start))
    return statistics.median(times)


def main():
    torch.set_num_threads(1)
    settings = json.load(sys.stdin)
    positions = torch.from_numpy(np.fromfile(settings["positions"], dtype=np.float32).reshape(settings["structures"], len(settings["types"]), 3))
    descriptor = Descriptor(settings)
    with torch.no_grad():
        descriptor(positions).numpy().tofile(settings["rows"])

    def forward():
        with torch.no_grad():
            descriptor(positions)

    def gradient():
        x = positions.clone().requires_grad_()
        rows = descriptor(x)
        torch.autograd.grad(rows, x, rows.detach())

    print(json.dumps({"forward_ms": median_ms(forward, settings["repetitions"]), "gradient_ms": median_ms(gradient, settings["repetitions"])}))


main()
