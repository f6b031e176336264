using Polymorph.Selection.Metrics;

namespace Polymorph.Screening.Chemistry;

/// <summary>Lists of oxidation states for the balance of charges; results differ between lists, so every output names its own.</summary>
public static class OxidationLists
{
    private static readonly Lazy<OxidationTable> Met = new(() =>
    {
        using var reader = new StreamReader(typeof(OxidationLists).Assembly.GetManifestResourceStream("oxidation-states-icsd.csv")!);
        return OxidationTable.Read(reader, "icsd");
    });

    /// <summary>States met in the ICSD, as pymatgen 2022.11.7 lists them: fewer rare ones than <see cref="OxidationTable.Smact2014"/>.</summary>
    public static OxidationTable Icsd => Met.Value;
}
