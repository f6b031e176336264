#!/usr/bin/python3
"""The list of molecules: every saturated chain that matters for C5H12O chemistry, every small graph that valence rules
allow, a seeded sample of the larger ones and common names (aromatics, heterocycles, carbonyls) written out by hand.

usage: molecules.py > molecules.smi        (needs obabel for canonical SMILES; columns: SMILES, group)
"""
import os, random, subprocess, sys

SEED = 20261
VALENCE = {"C": 4, "O": 2}
SAMPLED = {5: 110, 6: 110, 7: 80, 8: 50, 9: 40}  # heavy atoms -> molecules drawn from random growth
BY_HAND = """
[H][H] O C [C-]#[O+] O=C=O OO C=O C=C=O CO CC C=C C#C CC=O OC=O COC CCO COO COOC C1OO1 OC=C OCC=O O=CC=O OC(=O)O
C1CC1 C1CO1 C1CCO1 C1CCCO1 C1CCCCO1 C1COCO1 C1COCCO1 C1OCOCO1 C1CCC1 C1CCCC1 C1CCCCC1 CC1CO1 CC1(C)CO1 CC1CCCO1 OC1CCCC1 OC1CCC1 O=C1CCCC1
O=C1CCC1 O=C1CCO1 O=C1CCCO1 O=C1CCC(=O)O1 O=C1C=CC(=O)O1 O=C1CCCCC1 C1=CCC=C1 C1=CCCCC1 C1=CCCC1 C1=COCC1 C1=CCOC1 C1CC2CC1C2 C1CC2CC12 C1CCC2CC2C1
c1ccccc1 c1ccoc1 Oc1ccccc1 Cc1ccccc1 Cc1ccco1 Cc1ccoc1 COc1ccccc1 O=Cc1ccccc1 Cc1ccccc1C Cc1cccc(C)c1 Cc1ccc(C)cc1 Oc1ccccc1O Oc1cccc(O)c1 Oc1ccc(O)cc1
CCc1ccccc1 C=Cc1ccccc1 C#Cc1ccccc1 OCc1ccccc1 O=Cc1ccco1 OCc1ccco1 OC(=O)c1ccccc1 CC(=O)c1ccccc1 O=C1C=CC(=O)C=C1 Oc1ccco1 Cc1ccc(C)o1 CC(=O)c1ccco1 O=c1cccco1 O=c1ccocc1
CC(=O)C CCC(=O)C CCC(=O)CC CC(C)C(=O)C CC(C)(C)C(=O)C CC(=O)O CCC(=O)O CCCC(=O)O CC(C)C(=O)O OC(=O)C(=O)O OC(=O)CC(=O)O COC=O COC(=O)C CCOC(=O)C CCOC=O COC(=O)CC COC(=O)OC
CC(=O)OC(=O)C CC(=O)CC(=O)C CC(=O)C(=O)C OCC(=O)C OCC(O)CO OCCO CC(O)CO OCCCO COCOC COCCO COCCOC OCCOCCO CC(O)C(=O)O OCC(O)C=O OCC(=O)CO OC(C=O)CO
C=CC C=C(C)C CC=CC C/C=C\\C C/C=C/C C=CCC C=CC=C C=C(C)C=C C=CCO C=CC=O C=CC(=O)O C=CC(=O)C C=COC C=COC=C CC=CC=O CC(C)=CC(=O)C C=C=C C=C=CC C=CC#C C#CC C#CCC CC#CC C#CCO C#CC=O C#CC#C CC#CC#CC
CCC=O CCCC=O CC(C)C=O CC(C)(C)C=O CCCCC=O CCCCCC=O CC=C=O CC(C)=C=O CCCCCCCC CCCCCCCCC CC(C)CC(C)(C)C CCCCCCCO CCCCCCOC CCCCCCCCO CCCCOCCCC CC(C)(C)OC(C)(C)C CC(C)OC(C)C
CC(C)(C)OO CC(C)(C)O CCOOCC CCOO CC1(C)OC1(C)C C1CC1C=O C1CC1CO C1CC1C(=O)C C1CC1O COC1CC1 C=C1CC1 C=C1CCC1 CC1CC1 CC1CCC1 CC1CCCC1 CC1CCCCC1 OC1CCCCC1 CC1CCC(C)O1 C1CCOCCO1 C1CCCOCC1 C1CCCCCC1
"""


