using System.Runtime.InteropServices;
using Polymorph.Structures;

namespace Polymorph.Energies.Relaxation;

internal sealed class ModelHessian
{
    private readonly RelaxationSpace _space;
    private readonly double[] _matrix;
    private readonly int _count;
    private readonly double[] _radii;

    public ModelHessian(RelaxationSpace space, Structure structure)
    {
        _space = space;
        _count = space.Count;
        _matrix = new double[_count * _count];
        _radii = [.. structure.Species.Select(e => e.CovalentRadius)];
    }

    private readonly record struct Leg(int Atom, Vector3D Offset, double Length, double Closeness);

    private readonly int[] _index = new int[18];
    private readonly double[] _row = new double[18];

    public void Build(Structure structure, double force)
    {
        Array.Clear(_matrix);
        for (int i = 0; i < _count; i++)
        {
            _matrix[i * _count + i] = Tuning.Floor + Tuning.Raise * force;
        }

        if (_space.HasCell)
        {
            double v = structure.Lattice!.Volume * Tuning.StrainFloor / (_space.StrainLength * _space.StrainLength);
            for (int i = 3 * _space.AtomCount; i < _count; i++) _matrix[i * _count + i] = v;
        }

        var neighbours = NeighborList.Build(structure, Tuning.Cut * 2 * _radii.Max());
        var legs = new List<Leg>();
        for (int i = 0; i < _space.AtomCount; i++)
        {
            legs.Clear();
            foreach (var near in neighbours.Of(i))
            {
                double sum = _radii[i] + _radii[near.Index];
                double x = near.Distance / sum;
                if (x > Tuning.Cut) continue;
                double rho = Math.Exp(1 - x);
                // each pair comes twice: half
                Stretch(i, near.Index, 1 / near.Distance * near.Offset, near.Distance, 0.5 * Tuning.Stretch * Math.Pow(rho, Tuning.Decay));
                if (x < Tuning.BendCut) legs.Add(new(near.Index, near.Offset, near.Distance, rho));
            }

            for (int a = 1; a < legs.Count; a++)
            {
                for (int b = 0; b < a; b++)
                {
                    Bend(i, legs[a], legs[b], Tuning.Bend * Math.Pow(legs[a].Closeness * legs[b].Closeness, Tuning.BendDecay));
                }
            }
        }

        foreach (int i in Enumerable.Range(0, _space.AtomCount).Where(_space.IsFixed))
        {
            for (int k = 3 * i; k < 3 * i + 3; k++)
                for (int j = 0; j < _count; j++)
                {
                    if (j != k) { _matrix[k * _count + j] = 0; _matrix[j * _count + k] = 0; }
                }
        }

        Factor();
    }

    private void Stretch(int i, int j, Vector3D u, double length, double k)
    {
        int n = 0;
        Put(ref n, i, -1 * u);
        Put(ref n, j, u);
        PutStrain(ref n, StressTensor.Virial(length * u, u));
        Accumulate(n, k);
    }

    private void Bend(int i, Leg a, Leg b, double k)
    {
        Vector3D ea = 1 / a.Length * a.Offset, eb = 1 / b.Length * b.Offset;
        double cos = ea.Dot(eb), sin = Math.Sqrt(Math.Max(0, 1 - cos * cos));
        if (sin < 0.1)
        {
            // perpendicular directions
            var helper = Math.Abs(ea.X) < 0.6 ? new Vector3D(1, 0, 0) : new Vector3D(0, 1, 0);
            var p = ea.Cross(helper); p = 1 / p.Length * p;
            double sign = cos < 0 ? 1 : -1;
            One(p); One(ea.Cross(p));
            void One(Vector3D d) => Row(1 / a.Length * d, sign / b.Length * d);
            return;
        }

        Row(1 / (a.Length * sin) * (cos * ea - eb), 1 / (b.Length * sin) * (cos * eb - ea));

        void Row(Vector3D ga, Vector3D gb)
        {
            int n = 0;
            Put(ref n, i, -1 * (ga + gb));
            Put(ref n, a.Atom, ga);
            Put(ref n, b.Atom, gb);
            PutStrain(ref n, StressTensor.Virial(a.Offset, ga) + StressTensor.Virial(b.Offset, gb));
            Accumulate(n, k);
        }
    }

    private void Put(ref int n, int atom, Vector3D v)
    {
        for (int k = 0; k < 3; k++)
        {
            _index[n] = 3 * atom + k;
            _row[n++] = v[k];
        }
    }

    private void PutStrain(ref int n, StressTensor t)
    {
        if (!_space.HasCell) return;
        double s = 1 / _space.StrainLength, r = Math.Sqrt(2) * s;
        ReadOnlySpan<double> v = [s * t.XX, s * t.YY, s * t.ZZ, r * t.YZ, r * t.XZ, r * t.XY];
        for (int k = 0; k < 6; k++)
        {
            _index[n] = 3 * _space.AtomCount + k;
            _row[n++] = v[k];
        }
    }

    private void Accumulate(int n, double k)
    {
        for (int a = 0; a < n; a++)
            for (int b = 0; b < n; b++)
                _matrix[_index[a] * _count + _index[b]] += k * _row[a] * _row[b];
    }

    private void Factor()
    {
        for (int j = 0; j < _count; j++)
        {
            var rj = _matrix.AsSpan(j * _count, j + 1);
            double d = rj[j] - LimitedMemory.Dot(rj[..j], rj[..j]);
            rj[j] = Math.Sqrt(d);
            for (int i = j + 1; i < _count; i++)
            {
                var ri = _matrix.AsSpan(i * _count, j + 1);
                ri[j] = (ri[j] - LimitedMemory.Dot(ri[..j], rj[..j])) / rj[j];
            }
        }
    }

    public void Solve(double[] v)
    {
        for (int i = 0; i < _count; i++)
        {
            v[i] = (v[i] - LimitedMemory.Dot(_matrix.AsSpan(i * _count, i), v.AsSpan(0, i))) / _matrix[i * _count + i];
        }

        for (int i = _count - 1; i >= 0; i--)
        {
            v[i] /= _matrix[i * _count + i];
            for (int j = 0; j < i; j++) v[j] -= _matrix[i * _count + j] * v[i];
        }

        for (int i = 0; i < v.Length; i++) v[i] *= Tuning.Scale;
    }
}
