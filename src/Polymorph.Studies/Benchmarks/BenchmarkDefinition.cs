using Polymorph.Selection.Metrics;

namespace Polymorph.Studies.Benchmarks;

/// <summary>A public benchmark of crystal generation.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Cutoffs">Within which a structure covers another.</param>
/// <param name="EnergyProperty">Property of the records whose distribution is compared, and its unit.</param>
/// <param name="EnergyUnit">Its unit.</param>
/// <remarks>Xie et al., arXiv 2110.06197. In the set carbon-24 every structure has one composition, so that predictions and references cannot be paired by it.</remarks>
public sealed record BenchmarkDefinition(string Name, CoverageCutoffs Cutoffs, string EnergyProperty, string EnergyUnit)
{
    /// <summary>The benchmarks.</summary>
    public static IReadOnlyList<BenchmarkDefinition> All { get; } =
    [
        new("perov-5", CoverageCutoffs.Perov5, "heat_ref", "eV/cell"),
        new("carbon-24", CoverageCutoffs.Perov5, "energy_per_atom", "eV/atom"),
        new("mp-20", CoverageCutoffs.Mp20, "formation_energy_per_atom", "eV/atom"),
    ];

    /// <summary>The benchmark of this name; null when there is none.</summary>
    /// <param name="name">The name.</param>
    public static BenchmarkDefinition? Named(string name) => All.FirstOrDefault(b => b.Name == name);
}
