using System.Globalization;
using Polymorph.Selection.Metrics;
using Polymorph.Studies.Benchmarks;

namespace Polymorph.Cli.Commands;

/// <summary>Prints a comparison with a benchmark: the candidates beside the control arms.</summary>
internal static class BenchmarkReport
{
    public static void Write(TextWriter output, BenchmarkComparison comparison, string? file)
    {
        var (data, arms) = (comparison.Data, comparison.Arms);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{comparison.Definition.Name}: {comparison.References} structures of {data.TestFile.Name}, {data.Known.Length} known ({string.Join(", ", data.KnownFiles.Select(f => f.Name))})"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"match: ltol {comparison.Matching.LengthTolerance}, stol {comparison.Matching.SiteTolerance}, angle {comparison.Matching.AngleToleranceDegrees}; equal: {comparison.Equality.LengthTolerance}, {comparison.Equality.SiteTolerance}, {comparison.Equality.AngleToleranceDegrees}; oxidation states {comparison.OxidationStates}; k = {comparison.PerReference}"));
        output.WriteLine();
        Line(output, "", [.. arms.Select(a => a.Name)]);
        Line(output, "structures", [.. arms.Select(a => a.Rows.Count.ToString(CultureInfo.InvariantCulture))]);
        Share("structurally valid", a => a.StructurallyValid);
        Share("  own images too", a => a.StrictlyValid);
        Share("compositionally valid", a => a.CompositionallyValid);
        Share("valid", a => a.Valid);
        Share("match rate, k = 1", a => a.First?.ValidOnly.Found);
        Value("  RMSE", a => a.First?.ValidOnly.Rmse);
        Value("  cRMSE", a => a.First?.ValidOnly.CappedRmse);
        Share("  invalid ones too", a => a.First?.All.Found);
        Value("  RMSE", a => a.First?.All.Rmse);
        if (comparison.PerReference > 1)
        {
            Share(string.Create(CultureInfo.InvariantCulture, $"match rate, k = {comparison.PerReference}"), a => a.Best?.ValidOnly.Found);
            Value("  RMSE", a => a.Best?.ValidOnly.Rmse);
        }

        Share("METRe", a => a.Everyone.ValidOnly.Found);
        Value("  RMSE", a => a.Everyone.ValidOnly.Rmse);
        Value("  cRMSE", a => a.Everyone.ValidOnly.CappedRmse);
        Share("COV-R", a => a.Coverage.Recall);
        Share("COV-P", a => a.Coverage.Precision);
        Value("AMSD-R", a => a.Coverage.StructureRecall);
        Value("AMSD-P", a => a.Coverage.StructurePrecision);
        Value("AMCD-R", a => a.Coverage.CompositionRecall);
        Value("AMCD-P", a => a.Coverage.CompositionPrecision);
        Value("density, g/cm3 (W1)", a => a.Properties.Density);
        Value("elements (W1)", a => a.Properties.ElementCount);
        Value("atoms (W1)", a => a.Properties.AtomCount);
        Value("volume fraction (W1)", a => a.Properties.VolumeFraction);
        Value("coordination (W1)", a => a.Properties.Coordination);
        Value($"energy, {comparison.Definition.EnergyUnit} (W1)", a => a.Properties.Energy);
        Value("space groups (TV)", a => a.Properties.SpaceGroups);
        Value("diversity, structure", a => a.Properties.StructureDiversity);
        Value("diversity, composition", a => a.Properties.CompositionDiversity);
        Share("unique", a => a.Unique);
        Share("novel", a => a.Novel);
        Share("in the known set", a => a.Leaked);
        foreach (var threshold in arms.SelectMany(a => a.Stability).Select(s => s.Threshold).Distinct())
        {
            Share(string.Create(CultureInfo.InvariantCulture, $"stable (<= {threshold} eV)"), a => a.Stability.FirstOrDefault(s => s.Threshold == threshold)?.Stable);
            Share("  unique and novel", a => a.Stability.FirstOrDefault(s => s.Threshold == threshold)?.StableUniqueNovel);
        }

        if (arms.Any(a => a.Optimisation is not null))
        {
            Share("starts below 5 %", a => a.Optimisation?.Five);
            Share("  10 %", a => a.Optimisation?.Ten);
            Share("  15 %", a => a.Optimisation?.Fifteen);
        }

        if (arms.Any(a => a.RelaxationRmsd is not null))
        {
            Value("relaxation RMSD, A", a => a.RelaxationRmsd);
            Share("  given by", a => a.Relaxed);
        }

        output.WriteLine();
        output.WriteLine("Shares are followed by their 95 % intervals and counts. Where nothing else is said, structures that the benchmark calls invalid count as misses.");
        if (file is not null)
        {
            output.WriteLine($"Every structure has a row in {file}.");
        }

        void Share(string name, Func<BenchmarkArm, Rate?> rate) => Line(output, name, [.. arms.Select(a => Text(rate(a)))]);
        void Value(string name, Func<BenchmarkArm, double?> value) => Line(output, name,
            [.. arms.Select(a => value(a) is { } v && double.IsFinite(v) ? v.ToString("F4", CultureInfo.InvariantCulture) : "-")]);
    }

    private static string Text(Rate? rate) => rate is not { Total: > 0 } r ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{100 * r.Value:F1} % ({100 * r.Lower:F1}-{100 * r.Upper:F1}) {r.Count}/{r.Total}");

    private static void Line(TextWriter output, string name, IReadOnlyList<string> cells) => output.WriteLine($"{name,-24}{string.Concat(cells.Select(c => $"  {c,-32}"))}".TrimEnd());
}
