using System.Globalization;
using Polymorph.Representations.CrystalImages;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Hull;
using Polymorph.Selection.Compositions;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Matching;
using Polymorph.Studies.CrystalGan;

namespace Polymorph.Benchmarks;

/// <summary>The Mg-Mn-O study: relaxed crystals of the Crystal GAN beside random ones that passed the same filters.</summary>
/// <remarks>The steps between are the program's own verbs: <c>data prepare</c>, <c>train</c>, <c>generate</c>, <c>relax</c>; <c>docs/studies.md</c> has all commands.</remarks>
internal static class MgMnOStudy
{
    private const double Metastable = 0.200;
    private const double Synthesisable = 0.080;

    /// <summary>Arguments: <c>label STRUCTURES FOLDER OUT</c> gives the structures the energies above the hull of their relaxed forms in the folder; <c>random PREPARED OUT COUNT CELL...</c> writes
    /// <c>random-CELL.extxyz</c>; <c>table PREPARED FOLDER CELL...</c> prints what the relaxed files of the folder hold.</summary>
    public static void Run(string[] arguments)
    {
        if (arguments[0] == "label")
        {
            Label(arguments[1], arguments[2], arguments[3]);
            return;
        }

        var prepared = PreparedSet.Read(arguments[1]);
        if (arguments[0] == "random")
        {
            Sample(prepared, arguments[2], int.Parse(arguments[3], CultureInfo.InvariantCulture), arguments[4..]);
        }
        else
        {
            Table(prepared, arguments[2], arguments[3..]);
        }
    }

    private static void Label(string structures, string folder, string output)
    {
        var hull = new ConvexHull(new ReferenceSet(References(folder).Select((s, i) => Entry(s, $"reference-{i}"))));
        string[] files = ["relaxed-parents.extxyz", "relaxed-held-out.extxyz"];
        var energies = files.SelectMany(f => Relaxed(Path.Combine(folder, f))).ToDictionary(s => (string)s.Properties["structure_id"], s => hull.EnergyAbove(Entry(s, "labelled")));
        StructureWriter.Write(output, Relaxed(structures).Select(s => energies.TryGetValue((string)s.Properties["structure_id"], out double energy) ? s.WithProperty("energy_above_hull", energy) : s));
        Console.WriteLine($"{energies.Count} energies above the hull");
    }

    private static void Sample(PreparedSet prepared, string folder, int count, string[] cells)
    {
        var limits = SampleLimits.Of(prepared.Statistics);
        var images = new RandomImages(prepared.Layout, [.. prepared.Training.Select(s => s.Lattice!.Volume / s.AtomCount)], limits, seed: 1);
        foreach (string cell in cells)
        {
            var options = new SamplingOptions { Cells = [CellCompositions.OfCell(cell, prepared.Layout)], Count = count, Presence = PresenceRule.Mask, Limits = limits, Known = prepared.Training, Threads = Environment.ProcessorCount };
            var result = new CompositionSampler(images, options).Run();
            StructureWriter.Write(Path.Combine(folder, $"random-{cell}.extxyz"), result.Structures.Select((s, i) => s.WithId($"random-{cell}-{i}")));
            Console.WriteLine($"{cell}: {result.Structures.Length} of {result.Draws} draws");
        }
    }

    // The hull: the relaxed training crystals, elements and binaries (files reference*.extxyz); the crystals set aside are not part of it.
    private static void Table(PreparedSet prepared, string folder, string[] cells)
    {
        var references = References(folder);
        var hull = new ConvexHull(new ReferenceSet(references.Select((s, i) => Entry(s, $"reference-{i}"))));
        var matcher = new StructureMatcher(new MatchOptions());
        var heldOut = Relaxed(Path.Combine(folder, "relaxed-held-out.extxyz"));
        Console.WriteLine("cell | crystals | relaxed | distinct | lowest above the hull, meV/atom | median | distinct within 200 | within 80 | held-out crystals found | training crystals found | force evaluations, median");
        foreach (string arm in new[] { "gan", "random" })
        {
            foreach (string cell in cells)
            {
                string name = $"{arm}-{cell}";
                int sampled = StructureReader.ReadStrict(Path.Combine(folder, name + ".extxyz"), new ReadOptions { MinDistance = 0 }).Count;
                var relaxed = Relaxed(Path.Combine(folder, name + ".relaxed.extxyz"));
                string formula = Formula(relaxed[0]);
                var crystals = relaxed.Select(matcher.Prepare).ToList();
                var leaders = StructureGrouping.Group(crystals, matcher, Environment.ProcessorCount).Members().Select(m => m.Min(i => hull.EnergyAbove(Entry(relaxed[i], name)))).ToList();
                var above = relaxed.Select(s => 1e3 * hull.EnergyAbove(Entry(s, name))).Order().ToList();
                var evaluations = relaxed.Select(s => (long)s.Properties["force_evaluations"]).Order().ToList();
                var (known, old) = (Found(heldOut), Found(references));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{name} | {sampled} | {relaxed.Count} | {leaders.Count} | {above[0]:F0} | {above[above.Count / 2]:F0} | {leaders.Count(e => e <= Metastable)} | {leaders.Count(e => e <= Synthesisable)} | {known} | {old} | {evaluations[evaluations.Count / 2]}"));

                string Found(IEnumerable<Structure> among)
                {
                    var targets = among.Where(s => Formula(s) == formula).Select(matcher.Prepare).ToList();
                    var distinct = StructureGrouping.Group(targets, matcher).Members().Select(m => targets[m[0]]).ToList();
                    return $"{distinct.Count(t => crystals.Exists(c => matcher.Fits(t, c) == MatchVerdict.Match))} of {distinct.Count}";
                }
            }
        }
    }

    private static List<Structure> References(string folder) =>
        [.. Directory.GetFiles(folder, "reference*.extxyz").Append(Path.Combine(folder, "relaxed-parents.extxyz")).Order(StringComparer.Ordinal).SelectMany(Relaxed)];

    private static List<Structure> Relaxed(string file) => [.. StructureReader.ReadStrict(file, new ReadOptions { MinDistance = 0 })];

    private static string Formula(Structure s) => new ElementAmounts(s.Composition).ReducedFormula;

    private static HullEntry Entry(Structure s, string id) => new(id, new ElementAmounts(s.Composition), (double)s.Properties["energy"], "tensornet");
}
