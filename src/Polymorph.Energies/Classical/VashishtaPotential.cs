using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Energies.Classical;

/// <summary>Pairs H/r^η + Z_i Z_j e²/r·e^(−r/λ1) − D/r⁴·e^(−r/λ4), cut off and shifted in value and slope, and bends
/// B exp(l/(r_ij − r0) + l/(r_ik − r0)) (cos θ − cos θ0)² within r0.</summary>
/// <remarks>P. Vashishta, R. K. Kalia, J. P. Rino, I. Ebbsjö, Phys. Rev. B 41, 12197 (1990), eqs. 1 to 5. Derivatives and the treatment of the Coulomb part: <c>docs/methods/classical.md</c>.</remarks>
internal sealed class VashishtaPotential : IClassicalPotential
{
    private readonly double _screening;
    private readonly double _dipoleScreening;
    private readonly double[] _h;
    private readonly double[] _eta;
    private readonly double[] _charges;
    private readonly double[] _d;
    private readonly (double Value, double Slope)[] _atCutoff;
    private readonly double[] _b;
    private readonly double[] _l;
    private readonly double[] _r0;
    private readonly double[] _cosine;

    public VashishtaPotential(string method)
    {
        var table = ParameterTable.Of(method);
        (Method, Elements, Cutoff) = (method, table.Elements, table.Number("cutoff"));
        (_screening, _dipoleScreening) = (table.Number("screening"), table.Number("dipoleScreening"));
        (_h, _eta, _d) = (table.OfPairs("H"), table.OfPairs("eta"), table.OfPairs("D"));
        double coulomb = table.Number("coulomb");
        double[] charge = table.OfElements("charge");
        _charges = [.. from a in charge from b in charge select coulomb * a * b];
        _atCutoff = [.. Enumerable.Range(0, _h.Length).Select(pair => Unshifted(pair, Cutoff))];
        (_b, _l, _r0, _cosine) = (table.OfBends("B"), table.OfBends("l"), table.OfBends("r0"), table.OfBends("cosine"));
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
        int first = types[atom] * Elements.Length;
        for (int j = 0; j < neighbours.Length; j++)
        {
            ref readonly var n = ref neighbours[j];
            int pair = first + types[n.Index];
            var (value, slope) = Unshifted(pair, n.Distance);
            var (endValue, endSlope) = _atCutoff[pair];
            sum.AddEnergy(0.5 * (value - endValue - (n.Distance - Cutoff) * endSlope));
            sum.AddGradient(atom, n, 0.5 * (slope - endSlope) / n.Distance * n.Offset);
            if (n.Distance < _r0[pair])
            {
                AddBends(atom, pair, j, neighbours, first, types, sum);
            }
        }
    }

    // Bends with the nearer neighbours of the same element; neighbours come nearest first.
    private void AddBends(int atom, int pair, int j, ReadOnlySpan<Neighbor> neighbours, int first, ReadOnlySpan<int> types, ClassicalSum sum)
    {
        double r0 = _r0[pair], toJ = 1 / (neighbours[j].Distance - r0);
        for (int k = 0; k < j; k++)
        {
            if (first + types[neighbours[k].Index] != pair)
            {
                continue;
            }

            double toK = 1 / (neighbours[k].Distance - r0);
            var angle = new BondAngle(neighbours[j], neighbours[k]);
            double difference = angle.Cosine - _cosine[pair], radial = _b[pair] * Math.Exp(_l[pair] * (toJ + toK)), energy = radial * difference * difference;
            sum.AddEnergy(energy);
            var (gradientJ, gradientK) = angle.Gradient(-_l[pair] * toJ * toJ * energy, -_l[pair] * toK * toK * energy, 2 * radial * difference);
            sum.AddGradient(atom, neighbours[j], gradientJ);
            sum.AddGradient(atom, neighbours[k], gradientK);
        }
    }

    private (double Value, double Slope) Unshifted(int pair, double r)
    {
        double steric = _h[pair] * Math.Pow(r, -_eta[pair]);
        double charges = _charges[pair] / r * Math.Exp(-r / _screening);
        double dipole = _d[pair] / (r * r * r * r) * Math.Exp(-r / _dipoleScreening);
        return (steric + charges - dipole, -_eta[pair] / r * steric - (1 / r + 1 / _screening) * charges + (4 / r + 1 / _dipoleScreening) * dipole);
    }
}
