namespace Polymorph.Screening.Pourbaix;

/// <summary>Choices that change the numbers of a Pourbaix diagram; every output names them.</summary>
public sealed record PourbaixOptions
{
    /// <summary>Concentration of dissolved species, mol/kg.</summary>
    public double Concentration { get; init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Concentration), value, "must be above zero"); } = 1e-6;

    /// <summary>Whether to keep only the solids on the hull of metals, hydrogen and oxygen, with oxygen at +2.46 eV.</summary>
    public bool FilterSolids { get; init; } = true;
}
