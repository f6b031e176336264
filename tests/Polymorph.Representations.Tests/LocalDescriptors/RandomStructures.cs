using Polymorph.Learning;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;

namespace Polymorph.Representations.Tests.LocalDescriptors;

/// <summary>Seeded structures without ties: no two distances that decide a truncation are closer than 1e-3 Å, no two atoms closer than 0.7 Å.</summary>
internal sealed class RandomStructures(ulong seed)
{
    private static readonly Element[] Elements = [Element.Parse("H"), Element.Parse("C"), Element.Parse("O")];

    private RandomSequence _random = new CounterRandom(seed, 77).Sequence(0);

    public static int[] Types(Structure structure) => [.. structure.Species.Select(e => Array.IndexOf(Elements, e))];

    public int Index(int count) => _random.NextIndex(count);

    public double Uniform(double low, double high) => low + (high - low) * _random.NextDouble();

    public Structure Molecule(int atoms, PowerSpectrumOptions options) => Create(atoms, () => Lattice.Cubic(2.2 * Math.Cbrt(atoms)), Periodicity.None, options);

    /// <summary>A skewed cell, periodic along the given axes. Its own images come in pairs at equal distances, so one atom alone hardly ever does without ties.</summary>
    public Structure Crystal(int atoms, Periodicity periodicity, PowerSpectrumOptions options)
    {
        double edge = 2.2 * Math.Cbrt(atoms);
        return Create(atoms, () => new Lattice(Row(0), Row(1), Row(2)), periodicity, options);

        Vector3D Row(int axis) => new(Entry(axis == 0), Entry(axis == 1), Entry(axis == 2));

        double Entry(bool diagonal) => diagonal ? edge * Uniform(0.8, 1.2) : 0.3 * edge * Uniform(-1, 1);
    }

    /// <summary>A proper rotation about a random axis.</summary>
    public Func<Vector3D, Vector3D> Rotation()
    {
        var axis = new Vector3D(_random.NextNormal(), _random.NextNormal(), _random.NextNormal());
        axis *= 1 / axis.Length;
        var (sine, cosine) = Math.SinCos(Uniform(0.3, 3));
        return v => cosine * v + sine * axis.Cross(v) + (1 - cosine) * axis.Dot(v) * axis;
    }

    private Structure Create(int atoms, Func<Lattice> cell, Periodicity periodicity, PowerSpectrumOptions options)
    {
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            var lattice = cell();
            var positions = new Vector3D[atoms];
            for (int i = 0; i < atoms; i++)
            {
                positions[i] = lattice.ToCartesian(new(_random.NextDouble(), _random.NextDouble(), _random.NextDouble()));
            }

            var structure = new Structure(
                [.. Enumerable.Range(0, atoms).Select(i => Elements[(i * 7 + i / 3) % 3])], [.. positions], periodicity.Any ? lattice : null, periodicity);
            if (Neighbourhood.BySupercell(structure, options with { NeighbourCount = 10_000 }).All(list => Clear(list, options)))
            {
                return structure;
            }
        }

        throw new InvalidOperationException("no structure without ties was found");
    }

    private static bool Clear(NeighbourOffset[] list, PowerSpectrumOptions options)
    {
        int n = options.NeighbourCount;
        return (list.Length == 0 || list[0].Offset.Length > 0.7)
            && (list.Length <= n || list[n - 1].Offset.Length > options.CutoffRadius || list[n].Offset.Length - list[n - 1].Offset.Length > 1e-3);
    }
}
