"""Geometries: extended XYZ, bonds by distance, branches, rotations, and two relaxations that record every step."""
import re
import numpy as np

RADIUS = {"H": 0.31, "C": 0.76, "O": 0.66}  # Cordero et al. 2008, angstrom


def write(file, symbols, positions, energy=None, forces=None, **properties):
    columns = "species:S:1:pos:R:3" + (":forces:R:3" if forces is not None else "")
    parts = [f"Properties={columns}"] + ([f"energy={energy:.8f}"] if energy is not None else [])
    parts += [f'{k}="{v}"' if re.search(r"[\s=\"]", str(v)) else f"{k}={v}" for k, v in properties.items()]
    table = positions if forces is None else np.hstack([positions, forces])
    rows = (s + "".join(f" {v:.8f}" for v in row) for s, row in zip(symbols, table))
    file.write(f"{len(symbols)}\n{' '.join(parts)}\n" + "\n".join(rows) + "\n")


def read(path):
    """Yields symbols, positions, forces or None, properties (text). A last frame cut short by a kill is left out."""
    with open(path) as file:
        while True:
            head = file.readline()
            if not head.strip():
                return
            count, comment = int(head), file.readline()
            rows = [file.readline() for _ in range(count)]
            if not rows[-1].endswith("\n"):
                return
            properties = {m[1]: m[2] if m[2] is not None else m[3] for m in re.finditer(r'(\w+)=(?:"([^"]*)"|(\S+))', comment)}
            rows = [r.split() for r in rows]
            try:
                table = np.array([[float(v) for v in r[1:]] for r in rows])
            except ValueError:  # trailing columns that are not numbers
                table = np.array([[float(v) for v in r[1:4]] for r in rows])
            yield [r[0] for r in rows], table[:, :3].copy(), table[:, 3:6].copy() if "forces" in comment else None, properties


def distances(positions):
    d = np.linalg.norm(positions[:, None] - positions[None], axis=-1)
    np.fill_diagonal(d, 1e9)
    return d


def bonds(symbols, positions):
    """The distance rule d < 1.3 (r_i + r_j)."""
    radius = np.array([RADIUS[s] for s in symbols])
    near = distances(positions) < 1.3 * (radius[:, None] + radius[None])
    return sorted((int(i), int(j)) for i, j in zip(*np.nonzero(near)) if i < j)


def neighbours(count, pairs):
    near = [[] for _ in range(count)]
    for i, j in pairs:
        near[i].append(j)
        near[j].append(i)
    return near


def branch(near, start, without):
    """Atoms reached from start when the bond start-without is cut; None when the bond is in a ring."""
    found, stack = {start}, [start]
    while stack:
        i = stack.pop()
        for k in near[i]:
            if i == start and k == without:
                continue
            if k == without:
                return None
            if k not in found:
                found.add(k)
                stack.append(k)
    return sorted(found)


def rotation(axis, angle):
    a = axis / np.linalg.norm(axis)
    k = np.array([[0, -a[2], a[1]], [a[2], 0, -a[0]], [-a[1], a[0], 0]])
    return np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k


def random_rotation(rng):
    q, r = np.linalg.qr(rng.normal(size=(3, 3)))
    q = q * np.sign(np.diag(r))
    return q * np.sign(np.linalg.det(q))


def fire(evaluate, positions, steps, force, longest=0.2):
    """FIRE (Bitzek et al., Phys. Rev. Lett. 97 (2006) 170201) with unit masses; returns the visited positions and whether it converged."""
    x, v, dt, alpha, uphill = positions.copy(), np.zeros_like(positions), 0.1, 0.1, 0
    visited = []
    for _ in range(steps):
        label = evaluate(x)
        if label is None:
            return visited, False
        f = label[1]
        visited.append((x.copy(), label[0], f))
        if np.abs(f).max() < force:
            return visited, True
        if (f * v).sum() > 0:
            v = (1 - alpha) * v + alpha * f * np.linalg.norm(v) / np.linalg.norm(f)
            uphill += 1
            if uphill > 5:
                dt, alpha = min(dt * 1.1, 0.5), alpha * 0.99
        else:
            v, dt, alpha, uphill = np.zeros_like(x), dt * 0.5, 0.1, 0
        v = v + dt * f
        step = dt * v
        length = np.linalg.norm(step)
        x = x + step * min(1, longest / max(length, 1e-12) * np.sqrt(len(x)) / 2)
    return visited, False


def lbfgs(evaluate, positions, steps, force, longest=0.2, stiffness=70.0, memory=20):
    """L-BFGS without line search (Nocedal and Wright, algorithm 7.4; no atom moves by more than `longest`)."""
    x, visited, s, y = positions.copy(), [], [], []
    for _ in range(steps):
        label = evaluate(x)
        if label is None:
            return visited, False
        f = label[1]
        if visited:
            ds, dy = (x - visited[-1][0]).ravel(), (visited[-1][2] - f).ravel()
            s, y = (s + [ds])[-memory:], (y + [dy])[-memory:]
        visited.append((x.copy(), label[0], f))
        if np.abs(f).max() < force:
            return visited, True
        q, coefficients = -f.ravel(), []
        for a, b in zip(s[::-1], y[::-1]):
            c = a @ q / (a @ b)
            coefficients.append(c)
            q = q - c * b
        z = q / stiffness
        for a, b, c in zip(s, y, coefficients[::-1]):
            z = z + a * (c - b @ z / (a @ b))
        step = -z.reshape(x.shape)
        if (step * f).sum() < 0:  # lost its curvature: begin again downhill
            s, y, step = [], [], f / stiffness
        largest = np.linalg.norm(step, axis=1).max()
        x = x + step * min(1, longest / largest)
    return visited, False
