using Polymorph.Structures;

namespace Polymorph.Energies.Ani;

/// <summary>The atomic environment vector of one atom in double precision, as its definition reads: the reference of the kernel.</summary>
/// <remarks>Smith et al., Chem. Sci. 8, 3192 (2017), eqs. 2 to 4, with the factor ¼ of the radial part and the factor 0.95 under the arccosine that the published parameters go with.
/// Derivation of the gradient: <c>docs/methods/ani.md</c>. One thread's.</remarks>
internal sealed class AniDescriptorReference(AniSymmetryFunctions symmetry, int elements)
{
    private readonly (double Sin, double Cos)[] _angles = [.. symmetry.ShfZ.Select(Math.SinCos)];
    private readonly double[] _powers = new double[symmetry.ShfZ.Length];

    /// <summary>Entries of the vector.</summary>
    public int Length { get; } = AniSymmetryFunctions.Length(elements);

    /// <summary>The vector.</summary>
    /// <param name="neighbours">Neighbours within the radial cutoff, those within the angular one first.</param>
    /// <param name="angularCount">How many of them lie within the angular cutoff.</param>
    /// <param name="result">[<see cref="Length"/>], overwritten.</param>
    public void Values(ReadOnlySpan<AniNeighbour> neighbours, int angularCount, Span<double> result)
    {
        result.Clear();
        foreach (var n in neighbours)
        {
            double fc = AniSymmetryFunctions.Cutoff(n.Distance, symmetry.Rcr).Value;
            var block = result.Slice(AniSymmetryFunctions.Radial(n.Type), AniSymmetryFunctions.RadialBlock);
            for (int m = 0; m < block.Length; m++)
            {
                double d = n.Distance - symmetry.ShfR[m];
                block[m] += 0.25 * Math.Exp(-symmetry.EtaR * d * d) * fc;
            }
        }

        for (int j = 1; j < angularCount; j++)
        {
            for (int k = 0; k < j; k++)
            {
                var triple = new Triple(symmetry, neighbours[j], neighbours[k]);
                double fc = triple.CutoffJ.Value * triple.CutoffK.Value;
                for (int z = 0; z < _powers.Length; z++)
                {
                    _powers[z] = triple.Angular(symmetry.Zeta, _angles[z]).Value;
                }

                var block = result.Slice(AniSymmetryFunctions.Angular(elements, neighbours[j].Type, neighbours[k].Type), AniSymmetryFunctions.AngularBlock);
                for (int a = 0; a < symmetry.ShfA.Length; a++)
                {
                    double radial = triple.Radial(symmetry, a) * fc;
                    for (int z = 0; z < _powers.Length; z++)
                    {
                        block[a * _powers.Length + z] += radial * _powers[z];
                    }
                }
            }
        }
    }

    /// <summary>Derivative of a function of the vector by the neighbours' positions.</summary>
    /// <param name="neighbours">As for the values.</param>
    /// <param name="angularCount">As for the values.</param>
    /// <param name="seed">Derivative of the function by the vector, [<see cref="Length"/>].</param>
    /// <param name="result">Derivative by the offset of each neighbour, [neighbours], overwritten.</param>
    public void Gradient(ReadOnlySpan<AniNeighbour> neighbours, int angularCount, ReadOnlySpan<double> seed, Span<Vector3D> result)
    {
        for (int j = 0; j < neighbours.Length; j++)
        {
            result[j] = RadialSlope(neighbours[j], seed.Slice(AniSymmetryFunctions.Radial(neighbours[j].Type), AniSymmetryFunctions.RadialBlock)) / neighbours[j].Distance * neighbours[j].Offset;
        }

        for (int j = 1; j < angularCount; j++)
        {
            for (int k = 0; k < j; k++)
            {
                var block = seed.Slice(AniSymmetryFunctions.Angular(elements, neighbours[j].Type, neighbours[k].Type), AniSymmetryFunctions.AngularBlock);
                var (a, b) = new Triple(symmetry, neighbours[j], neighbours[k]).Gradient(symmetry, _angles, block);
                result[j] += a;
                result[k] += b;
            }
        }
    }

