"""Distorted geometries of a molecule. Each function takes a generator of random numbers and returns positions, or None when the
molecule offers no place for that distortion."""
import numpy as np
import geometry


def rattle(rng, symbols, x, sigma=None):
    """Gaussian noise on every component; the widths favour the 0.3 angstrom of the recovery test."""
    if sigma is None:
        low, high = [(0.02, 0.1), (0.1, 0.2), (0.2, 0.35), (0.35, 0.45)][rng.choice(4, p=[0.15, 0.25, 0.5, 0.1])]
        sigma = rng.uniform(low, high)
    return x + rng.normal(0, sigma, x.shape)


def pieces(symbols, x):
    """Bonds whose cut parts the molecule: (fixed end, moving end, moving atoms)."""
    pairs = geometry.bonds(symbols, x)
    near = geometry.neighbours(len(symbols), pairs)
    found = []
    for i, j in pairs:
        for a, b in ((i, j), (j, i)):
            moved = geometry.branch(near, b, a)
            if moved is not None and 2 * len(moved) <= len(symbols):
                found.append((a, b, moved))
    return found, near


def stretch(rng, symbols, x):
    """A bond at 0.6 to 2.5 times its length, a bent angle, a turned torsion or one atom put elsewhere, each with a little noise."""
    cuts, near = pieces(symbols, x)
    y, what = x.copy(), rng.choice(["length", "pull", "bend", "turn", "hop"], p=[0.35, 0.2, 0.2, 0.15, 0.1])
    if not cuts:
        return rattle(rng, symbols, x, rng.uniform(0.02, 0.2))
    heavy = [c for c in cuts if symbols[c[1]] != "H"]
    options = heavy if heavy and rng.random() < 0.6 else cuts
    a, b, moved = options[rng.integers(len(options))]
    along = x[b] - x[a]
    if what == "length":
        y[moved] += along * (rng.uniform(0.6, 1.5) - 1)
    elif what == "pull":
        y[moved] += along * (rng.uniform(1.2, 2.5) - 1)
    elif what == "bend":
        axis = np.cross(along, rng.normal(size=3))
        y[moved] = (x[moved] - x[a]) @ geometry.rotation(axis, rng.normal(0, 0.6)).T + x[a]
    elif what == "turn":
        y[moved] = (x[moved] - x[a]) @ geometry.rotation(along, rng.uniform(0, 2 * np.pi)).T + x[a]
    else:  # an atom, mostly a hydrogen, near another one than its own: what a wrongly placed atom looks like
        c = int(rng.integers(len(symbols)))
        if c in moved:
            return rattle(rng, symbols, x, rng.uniform(0.1, 0.3))
        y[b] = x[c] + direction(rng) * rng.uniform(0.8, 1.8)
    return y + rng.normal(0, rng.choice([0.02, 0.05, 0.1, 0.15]), y.shape)


def direction(rng):
    v = rng.normal(size=3)
    return v / np.linalg.norm(v)


def fold(rng, symbols, x):
    """Two atoms that are not bonded pushed to 0.7 to 1.7 times their bond length of each other, the atoms bound to them part of the way along."""
    near = geometry.neighbours(len(symbols), geometry.bonds(symbols, x))
    apart = [(i, j) for i in range(len(symbols)) for j in range(i) if j not in near[i]]
    if not apart:
        return None
    i, j = apart[rng.integers(len(apart))]
    along = x[j] - x[i]
    length = np.linalg.norm(along)
    wanted = max(0.5, rng.uniform(0.7, 1.7) * (geometry.RADIUS[symbols[i]] + geometry.RADIUS[symbols[j]]))
    move = along / length * (length - wanted) / 2
    y = x.copy()
    y[i] += move
    y[j] -= move
    for k in near[i]:
        y[k] += 0.4 * move
    for k in near[j]:
        y[k] -= 0.4 * move
    return y + rng.normal(0, rng.choice([0.02, 0.1]), y.shape)


def collide(rng, x, other):
    """A second molecule in a random attitude, nearest atoms 0.8 to 3 angstrom apart (half of them below 1.6)."""
    closest = rng.uniform(0.8, 1.6) if rng.random() < 0.5 else rng.uniform(1.6, 3.0)
    a = (x - x.mean(0)) @ geometry.random_rotation(rng).T
    b = (other - other.mean(0)) @ geometry.random_rotation(rng).T
    towards = direction(rng)
    for shift in np.arange(20, -0.01, -0.02):
        if np.linalg.norm(a[:, None] - (b + towards * shift)[None], axis=-1).min() < closest:
            break
    y = np.vstack([a, b + towards * shift])
    return y + rng.normal(0, rng.choice([0.0, 0.05, 0.15]), y.shape)
