using Polymorph.Structures.Cells;

namespace Polymorph.Structures.Matching;

/// <summary>Given two vectors of a cell, finds the third: lattice points of the two planes at the right height, within the right length and angles.</summary>
internal readonly ref struct ThirdVector
{
    private readonly ReadOnlySpan<Vector3D> _lattice;
    private readonly CellShape _model;
    private readonly Vector3D _sines;
    private readonly double _cosTolerance;
    private readonly double _shortest;
    private readonly double _longest;
    private readonly (double Low, double High) _alongA;
    private readonly (double Low, double High) _alongB;

    public ThirdVector(ReadOnlySpan<Vector3D> lattice, in CellShape model, Vector3D sines, double stretch, double cosTolerance, double sinTolerance)
    {
        _lattice = lattice;
        (_model, _sines, _cosTolerance) = (model, sines, cosTolerance);
        (_shortest, _longest) = (model.Lengths.Z / stretch, model.Lengths.Z * stretch);
        _alongA = Projection(model.Cosines.Y, sines.Y, cosTolerance, sinTolerance);
        _alongB = Projection(model.Cosines.X, sines.X, cosTolerance, sinTolerance);
    }

    /// <summary>Visits all cells with these first two vectors; true when the visitor asked to stop.</summary>
    public bool Visit<TVisitor>(in LatticeMappings.Short u, in LatticeMappings.Short w, double cosGamma, int multiple, ref WorkBudget budget, TVisitor visitor)
        where TVisitor : ILatticeVisitor
    {
        var normal = IntegerMatrix.Cross(u.Index, w.Index);
        long divisor = Gcd(Gcd(normal.X, normal.Y), normal.Z);
        if (divisor == 0 || multiple % divisor != 0)
        {
            return false;
        }

        var plane = PlaneBasis.Of((normal.X / divisor, normal.Y / divisor, normal.Z / divisor));
        var (first, second) = divisor == 1 ? (u.Index, w.Index) : plane.Reduced(_lattice);
        long height = multiple / divisor;
        return height < 1000 && (Scan(u, w, cosGamma, first, second, Times(plane.Up, (int)height), ref budget, visitor)
            || Scan(u, w, cosGamma, first, second, Times(plane.Up, -(int)height), ref budget, visitor));
    }

    private bool Scan<TVisitor>(in LatticeMappings.Short u, in LatticeMappings.Short w, double cosGamma, (int X, int Y, int Z) first, (int X, int Y, int Z) second, (int X, int Y, int Z) start, ref WorkBudget budget, TVisitor visitor)
        where TVisitor : ILatticeVisitor
    {
        var (p, q, s) = (Cartesian(first), Cartesian(second), Cartesian(start));
        var (ua, wa) = (1 / u.Length * u.Vector, 1 / w.Length * w.Vector);
        double pu = p.Dot(ua), pw = p.Dot(wa), qu = q.Dot(ua), qw = q.Dot(wa), su = s.Dot(ua), sw = s.Dot(wa);
        double determinant = pu * qw - pw * qu;
        (double Low, double High) du = (_alongA.Low - su, _alongA.High - su), dw = (_alongB.Low - sw, _alongB.High - sw);
        if (determinant == 0)
        {
            return false;
        }

        // i p + j q has the projections (x, y): i = (x qw - y qu) / determinant.
        var rangeI = Add(Multiply(du, qw / determinant), Multiply(dw, -qu / determinant));
        double from = Math.Ceiling(rangeI.Low), to = Math.Floor(rangeI.High);
        for (double i = from; i <= to; i++)
        {
            var rangeJ = Intersect(Quotient(du, i * pu, qu), Quotient(dw, i * pw, qw));
            for (double j = Math.Ceiling(rangeJ.Low), end = Math.Floor(rangeJ.High); j <= end; j++)
            {
                if (!budget.Take(1))
                {
                    return true;
                }

                var c = s + i * p + j * q;
                double length = c.Length;
                if (!(length > _shortest && length < _longest))
                {
                    continue;
                }

                double cosBeta = Math.Clamp(c.Dot(ua) / length, -1, 1), cosAlpha = Math.Clamp(c.Dot(wa) / length, -1, 1);
                if (IsNear(cosBeta, _model.Cosines.Y, _sines.Y) && IsNear(cosAlpha, _model.Cosines.X, _sines.X))
                {
                    var cell = new IntegerMatrix(u.Index, w.Index, Plus(start, first, (int)i, second, (int)j));
                    if (visitor.Visit(cell, new CellShape(new(u.Length, w.Length, length), new(cosAlpha, cosBeta, cosGamma)), ref budget))
                    {
                        return true;
                    }
                }
            }

            if (!budget.Take(1))
            {
                return true;
            }
        }

        return false;
    }

    // Angles differ by less than the tolerance when the cosine of their difference is larger than the tolerance's.
    private bool IsNear(double cosine, double modelCosine, double modelSine) =>
        cosine * modelCosine + Math.Sqrt(Math.Max(0, 1 - cosine * cosine)) * modelSine > _cosTolerance;

    /// <summary>Range of the length of the third vector times the cosine of its angle.</summary>
    private (double Low, double High) Projection(double cosine, double sine, double cosTolerance, double sinTolerance)
    {
        // cos(angle ± tolerance), held at ∓1 where the angle would leave 0..180 degrees.
        double low = cosine < -cosTolerance ? -1 : cosine * cosTolerance - sine * sinTolerance;
        double high = cosine > cosTolerance ? 1 : cosine * cosTolerance + sine * sinTolerance;
        const double slack = 1e-9;
        return ((low < 0 ? low * _longest : low * _shortest) - slack * _longest, (high < 0 ? high * _shortest : high * _longest) + slack * _longest);
    }

    private Vector3D Cartesian((int X, int Y, int Z) n) => IntegerMatrix.Combine(n, _lattice[0], _lattice[1], _lattice[2]);

    private static (double Low, double High) Multiply((double Low, double High) range, double factor) =>
        factor >= 0 ? (range.Low * factor, range.High * factor) : (range.High * factor, range.Low * factor);

    private static (double Low, double High) Add((double Low, double High) a, (double Low, double High) b) => (a.Low + b.Low, a.High + b.High);

    private static (double Low, double High) Intersect((double Low, double High) a, (double Low, double High) b) => (Math.Max(a.Low, b.Low), Math.Min(a.High, b.High));

    /// <summary>The j for which offset + j·factor lies in the range.</summary>
    private static (double Low, double High) Quotient((double Low, double High) range, double offset, double factor) =>
        Math.Abs(factor) < 1e-9
            ? (range.Low <= offset && offset <= range.High ? (double.NegativeInfinity, double.PositiveInfinity) : (1, 0))
            : Multiply((range.Low - offset, range.High - offset), 1 / factor);

    private static (int X, int Y, int Z) Times((int X, int Y, int Z) n, int k) => (n.X * k, n.Y * k, n.Z * k);

    private static (int X, int Y, int Z) Plus((int X, int Y, int Z) s, (int X, int Y, int Z) p, int i, (int X, int Y, int Z) q, int j) =>
        (s.X + i * p.X + j * q.X, s.Y + i * p.Y + j * q.Y, s.Z + i * p.Z + j * q.Z);

    private static long Gcd(long a, long b)
    {
        (a, b) = (Math.Abs(a), Math.Abs(b));
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