    private double RadialSlope(in AniNeighbour n, ReadOnlySpan<double> seed)
    {
        var fc = AniSymmetryFunctions.Cutoff(n.Distance, symmetry.Rcr);
        double sum = 0;
        for (int m = 0; m < seed.Length; m++)
        {
            double d = n.Distance - symmetry.ShfR[m];
            sum += seed[m] * 0.25 * Math.Exp(-symmetry.EtaR * d * d) * (fc.Slope - 2 * symmetry.EtaR * d * fc.Value);
        }

        return sum;
    }

    /// <summary>Two neighbours of an atom and the angle between them.</summary>
    private readonly ref struct Triple
    {
        private readonly Vector3D _unitJ;
        private readonly Vector3D _unitK;
        private readonly double _distanceJ;
        private readonly double _distanceK;
        private readonly double _cosine;
        private readonly double _c;
        private readonly double _s;

        public Triple(AniSymmetryFunctions symmetry, in AniNeighbour j, in AniNeighbour k)
        {
            (_distanceJ, _distanceK) = (j.Distance, k.Distance);
            (_unitJ, _unitK) = (1 / _distanceJ * j.Offset, 1 / _distanceK * k.Offset);
            _cosine = _unitJ.Dot(_unitK);
            _c = AniSymmetryFunctions.CosineFactor * _cosine;
            _s = Math.Sqrt(1 - _c * _c);
            CutoffJ = AniSymmetryFunctions.Cutoff(_distanceJ, symmetry.Rca);
            CutoffK = AniSymmetryFunctions.Cutoff(_distanceK, symmetry.Rca);
        }

        public (double Value, double Slope) CutoffJ { get; }

        public (double Value, double Slope) CutoffK { get; }

        public double MeanDistance => 0.5 * (_distanceJ + _distanceK);

        /// <summary>2 exp(−EtaA (mean distance − ShfA)²).</summary>
        public double Radial(AniSymmetryFunctions symmetry, int a)
        {
            double d = MeanDistance - symmetry.ShfA[a];
            return 2 * Math.Exp(-symmetry.EtaA * d * d);
        }

        /// <summary>((1 + cos(θ − φ)) / 2)^Zeta and its derivative by the cosine of the angle.</summary>
        public (double Value, double Slope) Angular(double zeta, (double Sin, double Cos) phi)
        {
            double u = Math.Max(1e-6, 0.5 + 0.5 * (_c * phi.Cos + _s * phi.Sin)), value = Math.Pow(u, zeta);
            // dθ/dcosγ = −0.95 / √(1 − c²), du/dθ = −½ sin(θ − φ).
            return (value, zeta * value / u * 0.5 * (_s * phi.Cos - _c * phi.Sin) * AniSymmetryFunctions.CosineFactor / _s);
        }

        /// <summary>Derivatives of the block's contraction with a seed by the two offsets.</summary>
        public (Vector3D J, Vector3D K) Gradient(AniSymmetryFunctions symmetry, ReadOnlySpan<(double Sin, double Cos)> angles, ReadOnlySpan<double> seed)
        {
            double value = 0, byMean = 0, byCosine = 0;
            Span<double> gaussians = stackalloc double[symmetry.ShfA.Length];
            for (int a = 0; a < gaussians.Length; a++)
            {
                gaussians[a] = Radial(symmetry, a);
            }

            for (int z = 0; z < angles.Length; z++)
            {
                double radial = 0, radialSlope = 0;
                for (int a = 0; a < gaussians.Length; a++)
                {
                    double s = seed[a * angles.Length + z] * gaussians[a];
                    radial += s;
                    radialSlope -= 2 * symmetry.EtaA * (MeanDistance - symmetry.ShfA[a]) * s;
                }

                var (angular, angularSlope) = Angular(symmetry.Zeta, angles[z]);
                value += radial * angular;
                byMean += radialSlope * angular;
                byCosine += radial * angularSlope;
            }

            double fc = CutoffJ.Value * CutoffK.Value;
            double byJ = 0.5 * byMean * fc + value * CutoffJ.Slope * CutoffK.Value;
            double byK = 0.5 * byMean * fc + value * CutoffJ.Value * CutoffK.Slope;
            return (
                byJ * _unitJ + byCosine * fc / _distanceJ * (_unitK - _cosine * _unitJ),
                byK * _unitK + byCosine * fc / _distanceK * (_unitJ - _cosine * _unitK));
        }
    }
}
