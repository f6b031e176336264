using Polymorph.Foundation;
using Polymorph.Selection.Metrics;
using Polymorph.Structures;

namespace Polymorph.Studies.Benchmarks;

/// <summary>A public benchmark of crystal generation.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Cutoffs">Within which a structure covers another.</param>
/// <param name="EnergyProperty">Property of the records whose distribution is compared, and its unit.</param>
/// <param name="EnergyUnit">Its unit.</param>
/// <remarks>Xie et al., arXiv 2110.06197. In the set carbon-24 every structure has one composition, so that predictions and references cannot be paired by it.</remarks>
public sealed record BenchmarkDefinition(string Name, CoverageCutoffs Cutoffs, string EnergyProperty, string EnergyUnit)
{
    /// <summary>The 5, 10 and 15 % percentiles of the energy in the published training split, in its unit.</summary>
    public required (double Five, double Ten, double Fifteen) EnergyPercentiles { get; init; }

    /// <summary>The benchmarks.</summary>
    public static IReadOnlyList<BenchmarkDefinition> All { get; } =
    [
        new("perov-5", CoverageCutoffs.Perov5, "heat_ref", "eV/cell") { EnergyPercentiles = (0.4392, 0.6120, 0.7365) },
        new("carbon-24", CoverageCutoffs.Perov5, "energy_per_atom", "eV/atom") { EnergyPercentiles = (-154.5271, -154.4587, -154.4421) },
        new("mp-20", CoverageCutoffs.Mp20, "formation_energy_per_atom", "eV/atom") { EnergyPercentiles = (-3.1756, -2.8220, -2.5281) },
    ];

    /// <summary>Refuses records that carry the energy of another benchmark.</summary>
    /// <param name="records">Records of a data folder.</param>
    /// <param name="folder">The folder.</param>
    /// <exception cref="PolymorphException">PM7040: the data are of another benchmark.</exception>
    public void ThrowIfAnother(IEnumerable<Structure> records, string folder)
    {
        if (records.FirstOrDefault() is { } record && !record.Properties.ContainsKey(EnergyProperty)
            && All.FirstOrDefault(b => record.Properties.ContainsKey(b.EnergyProperty)) is { } other)
        {
            throw new PolymorphException("PM7040", $"these are data of {other.Name}: they carry '{other.EnergyProperty}' and not '{EnergyProperty}'", folder, $"Name the folder of {Name}, or --benchmark {other.Name}.");
        }
    }

    /// <summary>The benchmark of this name; null when there is none.</summary>
    /// <param name="name">The name.</param>
    public static BenchmarkDefinition? Named(string name) => All.FirstOrDefault(b => b.Name == name);
}
