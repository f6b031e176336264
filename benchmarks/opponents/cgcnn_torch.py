#!/usr/bin/python3
"""CGCNN (Xie and Grossman, Phys. Rev. Lett. 120, 145301 (2018)) in PyTorch, one thread: the opponent of the benchmark `cgcnn`.

Reads one JSON object from standard input:
  predict   null, or {"weights": safetensors file of a published model, "crystals": [...], "batch": crystals of a pass}
  train     null, or {"crystals": [...], "targets": [...], "batch": ..., "epochs": ..., "f": ..., "h": ..., "convolutions": ...}
  features  [[places of the ones of an element], ...]
A crystal is {"z": atomic numbers, "j": neighbours [atoms x 12], "d": distances [atoms x 12]}.
Prints {"secondsPerCrystal": ..., "values": [...], "secondsPerEpoch": ...}: processor time of the passes alone. Finding neighbours, expanding distances and putting
batches together come before and are not timed, as the published code keeps what it has made.
"""
import json
import statistics
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn.functional import softplus

torch.set_num_threads(1)
torch.set_flush_denormal(True)
CENTRES = torch.arange(41) * 0.2


class Convolution(nn.Module):
    def __init__(self, f):
        super().__init__()
        self.fc_full, self.bn1, self.bn2 = nn.Linear(2 * f + 41, 2 * f), nn.BatchNorm1d(2 * f), nn.BatchNorm1d(f)

    def forward(self, v, u, j):
        n, m = j.shape
        z = torch.cat([v.unsqueeze(1).expand(n, m, -1), v[j], u], 2)
        gate, core = self.bn1(self.fc_full(z).view(n * m, -1)).view(n, m, -1).chunk(2, 2)
        return softplus(v + self.bn2((torch.sigmoid(gate) * softplus(core)).sum(1)))


class Network(nn.Module):
    def __init__(self, f, h, convolutions):
        super().__init__()
        self.embedding, self.convs = nn.Linear(92, f), nn.ModuleList(Convolution(f) for _ in range(convolutions))
        self.conv_to_fc, self.fc_out = nn.Linear(f, h), nn.Linear(h, 1)

    def forward(self, a, u, j, owner, sizes):
        v = self.embedding(a)
        for convolution in self.convs:
            v = convolution(v, u, j)
        mean = torch.zeros(len(sizes), v.shape[1]).index_add_(0, owner, v) / sizes
        return self.fc_out(softplus(self.conv_to_fc(softplus(mean)))).squeeze(1)


def batch_of(crystals, features):
    a, u, j, owner, first = [], [], [], [], 0
    for c, crystal in enumerate(crystals):
        a.append(features[torch.tensor(crystal["z"]) - 1])
        j.append(torch.tensor(crystal["j"]) + first)
        u.append(torch.exp(-((torch.tensor(crystal["d"]).unsqueeze(2) - CENTRES) / 0.2) ** 2))
        owner += [c] * len(crystal["z"])
        first += len(crystal["z"])
    sizes = torch.tensor([[float(len(c["z"]))] for c in crystals])
    return torch.cat(a), torch.cat(u), torch.cat(j), torch.tensor(owner), sizes


def batches_of(crystals, size, features):
    return [batch_of(crystals[k:k + size], features) for k in range(0, len(crystals), size)]


def predict(task, features):
    raw = open(task["weights"], "rb").read()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:8 + length])
    meta = header.pop("__metadata__")
    state = {}
    for name, t in header.items():
        start, end = t["data_offsets"]
        state[name] = torch.from_numpy(np.frombuffer(raw[8 + length + start:8 + length + end], dtype="<f4").reshape(t["shape"]).copy())
    network = Network(int(meta["atom_fea_len"]), int(meta["h_fea_len"]), int(meta["n_conv"]))
    network.load_state_dict(state, strict=False)
    network.eval()
    batches = batches_of(task["crystals"], task["batch"], features)
    seconds = []
    with torch.no_grad():
        for _ in range(6):
            start = time.process_time()
            values = torch.cat([network(*b) for b in batches])
            seconds.append(time.process_time() - start)
    values = values * float(meta["normalizer_std"]) + float(meta["normalizer_mean"])
    return statistics.median(seconds[1:]) / len(task["crystals"]), values.tolist()


def train(task, features):
    torch.manual_seed(1)
    network = Network(task["f"], task["h"], task["convolutions"])
    targets = torch.tensor(task["targets"])
    targets = (targets - targets.mean()) / targets.std()
    batches = batches_of(task["crystals"], task["batch"], features)
    optimiser = torch.optim.SGD(network.parameters(), 0.01, momentum=0.9)
    seconds = []
    for _ in range(task["epochs"]):
        start = time.process_time()
        for k, b in enumerate(batches):
            loss = nn.functional.mse_loss(network(*b), targets[k * task["batch"]:(k + 1) * task["batch"]])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds[1:])


def main():
    task = json.load(sys.stdin)
    features = torch.zeros(len(task["features"]), 92)
    for e, places in enumerate(task["features"]):
        features[e, places] = 1
    result = {}
    if task["predict"]:
        result["secondsPerCrystal"], result["values"] = predict(task["predict"], features)
    if task["train"]:
        result["secondsPerEpoch"] = train(task["train"], features)
    print(json.dumps(result))


main()
