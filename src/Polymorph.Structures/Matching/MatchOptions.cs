using System.Runtime.CompilerServices;

namespace Polymorph.Structures.Matching;

/// <summary>Tolerances of a structure matcher. Defaults: those of pymatgen's StructureMatcher (Ong et al., Comput. Mater. Sci. 68 (2013) 314).</summary>
public sealed record MatchOptions
{
    /// <summary>The wider tolerances of the crystal structure prediction benchmarks: lengths 0.3, sites 0.5, angles 10 degrees (CDVAE, arXiv 2110.06197).</summary>
    public static MatchOptions Benchmark { get; } = new() { LengthTolerance = 0.3, SiteTolerance = 0.5, AngleToleranceDegrees = 10 };

    /// <summary>Lengths l and m are alike when m/(1+t) &lt; l &lt; m(1+t); dimensionless, 0 to 10.</summary>
    public double LengthTolerance { get; init => field = Within(value, 10); } = 0.2;

    /// <summary>Largest distance of two sites that are taken for one, as a share of (V/N)^(1/3); dimensionless, 0 to 10.</summary>
    public double SiteTolerance { get; init => field = Within(value, 10); } = 0.3;

    /// <summary>Largest difference of two cell angles, degrees, 0 to 180.</summary>
    public double AngleToleranceDegrees
    {
        get;
        init
        {
            field = Within(value, 180);
            (SineOfAngleTolerance, CosineOfAngleTolerance) = Math.SinCos(value * (Math.PI / 180));
        }
    } = 5;

    /// <summary>Compare primitive cells, found with a tolerance of 0.25 Å, instead of the cells given.</summary>
    public bool PrimitiveCell { get; init; } = true;

    /// <summary>Bring both crystals to the same volume before they are compared.</summary>
    public bool Scale { get; init; } = true;

    /// <summary>Multiply the smaller cell when the numbers of sites differ; of use without <see cref="PrimitiveCell"/>.</summary>
    public bool AttemptSupercell { get; init; }

    /// <summary>Elementary steps (a nanosecond or two each) after which a pair is left undecided.</summary>
    public long WorkLimit { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(WorkLimit), value, "must be positive"); } = 4_000_000_000;

    internal double CosineOfAngleTolerance { get; private init; } = Math.Cos(5 * (Math.PI / 180));

    internal double SineOfAngleTolerance { get; private init; } = Math.Sin(5 * (Math.PI / 180));

    private static double Within(double value, double most, [CallerMemberName] string name = "") =>
        value >= 0 && value <= most ? value : throw new ArgumentOutOfRangeException(name, value, $"expected 0 to {most}");
}