def free(elements, bonds, i):
    return VALENCE[elements[i]] - sum(o for pair, o in bonds.items() if i in pair)


def distance(bonds, count, start):
    seen, level, step = {start: 0}, [start], 0
    while level:
        step += 1
        level = [b if a == k else a for k in level for (a, b) in bonds if k in (a, b)]
        level = [k for k in dict.fromkeys(level) if k not in seen]
        seen.update((k, step) for k in level)
    return [seen[k] for k in range(count)]


def key(elements, bonds):
    """Colour refinement: equal keys for equal graphs; different graphs of this size rarely share one, and the canonical SMILES decides at the end."""
    colours = [(e,) for e in elements]
    for _ in range(len(elements)):
        named = {c: n for n, c in enumerate(sorted(set(colours)))}
        near = [[] for _ in elements]
        for (i, j), o in bonds.items():
            near[i].append((o, named[colours[j]]))
            near[j].append((o, named[colours[i]]))
        colours = [(elements[i], named[colours[i]], tuple(sorted(near[i]))) for i in range(len(elements))]
    return tuple(sorted(map(repr, colours)))


def sensible(elements, bonds, rings, saturated):
    if any(elements[i] == elements[j] == "O" for i, j in bonds) or elements.count("O") > (3 if len(elements) < 8 else 2):
        return False
    closures = len(bonds) - len(elements) + 1
    if closures > rings or (saturated and any(o > 1 for o in bonds.values())):
        return False
    if any(o > 3 for o in bonds.values()) or sum(o - 1 for o in bonds.values()) > 3 or sum(o == 3 for o in bonds.values()) > 1:
        return False
    for i in range(len(elements)):  # no two double bonds at one carbon (the known cumulenes are written by hand)
        if sum(o >= 2 for pair, o in bonds.items() if i in pair) > 1:
            return False
    for pair, o in bonds.items():
        if o > 1 and closures:
            others = {p: q for p, q in bonds.items() if p != pair}
            if ring_size(others, len(elements), *pair) <= (4 if o == 2 else 9):
                return False
    # At most two single-bonded oxygens at one carbon: orthoesters and their hydrates only blow up the list.
    return all(sum(elements[b if a == i else a] == "O" and o == 1 for (a, b), o in bonds.items() if i in (a, b)) <= 2 for i in range(len(elements)))


def ring_size(bonds, count, i, j):
    """Atoms in the smallest ring through i and j when their bond is put back; 99 when there is none."""
    seen, level, step = {i}, [i], 1
    while level:
        step += 1
        level = [k for k in {b if a == m else a for m in level for (a, b) in bonds if m in (a, b)} if k not in seen]
        if j in level:
            return step
        seen.update(level)
    return 99


def children(elements, bonds, rings, saturated):
    count = len(elements)
    open_ = [i for i in range(count) if free(elements, bonds, i) > 0]
    for i in open_:
        for e in "CO":
            yield elements + (e,), {**bonds, (i, count): 1}
    for a in open_:
        reach = distance(bonds, count, a)
        for b in open_:
            if a < b:
                if (a, b) in bonds:
                    if not saturated:
                        yield elements, {**bonds, (a, b): bonds[a, b] + 1}
                elif rings and 2 <= reach[b] <= 5:
                    yield elements, {**bonds, (a, b): 1}


