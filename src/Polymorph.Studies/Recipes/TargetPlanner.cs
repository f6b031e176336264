using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Studies.Recipes;

/// <summary>Makes the task from the section <c>target</c>, and writes back what it had to decide.</summary>
internal static class TargetPlanner
{
    private const int AtomsOfPublishedBox = 18;

    private static readonly Vector3D PublishedBox = new(8, 7, 6);

    /// <summary>The task of a plan.</summary>
    /// <param name="values">Values of the plan; the box or cell that was decided is set in them.</param>
    /// <exception cref="PolymorphException">PM7112, PM7115: values contradict each other or one is missing; those of structure files and of <see cref="LoGanTask"/>.</exception>
    public static LoGanTask Build(RecipeValues values)
    {
        var from = values.Text(RecipeKeys.CellFrom) is { } file ? First(file) : null;
        if (from is not null && values.Has(RecipeKeys.Cell))
        {
            throw Conflict(values, RecipeKeys.CellFrom, "'cell' and 'cell_from' exclude each other", "Keep one of them.");
        }

        if (values.Has(RecipeKeys.Symmetry) && !(values.Has(RecipeKeys.Formula) && (values.Has(RecipeKeys.Cell) || from is not null) && !values.Has(RecipeKeys.Slab) && !values.Has(RecipeKeys.Substrate)))
        {
            throw Conflict(values, RecipeKeys.Symmetry, "'symmetry' needs a crystal's cell and the formula of its asymmetric unit, and no slab or substrate", RecipeKeys.Symmetry.Description);
        }

        if (!values.Has(RecipeKeys.Formula))
        {
            string formula = from?.Composition.Formula
                ?? throw Conflict(values, RecipeKeys.Formula, "no formula is given", "Say what to generate with 'target: {formula: C5H12O}' in the recipe or --formula C5H12O.");
            values.Set(RecipeKeys.Formula, [formula], values.Place(RecipeKeys.CellFrom));
        }

        if (from is not null)
        {
            var cell = from.Lattice ?? throw Conflict(values, RecipeKeys.CellFrom, "the structure has no cell", "Name a crystal's file.");
            values.Set(RecipeKeys.Cell, [.. new[] { cell.A, cell.B, cell.C }.SelectMany(v => new[] { v.X, v.Y, v.Z }).Select(Text)], values.Place(RecipeKeys.CellFrom));
            values.Remove(RecipeKeys.CellFrom);
        }

        string species = values.Text(RecipeKeys.Formula)!;
        return values.Has(RecipeKeys.Substrate) ? OnSubstrate(values, species) : values.Has(RecipeKeys.Cell) ? InCell(values, species) : InBox(values, species);
    }

    private static LoGanTask InBox(RecipeValues values, string formula)
    {
        if (values.Has(RecipeKeys.Slab) || values.Has(RecipeKeys.Origin))
        {
            var key = values.Has(RecipeKeys.Slab) ? RecipeKeys.Slab : RecipeKeys.Origin;
            throw Conflict(values, key, $"'{key.Name}' needs a {(key == RecipeKeys.Slab ? "cell" : "substrate")}", key.Description);
        }

        if (!values.Has(RecipeKeys.Box))
        {
            // The published box, scaled to the same volume per atom.
            double scale = Math.Cbrt((double)LoGanTask.Molecule(formula, new Vector3D(1000, 1000, 1000)).Assembly.Species.Length / AtomsOfPublishedBox);
            values.Set(RecipeKeys.Box, [.. new[] { PublishedBox.X, PublishedBox.Y, PublishedBox.Z }.Select(edge => Text(Math.Round(scale * edge, 2)))], RecipeKeys.Box.FullName);
        }

        return At(values, RecipeKeys.Box, () => LoGanTask.Molecule(formula, Box(values)));
    }

    private static LoGanTask InCell(RecipeValues values, string formula)
    {
        if (values.Has(RecipeKeys.Box))
        {
            throw Conflict(values, RecipeKeys.Box, "'box' is for molecules and 'cell' for crystals", "Keep one of them.");
        }

        return At(values, RecipeKeys.Cell, () =>
        {
            var crystal = LoGanTask.Crystal(formula, Cell(values));
            if (values.Has(RecipeKeys.Symmetry))
            {
                return new LoGanTask(StructureAssembly.WithSymmetry(crystal.Assembly, TargetSymmetry.Read(values, crystal.Assembly.Frame)));
            }

            return values.Reals(RecipeKeys.Slab) is [var lowest, var highest]
                ? new LoGanTask(StructureAssembly.Slab(crystal.Assembly.Species, crystal.Assembly.Frame, lowest, highest))
                : crystal;
        });
    }

    private static LoGanTask OnSubstrate(RecipeValues values, string formula)
    {
        if (values.Has(RecipeKeys.Cell) || !values.Has(RecipeKeys.Box) || !values.Has(RecipeKeys.Origin))
        {
            throw Conflict(values, RecipeKeys.Substrate, "atoms on a substrate need 'box' and 'origin', and no 'cell'", "The substrate brings its own cell.");
        }

        var box = Box(values);
        var species = LoGanTask.Molecule(formula, box).Assembly.Species;
        return At(values, RecipeKeys.Substrate, () => new LoGanTask(StructureAssembly.OnSubstrate(
            First(values.Text(RecipeKeys.Substrate)!), species, new Lattice(new(box.X, 0, 0), new(0, box.Y, 0), new(0, 0, box.Z)), Vector(values.Reals(RecipeKeys.Origin)))));
    }

    private static Lattice Cell(RecipeValues values) => values.Reals(RecipeKeys.Cell) switch
    {
        [var a, var b, var c] => new Lattice(new(a, 0, 0), new(0, b, 0), new(0, 0, c)),
        [var a, var b, var c, var alpha, var beta, var gamma] => Lattice.FromParameters(new(a, b, c), Math.PI / 180 * new Vector3D(alpha, beta, gamma)),
        var rows => new Lattice(Vector(rows[..3]), Vector(rows[3..6]), Vector(rows[6..])),
    };

    private static Vector3D Box(RecipeValues values) => Vector(values.Reals(RecipeKeys.Box));

    private static Vector3D Vector(ImmutableArray<double> numbers) => new(numbers[0], numbers[1], numbers[2]);

    private static Structure First(string file) =>
        StructureReader.Read(file, new ReadOptions { Strict = true }).First().Structure!;

    // A cell that is singular or left-handed is refused by the type; here it gets its place in the recipe.
    private static LoGanTask At(RecipeValues values, RecipeKey key, Func<LoGanTask> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException e)
        {
            throw Conflict(values, key, e.Message, key.Description);
        }
        catch (PolymorphException e) when (e.Place is null)
        {
            throw new PolymorphException(e.Code, e.Reason, values.Place(key), e.NextStep, e.ExitCode, e);
        }
    }

    private static PolymorphException Conflict(RecipeValues values, RecipeKey key, string reason, string next) =>
        new("PM7112", reason, values.Place(key), next, ExitCode.Usage);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
