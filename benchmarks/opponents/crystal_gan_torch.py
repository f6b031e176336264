#!/usr/bin/python3
"""The Composition-Conditioned Crystal GAN's training iteration in PyTorch, published widths (Mg 8, Mn 8, O 12), batch 32.

Written from the specification as a fair opponent: every kernel acts within a row, so each convolution is a matrix product over
batch x rows (or, with --layers conv, the convolution of the published layers); real and generated images pass the critic in one call; nothing keeps a graph it does not
need. Arguments: --threads, --iterations (timed, a multiple of 5), --layers product or conv. stdout: a line of JSON with the median seconds of
an iteration without and with the generator's step (processor time on one thread).
"""
import argparse, json, os, statistics, sys, time
# The libraries below torch read their threads once, when they load.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = sys.argv[sys.argv.index("--threads") + 1] if "--threads" in sys.argv else "1"
import torch
from torch import nn
from torch.nn import functional as F

CAPS, LATENT, BATCH = (8, 8, 12), 512, 32
ATOMS = sum(CAPS)


class Rows(nn.Module):
    """A layer within rows: [..., inputs] -> [..., outputs], as a product or as a convolution of the published form."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.layer = nn.Linear(inputs, outputs)
        nn.init.xavier_uniform_(self.layer.weight)
        nn.init.zeros_(self.layer.bias)

    def forward(self, x):
        return self.layer(x)


class Columns(nn.Module):
    """The same as a 1 x 1 convolution, channels first."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.layer = nn.Conv2d(inputs, outputs, 1)
        nn.init.xavier_uniform_(self.layer.weight)
        nn.init.zeros_(self.layer.bias)

    def forward(self, x):
        return self.layer(x.transpose(1, 2).unsqueeze(3)).squeeze(3).transpose(1, 2)


def norm(width, epsilon=0.8):
    return nn.BatchNorm1d(width, eps=epsilon)


def apply_norm(layer, x):
    return layer(x.reshape(-1, x.shape[-1])).reshape(x.shape)