def complete(heavy, rings, saturated):
    """Every sensible graph with up to so many heavy atoms."""
    found, level = {}, [(("C",), {}), (("O",), {})]
    while level:
        following = []
        for elements, bonds in level:
            k = key(elements, bonds)
            if k in found:
                continue
            found[k] = (elements, bonds)
            following += [c for c in children(elements, bonds, rings, saturated) if len(c[0]) <= heavy and sensible(*c, rings, saturated)]
        level = following
    return list(found.values())


def grown(heavy, random_):
    while True:
        graph = ("C",), {}
        for _ in range(200):
            options = [c for c in children(*graph, 1, False) if len(c[0]) <= heavy and sensible(*c, 1, False)]
            larger = [c for c in options if len(c[0]) > len(graph[0])]
            other = [c for c in options if len(c[0]) == len(graph[0])]
            carbon = [c for c in larger if c[0][-1] == "C"]
            if len(graph[0]) == heavy and random_.random() < 0.5:
                return graph
            if other and random_.random() < (0.18 if larger else 0.5):
                graph = random_.choice(other)
            elif larger:
                graph = random_.choice(carbon if carbon and random_.random() < 0.72 else larger)
            elif len(graph[0]) == heavy:
                return graph
            else:
                break


def smiles(elements, bonds):
    """Any valid SMILES of the graph; Open Babel makes it canonical."""
    near = {i: [] for i in range(len(elements))}
    for (i, j), o in bonds.items():
        near[i].append((j, o))
        near[j].append((i, o))
    sign, seen, closures, tree = {1: "", 2: "=", 3: "#"}, set(), {}, set()

    def walk(i, parent):
        seen.add(i)
        for j, _ in near[i]:
            if j not in seen:
                tree.add((i, j))
                walk(j, i)
            elif j != parent and (j, i) not in tree and (i, j) not in tree and (j, i) not in closures and (i, j) not in closures:
                closures[i, j] = len(closures) + 1

    def text(i):
        out = elements[i] + "".join(sign[dict(near[i])[b if a == i else a]] * (a == i) + str(n) for (a, b), n in closures.items() if i in (a, b))
        parts = [sign[o] + text(j) for j, o in near[i] if (i, j) in tree]
        return out + "".join(f"({p})" for p in parts[:-1]) + "".join(parts[-1:])

    walk(0, None)
    return text(0)


def canonical(lines):
    done = subprocess.run(["obabel", "-ismi", "-ocan"], input="\n".join(lines) + "\n", text=True, capture_output=True)
    return [line.split()[0] for line in done.stdout.split("\n") if line.strip()]


def group(elements, bonds):
    carbon, oxygen = elements.count("C"), elements.count("O")
    if any(o > 1 for o in bonds.values()) or len(bonds) != len(elements) - 1:
        return "general"
    if (carbon, oxygen) == (5, 1):
        return "target"  # the isomers of C5H12O
    return "core" if (oxygen == 1 and carbon in (3, 4, 6)) or (oxygen == 0 and 4 <= carbon <= 7) else "general"


def main():
    random_ = random.Random(SEED)
    chosen = {}

    def add(graphs):
        for one, graph in zip(canonical([smiles(*g) for g in graphs]), graphs):
            chosen.setdefault(one, group(*graph))

    def chains(oxygens, carbons):
        return [g for g in complete(7, 0, True) if g[0].count("O") in oxygens and g[0].count("C") in carbons]

    add(chains((1,), range(1, 7)))
    add(chains((0,), range(1, 8)))
    add(chains((2,), range(1, 5)))
    add(complete(4, 1, False))
    for one in canonical(BY_HAND.split()):
        chosen.setdefault(one, "general")
    for heavy, wanted in SAMPLED.items():
        before = len(chosen)
        while len(chosen) < before + wanted:
            add([grown(heavy, random_) for _ in range(before + wanted - len(chosen))])
    for one, kind in chosen.items():
        print(one, kind)


if __name__ == "__main__":
    main()
