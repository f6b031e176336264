using Polymorph.Structures.Cells;

namespace Polymorph.Structures.Matching;

/// <summary>What is done with each cell found.</summary>
internal interface ILatticeVisitor
{
    /// <summary>Takes one cell.</summary>
    /// <param name="cell">Its vectors as combinations of the lattice's.</param>
    /// <param name="shape">Its lengths and angles.</param>
    /// <param name="budget">Steps allowed.</param>
    /// <returns>True to stop.</returns>
    bool Visit(in IntegerMatrix cell, in CellShape shape, ref WorkBudget budget);
}

/// <summary>Lists the cells of one lattice that resemble a given cell.</summary>
/// <remarks>The first two vectors come from a list of short ones; the third then lies in two planes that the volume fixes, and only a few
/// lattice points there have the right length and angles.</remarks>
internal sealed class LatticeMappings
{
    private Short[] _first = new Short[64];
    private Short[] _second = new Short[64];
    private int _firstCount;
    private int _secondCount;

    /// <summary>Visits all cells whose lengths l satisfy m/(1+t) &lt; l &lt; m(1+t) for the model's m, whose angles differ from the model's by less than the
    /// tolerance, and whose volume is <paramref name="multiple"/> times the lattice's cell.</summary>
    /// <param name="lattice">[3] a reduced basis of the lattice, Å.</param>
    /// <param name="model">The cell to resemble.</param>
    /// <param name="multiple">Volume in cells of the lattice, at least 1.</param>
    /// <param name="options">The tolerances.</param>
    /// <param name="budget">Steps allowed.</param>
    /// <param name="visitor">What to do with each.</param>
    public void ForEach<TVisitor>(ReadOnlySpan<Vector3D> lattice, in CellShape model, int multiple, MatchOptions options, ref WorkBudget budget, TVisitor visitor)
        where TVisitor : ILatticeVisitor
    {
        double stretch = 1 + options.LengthTolerance, cosTolerance = options.CosineOfAngleTolerance, sinTolerance = options.SineOfAngleTolerance;
        if (!ListShort(lattice, model.Lengths.X, model.Lengths.Y, stretch, ref budget))
        {
            return;
        }

        var sines = model.Sines;
        var third = new ThirdVector(lattice, model, sines, stretch, cosTolerance, sinTolerance);
        for (int i = 0; i < _firstCount; i++)
        {
            ref readonly var u = ref _first[i];
            for (int j = 0; j < _secondCount; j++)
            {
                ref readonly var w = ref _second[j];
                double cosine = u.Vector.Dot(w.Vector) / (u.Length * w.Length), sine = Math.Sqrt(Math.Max(0, 1 - cosine * cosine));
                if (!(cosine * model.Cosines.Z + sine * sines.Z > cosTolerance))
                {
                    continue;
                }

                if (!budget.Take(1) || third.Visit(u, w, Math.Clamp(cosine, -1, 1), multiple, ref budget, visitor))
                {
                    return;
                }
            }
        }
    }

    private bool ListShort(ReadOnlySpan<Vector3D> v, double lengthA, double lengthB, double stretch, ref WorkBudget budget)
    {
        _firstCount = _secondCount = 0;
        double radius = Math.Max(lengthA, lengthB) * stretch, volume = v[0].Dot(v[1].Cross(v[2]));
        double boundA = radius * v[1].Cross(v[2]).Length / volume, boundB = radius * v[2].Cross(v[0]).Length / volume, boundC = radius * v[0].Cross(v[1]).Length / volume;
        if (!budget.Take((long)Math.Min(1e15, (boundA + 1) * (2 * boundB + 1) * (2 * boundC + 1) / 8)))
        {
            return false;
        }

        int na = (int)boundA, nb = (int)boundB, nc = (int)boundC;
        double least = Math.Min(lengthA, lengthB) / stretch, least2 = least * least, radius2 = radius * radius;
        for (int i = 0; i <= na; i++)
        {
            for (int j = i == 0 ? 0 : -nb; j <= nb; j++)
            {
                var plane = (double)i * v[0] + (double)j * v[1];
                for (int k = i == 0 && j == 0 ? 1 : -nc; k <= nc; k++)
                {
                    var vector = plane + (double)k * v[2];
                    double square = vector.LengthSquared;
                    if (square > least2 && square < radius2)
                    {
                        AddBoth(new Short((i, j, k), vector, Math.Sqrt(square)), lengthA, lengthB, stretch);
                    }
                }
            }
        }

        return true;
    }

    private void AddBoth(in Short entry, double lengthA, double lengthB, double stretch)
    {
        var (x, y, z) = entry.Index;
        var opposite = new Short((-x, -y, -z), -entry.Vector, entry.Length);
        if (IsLike(entry.Length, lengthA, stretch))
        {
            Add(ref _first, ref _firstCount, entry);
            Add(ref _first, ref _firstCount, opposite);
        }

        if (IsLike(entry.Length, lengthB, stretch))
        {
            Add(ref _second, ref _secondCount, entry);
            Add(ref _second, ref _secondCount, opposite);
        }
    }

    private static bool IsLike(double length, double model, double stretch) => length < model * stretch && length * stretch > model;

    private static void Add(ref Short[] list, ref int count, in Short entry)
    {
        if (count == list.Length)
        {
            Array.Resize(ref list, 2 * count);
        }

        list[count++] = entry;
    }

    internal readonly record struct Short((int X, int Y, int Z) Index, Vector3D Vector, double Length);
}
