using System.Globalization;
using System.Text.Json;
using Polymorph.Cli.Shell;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;
using Polymorph.Structures.Symmetry;

namespace Polymorph.Cli.Commands;

/// <summary>The symmetry of one frame, or why there is none.</summary>
/// <param name="Id">Id of the frame, or the place of what could not be read.</param>
/// <param name="Formula">Formula, or null for what could not be read.</param>
/// <param name="Symmetry">Null after a failure.</param>
/// <param name="Cell">The standard cell asked for, or null.</param>
/// <param name="Failure">Code, reason and way out, or null.</param>
internal sealed record SymmetryFrame(string Id, string? Formula, CrystalSymmetry? Symmetry, Structure? Cell, string? Failure)
{
    private const int IdWidth = 28;
    private const int FormulaWidth = 12;
    /// <summary>The symmetry of one entry of a file.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="symprec">Tolerance, Å.</param>
    /// <param name="cell">A standard cell to make, or null.</param>
    /// <exception cref="PolymorphException">PM2801: spglib is missing.</exception>
    public static SymmetryFrame Of(ReadResult entry, double symprec, StandardCell? cell)
    {
        if (entry.Structure is not { } structure)
        {
            return new(entry.Rejection!.Place, null, null, null, entry.Rejection.ToString());
        }

        string formula = structure.Composition.Formula;
        try
        {
            var symmetry = SymmetryFinder.Find(structure, symprec);
            // The unit is made here, on many threads, rather than where lines are written.
            _ = symmetry.AsymmetricUnit;
            var standard = cell switch { null => null, StandardCell.Refined => symmetry.Refined, { } kind => SymmetryFinder.Standardize(structure, kind, symprec) };
            return new(structure.Id, formula, symmetry, standard, null);
        }
        catch (PolymorphException e) when (e.ExitCode == ExitCode.InputData)
        {
            return new(structure.Id, formula, null, null, PolymorphException.OneLine(e.Code, null, e.Reason, e.NextStep));
        }
    }

    /// <summary>The head of the table.</summary>
    public static void WriteHeader(TextWriter output) =>
        output.WriteLine($"{"id",-IdWidth}  {"formula",-FormulaWidth}  {"no.",3}  {"group",-10}  {"point group",-11}  {"operations",10}  {"atoms",6}  {"standard",8}  sites");

    /// <summary>A row of the table.</summary>
    public string Row()
    {
        string head = $"{Id,-IdWidth}  {Formula ?? "-",-FormulaWidth}  ";
        if (Symmetry is not { } s)
        {
            return $"{head}failed: {Failure}";
        }

        string sites = string.Join(' ', s.AsymmetricUnit.Sites.Select(site => string.Create(CultureInfo.InvariantCulture, $"{site.Element}:{site.Multiplicity}{site.Wyckoff}")));
        return string.Create(CultureInfo.InvariantCulture,
            $"{head}{s.Number,3}  {s.International,-10}  {s.PointGroup,-11}  {s.Operations.Length,10}  {s.Structure.AtomCount,6}  {s.Refined.AtomCount,8}  {sites}");
    }

    /// <summary>A line for programs.</summary>
    /// <param name="operations">True to list the operations.</param>
    public string Line(bool operations) => JsonLine.Of(json =>
    {
        json.WriteString("id", Id);
        json.WriteString("formula", Formula);
        if (Symmetry is { } symmetry)
        {
            Write(json, symmetry, operations);
        }
        else
        {
            json.WriteNull("number");
            json.WriteString("error", Failure);
        }
    });

    private static void Write(Utf8JsonWriter json, CrystalSymmetry s, bool operations)
    {
        json.WriteNumber("symprec", s.Symprec);
        json.WriteNumber("number", s.Number);
        json.WriteString("international", s.International);
        json.WriteNumber("hallNumber", s.HallNumber);
        json.WriteString("hall", s.Hall);
        json.WriteString("pointGroup", s.PointGroup);
        json.WriteNumber("operations", s.Operations.Length);
        json.Strings("wyckoff", s.Wyckoff.Select(letter => letter.ToString()));
        json.Strings("siteSymmetries", s.SiteSymmetries);
        json.Numbers("equivalentAtoms", s.EquivalentAtoms.Select(atom => (double)atom));
        if (operations)
        {
            json.Strings("operationsXyz", s.Operations.Select(o => o.ToString()));
        }

        var cell = s.Refined.Lattice!;
        json.WriteStartObject("conventionalCell");
        json.WriteNumber("atoms", s.Refined.AtomCount);
        json.Vector("lengthsA", cell.Lengths);
        json.Vector("anglesDegrees", 180 / Math.PI * cell.Angles);
        json.WriteNumber("volumeA3", cell.Volume);
        json.WriteStartArray("sites");
        foreach (var site in s.AsymmetricUnit.Sites)
        {
            json.WriteStartObject();
            json.WriteString("element", site.Element.Symbol);
            json.WriteString("wyckoff", site.Wyckoff.ToString());
            json.WriteNumber("multiplicity", site.Multiplicity);
            json.Vector("position", site.Position);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
