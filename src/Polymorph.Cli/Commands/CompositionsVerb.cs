using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Representations.CrystalImages;
using Polymorph.Selection.Compositions;
using Polymorph.Studies.CrystalGan;

namespace Polymorph.Cli.Commands;

/// <summary>Lists compositions that a Crystal GAN can be asked for.</summary>
internal sealed class CompositionsVerb : Verb
{
    private readonly Argument<string?> _data = new("DATA") { Description = "A prepared training set or a run folder: gives elements and caps, and marks what is known.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _elements = new("--elements") { Description = $"Elements with caps, such as Mg=8,Mn=8,O=12, or {string.Join(" or ", CrystalImageLayout.Presets)}; instead of DATA.", HelpName = "caps" };
    private readonly Option<string[]> _states = new("--oxidation-state") { Description = "Oxidation state or range of an element, such as Mn=2..4; others have their usual one. May be repeated.", HelpName = "state", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int?> _maxAtoms = NumberOption.Of("--max-atoms", "Most atoms of a cell.", 1, 10_000);
    private readonly Option<bool> _cells = new("--cells") { Description = "List every cell instead of reduced formulas." };

    public CompositionsVerb()
        : base("compositions", "List the compositions within the caps whose oxidation states can add up to zero.",
            "polymorph compositions --elements mg-mn-o --oxidation-state Mn=2..4 --max-atoms 20",
            "polymorph compositions prepared --oxidation-state Mn=2..4 --cells")
    {
        Add(_data);
        Add(_elements);
        Add(_states);
        Add(_maxAtoms);
        Add(_cells);
    }

    /// <inheritdoc/>
    public override ExitCode Run(Invocation call)
    {
        var data = call.Value(_data) is { } folder ? CrystalGanRun.DataOf(folder) : null;
        var layout = call.Value(_elements) is { } elements ? CrystalImageLayout.Parse(elements)
            : data?.Layout ?? throw new PolymorphException("PM1010", "neither a training set nor elements are given.", null, "Name a prepared folder, or --elements mg-mn-o.", ExitCode.Usage);
        OxidationRange[] states = [.. (call.Value(_states) ?? []).SelectMany(s => s.Split(',', StringSplitOptions.TrimEntries)).Select(OxidationRange.Parse)];
        var cells = CandidateCompositions.List(layout, states, call.Value(_maxAtoms) ?? int.MaxValue);
        var known = data is null || data.Layout != layout ? null : data.Compositions().ToHashSet(CountsComparer.Instance);
        var rows = call.Value(_cells)
            ? cells.Select(c => new Row(c, 1, known?.Contains(c))).ToList()
            : [.. cells.GroupBy(CellCompositions.Reduced, CountsComparer.Instance).Select(g => new Row(g.Key, g.Count(), known is null ? null : g.Any(known.Contains)))];
        var document = new JsonObject
        {
            ["elements"] = layout.ToString(),
            ["cells"] = cells.Count,
            ["formulas"] = cells.Select(CellCompositions.Reduced).Distinct(CountsComparer.Instance).Count(),
            ["compositions"] = new JsonArray([.. rows.Select(r => (JsonNode)new JsonObject
            {
                ["composition"] = CellCompositions.Formula(r.Counts, layout), ["counts"] = new JsonArray([.. r.Counts.Select(n => (JsonNode)n)]), ["cells"] = r.Cells, ["known"] = r.IsKnown,
            })]),
        };
        call.Result("polymorph.compositions/1", document, output =>
        {
            output.WriteLine(string.Join(',', ["composition", .. layout.Blocks.Select(b => b.Element.Symbol), "cells", "known"]));
            foreach (var row in rows)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{CellCompositions.Formula(row.Counts, layout)},{string.Join(',', row.Counts)},{row.Cells},{(row.IsKnown is null ? "" : row.IsKnown.Value ? "yes" : "no")}"));
            }
        });
        call.Note(string.Create(CultureInfo.InvariantCulture, $"{cells.Count} cells of {document["formulas"]} reduced formulas{(known is null ? "" : $"; {rows.Count(r => r.IsKnown == true)} of the {rows.Count} lines are in the training set")}."));
        return cells.Count > 0 ? ExitCode.Done : ExitCode.NothingSurvived;
    }

    private sealed record Row(ImmutableArray<int> Counts, int Cells, bool? IsKnown);
}
