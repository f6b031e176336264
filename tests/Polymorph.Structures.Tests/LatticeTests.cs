using System.Globalization;
using System.Text.Json;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Structures.Tests;

public sealed class LatticeTests
{
    private static readonly Lattice Hexagonal = Lattice.FromParameters(new(3, 3, 5), Math.PI / 180 * new Vector3D(90, 90, 120));

    [Fact]
    public void HexagonalCellHasItsClosedForms()
    {
        Assert.Equal(3 * 3 * 5 * Math.Sqrt(3) / 2, Hexagonal.Volume, 1e-12); // rounding
        Assert.Equal(3 * Math.Sqrt(3) / 2, Hexagonal.FaceDistances.X, 1e-12);
        Assert.Equal(3 * Math.Sqrt(3) / 2, Hexagonal.FaceDistances.Y, 1e-12);
        Assert.Equal(5, Hexagonal.FaceDistances.Z, 1e-12);
        Assert.Equal(0, Hexagonal.C.X);
        Assert.Equal(0, Hexagonal.C.Y);
    }

    [Fact]
    public void RightAnglesGiveExactZeros()
    {
        var box = Lattice.FromParameters(new(2, 3, 4), Math.PI / 180 * new Vector3D(90, 90, 90));
        Assert.Equal([2, 0, 0, 0, 3, 0, 0, 0, 4], new[] { box.A, box.B, box.C }.SelectMany(v => new[] { v.X, v.Y, v.Z }).Select((x, i) => i == 4 || i == 8 ? Math.Round(x, 14) : x));
    }

    [Fact]
    public void LengthsAndAnglesComeBack() =>
        Arbitrary.Check(Arbitrary.Lattice(8), l =>
        {
            var again = Lattice.FromParameters(l.Lengths, l.Angles);
            // Sines and cosines cost a few digits where an angle is small.
            return (again.Lengths - l.Lengths).Length < 1e-10 * l.Lengths.Length && (again.Angles - l.Angles).Length < 1e-9 && Math.Abs(again.Volume - l.Volume) < 1e-8 * l.Lengths.X * l.Lengths.Y * l.Lengths.Z;
        }, cases: 200);

    [Fact]
    public void FractionalAndCartesianAreInverse() =>
        Arbitrary.Check(Arbitrary.Structure(8, 5), s => s.Lattice is null
            || s.FractionalPositions.Zip(s.Positions).All(p => (s.Lattice.ToCartesian(p.First) - p.Second).Length < 1e-9), cases: 200); // rounding, amplified by the skewness

    [Fact]
    public void ReciprocalVectorsAreDual()
    {
        var (a, b, c) = Hexagonal.Reciprocal;
        Vector3D[] dual = [a, b, c];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                Assert.Equal(i == j ? 1 : 0, dual[i].Dot(Hexagonal[j]), 1e-15); // one rounding
            }
        }
    }

    [Fact]
    public void NumPyAgrees()
    {
        // Inverse, determinant and arccosine by LAPACK and libm.
        const string script = """
            import sys, json, numpy as np
            m = np.array(json.loads(sys.argv[1]))
            u = m / np.linalg.norm(m, axis=1)[:, None]
            print(json.dumps(dict(volume=np.linalg.det(m), faces=(1 / np.linalg.norm(np.linalg.inv(m), axis=0)).tolist(),
                                  lengths=np.linalg.norm(m, axis=1).tolist(), angles=np.arccos([u[1] @ u[2], u[0] @ u[2], u[0] @ u[1]]).tolist())))
            """;
        var cell = new Lattice(new(5.1, 0.2, -0.3), new(-1.7, 6.2, 0.1), new(0.4, 3.1, 7.3));
        var answer = JsonDocument.Parse(ExternalProgram.Python(script, ["numpy"], "[[5.1,0.2,-0.3],[-1.7,6.2,0.1],[0.4,3.1,7.3]]")).RootElement;
        Assert.Equal(answer.GetProperty("volume").GetDouble(), cell.Volume, 1e-11); // rounding of 16 digits in numbers of some hundreds
        foreach (var (name, ours) in new[] { ("faces", cell.FaceDistances), ("lengths", cell.Lengths), ("angles", cell.Angles) })
        {
            for (int axis = 0; axis < 3; axis++)
            {
                Assert.Equal(answer.GetProperty(name)[axis].GetDouble(), ours[axis], 1e-13);
            }
        }
    }

    [Fact]
    public void ImpossibleCellsAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new Lattice(new(1, 0, 0), new(0, 1, 0), new(1, 1, 0)));
        Assert.Throws<ArgumentException>(() => new Lattice(new(0, 1, 0), new(1, 0, 0), new(0, 0, 1)));
        Assert.Throws<ArgumentException>(() => new Lattice(new(double.NaN, 0, 0), new(0, 1, 0), new(0, 0, 1)));
        Assert.Throws<ArgumentException>(() => new Lattice(default, new(0, 1, 0), new(0, 0, 1)));
        Assert.Throws<ArgumentException>(() => Lattice.FromParameters(new(1, 1, 1), new(2.5, 1, 1)));
        Assert.Throws<ArgumentException>(() => Lattice.FromParameters(new(1, -1, 1), new(1.5, 1.5, 1.5)));
        Assert.Throws<ArgumentException>(() => Lattice.FromParameters(new(1, 1, 1), new(double.NaN, 1, 1)));
    }

    [Fact]
    public void EqualCellsAreEqual()
    {
        Assert.Equal(Lattice.Cubic(3), new Lattice(new(3, 0, 0), new(0, 3, 0), new(0, 0, 3)));
        Assert.Equal(Lattice.Cubic(3).GetHashCode(), Lattice.Cubic(3).GetHashCode());
        Assert.NotEqual(Lattice.Cubic(3), Lattice.Cubic(4));
        Assert.Equal(24 * 27, Lattice.Cubic(3).Repeat(2, 3, 4).Volume, 1e-12); // rounding
        Assert.Throws<ArgumentOutOfRangeException>(() => Lattice.Cubic(3)[3]);
    }
}

public sealed class LatticeReductionTests
{
    // Minkowski's conditions in three dimensions, and the same lattice: whole-number coefficients of determinant ±1.
    [Fact]
    public void ReducedVectorsAreTheShortestAndSpanTheSameLattice() =>
        Arbitrary.Check(Arbitrary.Lattice(6), l =>
        {
            Vector3D[] v = [l.A, l.B, l.C];
            var c = new (long A, long B, long C)[3];
            LatticeReduction.Minkowski(v, c);
            bool same = v.Zip(c).All(p => (p.First - (p.Second.A * l.A + p.Second.B * l.B + p.Second.C * l.C)).Length < 1e-10);
            bool ordered = v[0].Length <= v[1].Length && v[1].Length <= v[2].Length;
            var signs = from i in new[] { -1, 0, 1 } from j in new[] { -1, 0, 1 } select (i, j);
            bool shortest = signs.All(s => v[2].Length <= (v[2] + s.i * v[0] + s.j * v[1]).Length + 1e-9 && v[1].Length <= (v[1] + s.i * v[0]).Length + 1e-9);
            return same && ordered && shortest && Math.Abs(Math.Abs(v[0].Dot(v[1].Cross(v[2]))) - l.Volume) < 1e-9 * l.Volume;
        }, cases: 300);
}
