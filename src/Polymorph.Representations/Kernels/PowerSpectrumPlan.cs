using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;

namespace Polymorph.Representations.Kernels;

/// <summary>Everything about a batch of like structures that does not depend on positions. Lengths are in units of the cutoff radius.</summary>
internal sealed class PowerSpectrumPlan
{
    public PowerSpectrumPlan(PowerSpectrumOptions options, ReadOnlySpan<int> types, int typeCount, Lattice? cell, Periodicity periodicity)
    {
        Options = options;
        Types = types.ToArray();
        TypeCount = typeCount;
        // The stable sort by type makes the neighbours of one type a contiguous range of candidates.
        AtomOrder = [.. Enumerable.Range(0, Types.Length).OrderBy(a => Types[a])];
        if (cell is not null && periodicity.Any)
        {
            var frame = new PeriodicFrame(cell, periodicity);
            Images = frame.NearImages(options.CutoffRadius);
            Repeats = frame.Repeats;
            var reciprocal = frame.Cell.Reciprocal;
            CellRows = Scaled([frame.Cell.A, frame.Cell.B, frame.Cell.C], 1 / options.CutoffRadius);
            ReciprocalRows = Scaled([reciprocal.A, reciprocal.B, reciprocal.C], options.CutoffRadius);
        }

        ImageCount = Images[0] * Images[1] * Images[2];
        CandidateCount = Types.Length * ImageCount;
        CandidateAtom = [.. AtomOrder.SelectMany(a => Enumerable.Repeat(a, ImageCount))];
        CandidateRank = [.. Enumerable.Range(0, CandidateCount).Select(c => c % ImageCount * Types.Length + CandidateAtom[c])];
        TypeStart = [.. Enumerable.Range(0, typeCount + 1).Select(type => Types.Count(t => t < type) * ImageCount)];
        CandidateOfAtom = new int[Types.Length];
        for (int k = 0; k < AtomOrder.Length; k++)
        {
            CandidateOfAtom[AtomOrder[k]] = k * ImageCount;
        }

        Order = options.MaximumOrder;
        HarmonicCount = (Order + 1) * (Order + 1);
        FunctionOrder = [.. Enumerable.Range(0, Order + 1).SelectMany(l => Enumerable.Repeat(l, Order - l + 1))];
        ExpansionStart = [0, .. FunctionOrder.Select((_, f) => FunctionOrder.Take(f + 1).Sum(l => 2 * l + 1))];
        Harmonics = new SolidHarmonicTables(Order);
    }

    public PowerSpectrumOptions Options { get; }

    /// <summary>Type of each atom.</summary>
    public int[] Types { get; }

    public int TypeCount { get; }

    /// <summary>Atoms sorted by type.</summary>
    public int[] AtomOrder { get; }

    public bool Periodic => CellRows is not null;

    /// <summary>Images to visit along each axis.</summary>
    public int[] Images { get; } = [1, 1, 1];

    public int ImageCount { get; }

    public bool[] Repeats { get; } = [false, false, false];

    /// <summary>Lattice vectors, [3 × 3]; null for molecules.</summary>
    public float[]? CellRows { get; }

    /// <summary>Reciprocal vectors, [3 × 3]; null for molecules.</summary>
    public float[]? ReciprocalRows { get; }

    /// <summary>Candidates of one centre: every image of every atom, itself included; sorted by type, then atom, then image.</summary>
    public int CandidateCount { get; }

    public int[] CandidateAtom { get; }

    /// <summary>Position of a candidate in the order that decides ties: images outermost, then atoms.</summary>
    public int[] CandidateRank { get; }

    /// <summary>First candidate of each type; the last entry is the number of candidates.</summary>
    public int[] TypeStart { get; }

    /// <summary>First candidate (nearest image) of each atom.</summary>
    public int[] CandidateOfAtom { get; }

    /// <summary>n_max.</summary>
    public int Order { get; }

    public int HarmonicCount { get; }

    public int FunctionCount => FunctionOrder.Length;

    /// <summary>l of each radial function.</summary>
    public int[] FunctionOrder { get; }

    /// <summary>First of the 2l + 1 expansion coefficients of each radial function; the last entry is their number.</summary>
    public int[] ExpansionStart { get; }

    public int ExpansionCount => ExpansionStart[^1];

    public SolidHarmonicTables Harmonics { get; }

    private static float[] Scaled(Vector3D[] rows, double factor) =>
        [.. rows.SelectMany(v => new[] { (float)(v.X * factor), (float)(v.Y * factor), (float)(v.Z * factor) })];
}