class Generator(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.l1 = Rows(LATENT + 1 + sum(CAPS), 128 * ATOMS)
        self.t = nn.ModuleList([layer(128, 256 * 3), layer(256, 512), layer(512, 256), Rows(256, 1)])
        self.b = nn.ModuleList([norm(256), norm(512), norm(256), norm(30, 1e-5)])
        self.f1, self.f2 = Rows(3 * ATOMS, 30), Rows(30, 6)

    def forward(self, x):
        n = x.shape[0]
        x = F.relu(self.l1(x)).reshape(n, ATOMS, 128)
        x = self.t[0](x).reshape(n, 3 * ATOMS, 256)
        for i in range(3):
            x = F.relu(apply_norm(self.b[i], x))
            x = self.t[i + 1](x)
        h = x.reshape(n, 3 * ATOMS)
        cell = self.f2(F.relu(self.b[3](self.f1(h))))
        return torch.sigmoid(torch.cat([cell, h], 1)).reshape(n, 2 + ATOMS, 3)


class Critic(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.c = nn.ModuleList([Rows(3, 512), layer(512, 512), layer(512, 256)])
        self.l = nn.ModuleList([Rows(256 * (2 + len(CAPS)), 1000), Rows(1000, 200), Rows(200, 10)])

    def forward(self, x):
        for layer in self.c:
            x = F.leaky_relu(layer(x), 0.2)
        slots, at = [x[:, 0], x[:, 1]], 2
        for cap in CAPS:
            slots.append(x[:, at:at + cap].mean(1))
            at += cap
        x = torch.cat(slots, 1)
        return self.l[2](F.leaky_relu(self.l[1](F.leaky_relu(self.l[0](x), 0.2)), 0.2))


class Branch(nn.Module):
    def __init__(self, layer, cap):
        super().__init__()
        self.c = nn.ModuleList([Rows(3, 512), layer(512, 256), layer(256, 256), Rows(256, 2)])
        self.b = nn.ModuleList([norm(512), norm(256), norm(256)])
        self.l = nn.ModuleList([Rows(2 * cap, 300), Rows(300, 100), Rows(100, cap)])
        self.d = nn.ModuleList([norm(300), norm(100)])

    def forward(self, x):
        for i in range(3):
            x = F.leaky_relu(apply_norm(self.b[i], self.c[i](x)), 0.2)
        logits = self.c[3](x)
        y = logits.flatten(1)
        for i in range(2):
            y = F.leaky_relu(self.d[i](self.l[i](y)), 0.2)
        return logits, self.l[2](y)


class Classifier(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.branches = nn.ModuleList([Branch(layer, cap) for cap in CAPS])

    def forward(self, x):
        out, at = [], 2
        for branch, cap in zip(self.branches, CAPS):
            out.append(branch(x[:, at:at + cap]))
            at += cap
        return out


def cross_entropy(logits, target):
    """The published loss: a softmax goes into a cross entropy that applies another."""
    return F.cross_entropy(torch.softmax(logits, -1), target)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--iterations", type=int, default=20)
    parser.add_argument("--layers", choices=["product", "conv"], default="product")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    layer = Rows if options.layers == "product" else Columns
    g, d, q = Generator(layer), Critic(layer), Classifier(layer)
    adam = lambda network, rate: torch.optim.Adam(network.parameters(), lr=rate, betas=(0.5, 0.999), foreach=True)
    step_g, step_d, step_q = adam(g, 5e-5), adam(d, 5e-5), adam(q, 2.5e-5)
    plain, full = [], []
    clock = time.process_time if options.threads == 1 else time.perf_counter
    for iteration in range(options.iterations + 5):
        counts = [torch.randint(cap, (BATCH,)) for cap in CAPS]
        present = [torch.arange(cap)[None] <= torch.randint(cap, (BATCH, 1)) for cap in CAPS]
        real = torch.rand(BATCH, 2 + ATOMS, 3) * torch.cat([torch.ones(BATCH, 2, dtype=torch.bool)] + present, 1)[..., None]
        start = clock()
        condition = torch.cat([(sum(counts) + len(CAPS)).float()[:, None] / ATOMS] + [F.one_hot(c, cap).float() for c, cap in zip(counts, CAPS)], 1)
        with torch.no_grad():
            fake = g(torch.cat([torch.randn(BATCH, LATENT), condition], 1))
            noised = torch.where(real < 0.01, real + torch.abs(1e-3 + 10 ** -2.5 * torch.randn_like(real)), real)
        step_d.zero_grad(set_to_none=True)
        step_q.zero_grad(set_to_none=True)
        loss = 0
        for (logits, count), where, cap in zip(q(noised), present, CAPS):
            loss = loss + cross_entropy(logits.reshape(-1, 2), where.long().reshape(-1)) + 0.3 * cross_entropy(count, where.sum(1) - 1)
        loss.backward()
        scores = d(torch.cat([real, fake]))
        (scores[BATCH:].mean() - scores[:BATCH].mean()).backward()
        a = torch.rand(BATCH, 1, 1)
        mixed = (a * real + (1 - a) * fake).requires_grad_(True)
        slope, = torch.autograd.grad(d(mixed).sum(), mixed, create_graph=True)
        (10 * ((slope.flatten(1).norm(2, 1) - 1) ** 2).mean()).backward()
        step_d.step()
        step_q.step()
        if iteration % 5 == 0:
            d.requires_grad_(False)
            step_g.zero_grad(set_to_none=True)
            step_q.zero_grad(set_to_none=True)
            fake = g(torch.cat([torch.randn(BATCH, LATENT), condition], 1))
            loss = -d(fake).mean()
            for (_, count), wanted in zip(q(fake), counts):
                loss = loss + 0.3 * cross_entropy(count, wanted)
            loss.backward()
            step_q.step()
            step_g.step()
            d.requires_grad_(True)
        if iteration >= 5:
            (full if iteration % 5 == 0 else plain).append(clock() - start)
    a, b = statistics.median(plain), statistics.median(full)
    print(json.dumps({"seconds": a, "seconds_with_generator": b, "mean": (4 * a + b) / 5}))


main()
