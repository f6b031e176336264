using Polymorph.Foundation;
using Polymorph.Models.LoGan;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Studies.Recipes;

/// <summary>Reads the symmetry operations of <c>target.symmetry</c> for a cell.</summary>
internal static class TargetSymmetry
{
    /// <summary>The operations as maps of Cartesian positions.</summary>
    /// <param name="values">Values with the key.</param>
    /// <param name="cell">The cell.</param>
    /// <exception cref="PolymorphException">PM7115: not an operation, none of this cell, one twice, or no identity.</exception>
    public static List<AffineMap> Read(RecipeValues values, Lattice cell)
    {
        var operations = new List<SymmetryOperation>();
        foreach (string text in values.All(RecipeKeys.Symmetry))
        {
            var operation = SymmetryOperation.TryParse(text) ?? throw Wrong(values, $"'{text}' is not a symmetry operation", "Operations look like -y,x-y,z+1/2; in a recipe each stands in quotation marks.");
            if (operation.Strain(cell) > SymmetryOperation.LargestStrain)
            {
                throw Wrong(values, $"the operation '{text}' does not fit the cell: it changes its lengths or angles", "Take the cell and the operations from one setting of the space group.");
            }

            if (operations.Exists(o => Same(o, operation)))
            {
                throw Wrong(values, $"the operation '{text}' is given twice, up to whole lattice vectors, and would put atoms on top of each other", "Remove it.");
            }

            operations.Add(operation);
        }

        return operations.Exists(o => o.IsIdentity) ? [.. operations.Select(o => Map(o, cell))] : throw Wrong(values, "the symmetry operations lack the identity x,y,z", "List all operations of the group.");
    }

    private static AffineMap Map(SymmetryOperation operation, Lattice cell)
    {
        var (x, y, z, t) = Columns(operation);
        return AffineMap.FromFractional(cell, new(x.X, y.X, z.X), new(x.Y, y.Y, z.Y), new(x.Z, y.Z, z.Z), t);
    }

    private static bool Same(SymmetryOperation a, SymmetryOperation b)
    {
        // Translations are short fractions: what is nearer than this is the same one written with decimals.
        const double shortest = 1e-3;
        var (first, second) = (Columns(a), Columns(b));
        var apart = first.Translation - second.Translation;
        return (first.X - second.X).Length < shortest && (first.Y - second.Y).Length < shortest && (first.Z - second.Z).Length < shortest
            && new Vector3D(apart.X - Math.Round(apart.X), apart.Y - Math.Round(apart.Y), apart.Z - Math.Round(apart.Z)).Length < shortest;
    }

    private static (Vector3D X, Vector3D Y, Vector3D Z, Vector3D Translation) Columns(SymmetryOperation operation)
    {
        var t = operation.Apply(Vector3D.Zero);
        return (operation.Apply(new(1, 0, 0)) - t, operation.Apply(new(0, 1, 0)) - t, operation.Apply(new(0, 0, 1)) - t, t);
    }

    private static PolymorphException Wrong(RecipeValues values, string reason, string next) => new("PM7115", reason, values.Place(RecipeKeys.Symmetry), next, ExitCode.Usage);
}
