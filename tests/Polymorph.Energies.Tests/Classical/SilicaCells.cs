using Polymorph.Learning;
using Polymorph.Structures;

namespace Polymorph.Energies.Tests.Classical;

/// Cells of silica from crystallographic data, and what is made of them: 50 in all.
internal static class SilicaCells
{
    private static readonly Element Silicon = Element.Parse("Si");
    private static readonly Element Oxygen = Element.Parse("O");

    /// α-quartz, P3₂21: L. Levien, C. T. Prewitt, D. J. Weidner, Am. Mineral. 65, 920 (1980).
    public static Structure Quartz()
    {
        const double a = 4.916, c = 5.4054, u = 0.4697, x = 0.4135, y = 0.2669, z = 0.1191, third = 1.0 / 3;
        var cell = Lattice.FromParameters(new(a, a, c), new(Math.PI / 2, Math.PI / 2, 2 * Math.PI / 3));
        return Cell(cell,
            [new(u, 0, 0), new(0, u, 2 * third), new(-u, -u, third)],
            [new(x, y, z), new(-y, x - y, z + 2 * third), new(y - x, -x, z + third), new(y, x, 2 * third - z), new(x - y, -y, -z), new(-x, y - x, third - z)]);
    }

    /// α-cristobalite, P4₁2₁2: R. T. Downs, D. C. Palmer, Am. Mineral. 79, 9 (1994).
    public static Structure Cristobalite()
    {
        const double a = 4.9717, c = 6.9223, u = 0.30028, x = 0.2392, y = 0.1044, z = 0.1787;
        return Cell(new Lattice(new(a, 0, 0), new(0, a, 0), new(0, 0, c)),
            [new(u, u, 0), new(-u, -u, 0.5), new(0.5 - u, 0.5 + u, 0.25), new(0.5 + u, 0.5 - u, 0.75)],
            [
                new(x, y, z), new(-x, -y, z + 0.5), new(0.5 - y, 0.5 + x, z + 0.25), new(0.5 + y, 0.5 - x, z + 0.75),
                new(0.5 - x, 0.5 + y, 0.25 - z), new(0.5 + x, 0.5 - y, 0.75 - z), new(y, x, -z), new(-y, -x, 0.5 - z),
            ]);
    }

    /// Stishovite, P4₂/mnm: R. J. Hill, M. D. Newton, G. V. Gibbs, J. Solid State Chem. 47, 185 (1983).
    public static Structure Stishovite()
    {
        const double a = 4.1773, c = 2.6655, x = 0.3061;
        return Cell(new Lattice(new(a, 0, 0), new(0, a, 0), new(0, 0, c)),
            [new(0, 0, 0), new(0.5, 0.5, 0.5)],
            [new(x, x, 0), new(-x, -x, 0), new(0.5 - x, 0.5 + x, 0.5), new(0.5 + x, 0.5 - x, 0.5)]);
    }

    /// Crystals, supercells, rattled, sheared and compressed cells, and atoms at random.
    public static IReadOnlyList<Structure> Fifty()
    {
        var random = new CounterRandom(11, 0).Sequence(0);
        Structure[] crystals = [Quartz(), Cristobalite(), Stishovite()];
        List<Structure> cells = [.. crystals, Quartz().Repeat(2, 1, 1), Quartz().Repeat(1, 3, 2), Cristobalite().Repeat(2, 2, 1), Stishovite().Repeat(1, 2, 3)];
        for (int i = 0; cells.Count < 38; i++)
        {
            var from = crystals[i % 3];
            from = i % 5 == 4 ? from.Repeat(1, 2, 1) : from;
            cells.Add(Deformed(from, strain: 0.03 + 0.09 * (i % 4), rattle: 0.02 + 0.1 * (i % 3), ref random));
        }

        while (cells.Count < 50)
        {
            cells.Add(Random(cells.Count % 2 == 0 ? 2 : 4, ref random));
        }

        return cells;
    }

    private static Structure Cell(Lattice cell, Vector3D[] silicon, Vector3D[] oxygen) => new(
        [.. silicon.Select(_ => Silicon), .. oxygen.Select(_ => Oxygen)], [.. silicon.Concat(oxygen).Select(cell.ToCartesian)], cell);

    private static Structure Deformed(Structure from, double strain, double rattle, ref RandomSequence random)
    {
        var m = new Vector3D[3];
        for (int i = 0; i < 3; i++)
        {
            m[i] = strain * Cube(ref random);
        }

        Vector3D Apply(Vector3D v) => v + new Vector3D(m[0].Dot(v), m[1].Dot(v), m[2].Dot(v));
        var cell = from.Lattice!;
        var positions = new List<Vector3D>();
        foreach (var p in from.Positions)
        {
            positions.Add(Apply(p) + rattle * Cube(ref random));
        }

        return new Structure(from.Species, [.. positions], new Lattice(Apply(cell.A), Apply(cell.B), Apply(cell.C)));
    }

    // Atoms at least 1.1 Å apart in a skewed cell of the density of quartz.
    private static Structure Random(int formulas, ref RandomSequence random)
    {
        double length = Math.Cbrt(38 * formulas);
        var cell = new Lattice(new(length, 0, 0), length * new Vector3D(0.4 * Cube(ref random).X, 1, 0), length * new Vector3D(0.4 * Cube(ref random).X, 0.4 * Cube(ref random).X, 1));
        var species = Enumerable.Repeat(Silicon, formulas).Concat(Enumerable.Repeat(Oxygen, 2 * formulas)).ToList();
        var positions = new List<Vector3D>();
        while (positions.Count < species.Count)
        {
            positions.Add(cell.ToCartesian(0.5 * (Cube(ref random) + new Vector3D(1, 1, 1))));
            var list = NeighborList.Build(positions, cell, Periodicity.Full, 1.1);
            if (list.PairCount > 0)
            {
                positions.RemoveAt(positions.Count - 1);
            }
        }

        return new Structure([.. species], [.. positions], cell);
    }

    // Uniform in [−1, 1]³.
    private static Vector3D Cube(ref RandomSequence random) => new(2 * random.NextDouble() - 1, 2 * random.NextDouble() - 1, 2 * random.NextDouble() - 1);
}
