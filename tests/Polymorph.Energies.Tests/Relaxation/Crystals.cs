using System.Collections.Immutable;
using Polymorph.Learning;
using Polymorph.Structures;

namespace Polymorph.Energies.Tests.Relaxation;

/// <summary>Crystals of known symmetry (operations: International Tables for Crystallography A) and noise.</summary>
internal static class Crystals
{
    /// <summary>Alpha quartz, P3₂21 (154): 6 operations.</summary>
    public static Structure Quartz => Build(
        Lattice.FromParameters(new(4.913, 4.913, 5.405), new(Math.PI / 2, Math.PI / 2, 2 * Math.PI / 3)),
        [
            f => f, f => new(-f.Y, f.X - f.Y, f.Z + 2.0 / 3), f => new(f.Y - f.X, -f.X, f.Z + 1.0 / 3),
            f => new(f.Y, f.X, -f.Z), f => new(f.X - f.Y, -f.Y, 1.0 / 3 - f.Z), f => new(-f.X, f.Y - f.X, 2.0 / 3 - f.Z),
        ],
        ("Si", new(0.4697, 0, 2.0 / 3)), ("O", new(0.4135, 0.2669, 0.1191 + 2.0 / 3)));

    /// <summary>Alpha cristobalite, P4₁2₁2 (92): 8 operations.</summary>
    public static Structure Cristobalite => Build(
        new(new(4.971, 0, 0), new(0, 4.971, 0), new(0, 0, 6.928)),
        [
            f => f, f => new(-f.X, -f.Y, f.Z + 0.5), f => new(0.5 - f.Y, f.X + 0.5, f.Z + 0.25), f => new(f.Y + 0.5, 0.5 - f.X, f.Z + 0.75),
            f => new(0.5 - f.X, f.Y + 0.5, 0.25 - f.Z), f => new(f.X + 0.5, 0.5 - f.Y, 0.75 - f.Z), f => new(f.Y, f.X, -f.Z), f => new(-f.Y, -f.X, 0.5 - f.Z),
        ],
        ("Si", new(0.3003, 0.3003, 0)), ("O", new(0.2392, 0.1044, 0.1787)));

    /// <summary>Face-centred cubic argon in its cubic cell: 48 · 4 operations.</summary>
    public static Structure Argon(double edge) => Fractional(Lattice.Cubic(edge), "Ar4", (0, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5));

    public static Structure Fractional(Lattice lattice, string formula, params (double X, double Y, double Z)[] fractional) =>
        new([.. Composition.ParseSpecies(formula)], [.. fractional.Select(f => lattice.ToCartesian(new(f.X, f.Y, f.Z)))], lattice);

    public static Structure Molecule(string formula, params (double X, double Y, double Z)[] positions) =>
        new([.. Composition.ParseSpecies(formula)], [.. positions.Select(p => new Vector3D(p.X, p.Y, p.Z))]);

    /// <summary>Normal noise on every coordinate.</summary>
    public static Structure Rattle(Structure structure, double deviation, ulong seed)
    {
        var random = new CounterRandom(seed, 0).Sequence(0);
        double Normal() => deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return structure.WithPositions([.. structure.Positions.Select(p => p + new Vector3D(Normal(), Normal(), Normal()))]);
    }

    /// <summary>The cell and everything in it under a linear map given by its columns.</summary>
    public static Structure Deform(Structure structure, Func<Vector3D, Vector3D> map)
    {
        var h = structure.Lattice!;
        return new(structure.Species, [.. structure.Positions.Select(map)], new Lattice(map(h.A), map(h.B), map(h.C)), structure.Periodicity);
    }

    private static Structure Build(Lattice lattice, Func<Vector3D, Vector3D>[] operations, params (string Element, Vector3D Position)[] sites)
    {
        var atoms = new List<(Element Element, Vector3D Position)>();
        foreach (var (element, position) in sites)
        {
            foreach (var image in operations.Select(o => o(position)))
            {
                if (!atoms.Any(a => lattice.ToCartesian(Nearest(a.Position - image)).Length < 0.01))
                {
                    atoms.Add((Element.Parse(element), image));
                }
            }
        }

        return new([.. atoms.Select(a => a.Element)], [.. atoms.Select(a => lattice.ToCartesian(a.Position))], lattice);
    }

    private static Vector3D Nearest(Vector3D f) => new(f.X - Math.Round(f.X), f.Y - Math.Round(f.Y), f.Z - Math.Round(f.Z));
}
