using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Energies.Classical;

/// <summary>Bond orders after Tersoff: E = ½ Σ_i Σ_j fc(r_ij) (A e^(−λ r_ij) − b_ij B e^(−μ r_ij)), b_ij = (1 + (β ζ_ij)^n)^(−1/2n),
/// ζ_ij = Σ_k fc(r_ik) g(θ_jik), g = 1 + c²/d² − c²/(d² + (h − cos θ)²).</summary>
/// <remarks>J. Tersoff, Phys. Rev. B 39, 5566 (1989), eqs. 1 to 3. Derivatives: <c>docs/methods/classical.md</c>.</remarks>
internal sealed class TersoffPotential : IClassicalPotential
{
    private readonly double[] _beta;
    private readonly double[] _n;
    private readonly double[] _c;
    private readonly double[] _d;
    private readonly double[] _h;
    private readonly double[] _a;
    private readonly double[] _lambda;
    private readonly double[] _b;
    private readonly double[] _mu;
    private readonly double[] _inner;
    private readonly double[] _outer;

    public TersoffPotential(string method)
    {
        var table = ParameterTable.Of(method);
        (Method, Elements) = (method, table.Elements);
        (_beta, _n, _c, _d, _h) = (table.OfElements("beta"), table.OfElements("n"), table.OfElements("c"), table.OfElements("d"), table.OfElements("h"));
        (_a, _lambda, _b, _mu) = (table.OfPairs("A"), table.OfPairs("lambda"), table.OfPairs("B"), table.OfPairs("mu"));
        (_inner, _outer) = (table.OfPairs("R"), table.OfPairs("S"));
        Cutoff = _outer.Max();
    }

    /// <inheritdoc/>
    public string Method { get; }

    /// <inheritdoc/>
    public ImmutableArray<Element> Elements { get; }

    /// <inheritdoc/>
    public double Cutoff { get; }

    /// <inheritdoc/>
    public void AddAtom(int atom, ReadOnlySpan<Neighbor> neighbours, ReadOnlySpan<int> types, ClassicalSum sum)
    {
        int type = types[atom];
        for (int j = 0; j < neighbours.Length; j++)
        {
            ref readonly var bond = ref neighbours[j];
            int pair = type * Elements.Length + types[bond.Index];
            if (bond.Distance >= _outer[pair])
            {
                continue;
            }

            var (fc, fcSlope) = CutoffFunction(bond.Distance, pair);
            double repulsion = 0.5 * _a[pair] * Math.Exp(-_lambda[pair] * bond.Distance), attraction = -0.5 * _b[pair] * Math.Exp(-_mu[pair] * bond.Distance);
            var (order, orderSlope) = BondOrder(type, Zeta(type, j, neighbours, types));
            sum.AddEnergy(fc * (repulsion + order * attraction));
            double slope = fcSlope * (repulsion + order * attraction) - fc * (_lambda[pair] * repulsion + _mu[pair] * order * attraction);
            sum.AddGradient(atom, bond, slope / bond.Distance * bond.Offset);
            AddZetaGradient(atom, type, j, neighbours, types, fc * attraction * orderSlope, sum);
        }
    }

    private double Zeta(int type, int j, ReadOnlySpan<Neighbor> neighbours, ReadOnlySpan<int> types)
    {
        double zeta = 0;
        for (int k = 0; k < neighbours.Length; k++)
        {
            int pair = type * Elements.Length + types[neighbours[k].Index];
            if (k != j && neighbours[k].Distance < _outer[pair])
            {
                zeta += CutoffFunction(neighbours[k].Distance, pair).Value * Angular(type, new BondAngle(neighbours[j], neighbours[k]).Cosine).Value;
            }
        }

        return zeta;
    }

    private void AddZetaGradient(int atom, int type, int j, ReadOnlySpan<Neighbor> neighbours, ReadOnlySpan<int> types, double byZeta, ClassicalSum sum)
    {
        for (int k = 0; k < neighbours.Length; k++)
        {
            int pair = type * Elements.Length + types[neighbours[k].Index];
            if (k == j || neighbours[k].Distance >= _outer[pair])
            {
                continue;
            }

            var angle = new BondAngle(neighbours[j], neighbours[k]);
            var (fc, fcSlope) = CutoffFunction(neighbours[k].Distance, pair);
            var (g, gSlope) = Angular(type, angle.Cosine);
            var (gradientJ, gradientK) = angle.Gradient(0, byZeta * fcSlope * g, byZeta * fc * gSlope);
            sum.AddGradient(atom, neighbours[j], gradientJ);
            sum.AddGradient(atom, neighbours[k], gradientK);
        }
    }

    private (double Value, double Slope) CutoffFunction(double r, int pair)
    {
        double x = (r - _inner[pair]) / (_outer[pair] - _inner[pair]);
        if (x <= 0)
        {
            return (1, 0);
        }

        var (sin, cos) = Math.SinCos(Math.PI * x);
        return (0.5 + 0.5 * cos, -0.5 * Math.PI / (_outer[pair] - _inner[pair]) * sin);
    }

    private (double Value, double Slope) Angular(int type, double cosine)
    {
        double c2 = _c[type] * _c[type], d2 = _d[type] * _d[type], x = _h[type] - cosine, denominator = d2 + x * x;
        return (1 + c2 / d2 - c2 / denominator, -2 * c2 * x / (denominator * denominator));
    }

    private (double Value, double Slope) BondOrder(int type, double zeta)
    {
        if (zeta <= 0)
        {
            return (1, 0);
        }

        // For n below 1 the slope grows without limit towards ζ = 0; its product with dζ/dr does not, because fc falls as a square.
        double n = _n[type], power = Math.Pow(_beta[type] * zeta, n), value = Math.Pow(1 + power, -0.5 / n);
        return (value, -0.5 * value / (1 + power) * power / zeta);
    }
}
