using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polymorph.Energies.Ani;
using Polymorph.Representations.Kernels;
using Polymorph.Structures;

namespace Polymorph.Energies.Kernels;

/// <summary>The angular part of the atomic environment vector, sixteen pairs of neighbours at a time. One thread's.</summary>
/// <remarks>Per pair a block is the outer product of |ShfA| Gaussians and |ShfZ| powers, so that few of either are taken.
/// The gradient takes them again, which costs less than keeping them.</remarks>
internal sealed unsafe class AniAngularKernel
{
    private readonly AniSymmetryFunctions _symmetry;
    private readonly AniTriples _triples;
    private readonly AlignedArena _arena = new();
    private readonly int _gaussians;
    private readonly int _angles;
    private readonly float* _shfA;
    private readonly float* _cos;
    private readonly float* _sin;
    private readonly Vector512<float>* _sums;
    private readonly Vector512<float>* _powers;
    private readonly Vector512<float>* _values;
    private readonly Vector512<float>* _slopes;

    public AniAngularKernel(AniSymmetryFunctions symmetry, int elements)
    {
        (_symmetry, _triples) = (symmetry, new AniTriples(elements, symmetry.Rca));
        (_gaussians, _angles) = (symmetry.ShfA.Length, symmetry.ShfZ.Length);
        _shfA = _arena.Take<float>(_gaussians);
        _cos = _arena.Take<float>(_angles);
        _sin = _arena.Take<float>(_angles);
        for (int a = 0; a < _gaussians; a++)
        {
            _shfA[a] = (float)symmetry.ShfA[a];
        }

        for (int z = 0; z < _angles; z++)
        {
            (_sin[z], _cos[z]) = ((float)Math.Sin(symmetry.ShfZ[z]), (float)Math.Cos(symmetry.ShfZ[z]));
        }

        _sums = _arena.Take<Vector512<float>>(AniSymmetryFunctions.AngularBlock);
        _powers = _arena.Take<Vector512<float>>(_angles);
        _values = _arena.Take<Vector512<float>>(_gaussians);
        _slopes = _arena.Take<Vector512<float>>(_gaussians);
    }

    /// <summary>Writes the angular blocks.</summary>
    /// <param name="neighbours">Those within the angular cutoff.</param>
    /// <param name="slots">Place of each element among those present.</param>
    /// <param name="present">Number of elements present.</param>
    /// <param name="target">The whole vector for the elements present; its angular blocks are zero.</param>
    public void Values(ReadOnlySpan<AniNeighbour> neighbours, ReadOnlySpan<int> slots, int present, float* target)
    {
        _triples.Take(neighbours, slots, present);
        for (int a = 0; a < present; a++)
        {
            for (int b = a; b < present; b++)
            {
                int pairs = _triples.List(a, b);
                float* block = target + AniSymmetryFunctions.Angular(present, a, b);
                if (pairs == 0)
                {
                    continue;
                }

                if (_symmetry.Zeta == 32)
                {
                    BlockValues(pairs, block, default(PowerOf32));
                }
                else
                {
                    BlockValues(pairs, block, new RealPower((float)_symmetry.Zeta));
                }
            }
        }
    }

    /// <summary>Adds the derivatives by the neighbours' offsets.</summary>
    /// <param name="neighbours">Those within the angular cutoff.</param>
    /// <param name="slots">Place of each element among those present.</param>
    /// <param name="present">Number of elements present.</param>
    /// <param name="seed">Derivative of the function by the whole vector.</param>
    /// <param name="result">[neighbours]: added to.</param>
    public void AddGradient(ReadOnlySpan<AniNeighbour> neighbours, ReadOnlySpan<int> slots, int present, float* seed, Span<Vector3D> result)
    {
        _triples.Take(neighbours, slots, present);
        for (int a = 0; a < present; a++)
        {
            for (int b = a; b < present; b++)
            {
                int pairs = _triples.List(a, b);
                float* block = seed + AniSymmetryFunctions.Angular(present, a, b);
                if (_symmetry.Zeta == 32)
                {
                    BlockGradient(pairs, block, default(PowerOf32));
                }
                else
                {
                    BlockGradient(pairs, block, new RealPower((float)_symmetry.Zeta));
                }
            }
        }

        _triples.AddTo(present, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BlockValues<TPower>(int pairs, float* block, TPower power)
        where TPower : struct, IAngularPower
    {
        var batch = _triples.Batch;
        var eta = Vector512.Create((float)-_symmetry.EtaA * VectorFunctions.Log2E);
        for (int i = 0; i < AniSymmetryFunctions.AngularBlock; i++)
        {
            _sums[i] = Vector512<float>.Zero;
        }

        for (int first = 0; first < pairs; first += TripleBatch.Lane)
        {
            _triples.Load(first);
            var (c, s) = Angle(Vector512.Load(batch->Cosine));
            for (int z = 0; z < _angles; z++)
            {
                _powers[z] = power.Value(Half(c, s, _cos[z], _sin[z]));
            }

            var mean = Vector512.Load(batch->Mean);
            var scale = Vector512.Load(batch->CutoffJ) * Vector512.Load(batch->CutoffK) * Vector512.Create(2f);
            var sums = _sums;
            for (int a = 0; a < _gaussians; a++)
            {
                var gaussian = VectorFunctions.Gaussian(mean - Vector512.Create(_shfA[a]), eta) * scale;
                for (int z = 0; z < _angles; z++, sums++)
                {
                    *sums = Vector512.MultiplyAddEstimate(gaussian, _powers[z], *sums);
                }
            }
        }

        for (int i = 0; i < AniSymmetryFunctions.AngularBlock; i += 4)
        {
            VectorFunctions.Sums(_sums[i], _sums[i + 1], _sums[i + 2], _sums[i + 3]).Store(block + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BlockGradient<TPower>(int pairs, float* block, TPower power)
        where TPower : struct, IAngularPower
    {
        var batch = _triples.Batch;
        var eta = Vector512.Create((float)-_symmetry.EtaA * VectorFunctions.Log2E);
        var meanFactor = Vector512.Create(-2 * (float)_symmetry.EtaA);
        for (int first = 0; first < pairs; first += TripleBatch.Lane)
        {
            _triples.Load(first);
            var mean = Vector512.Load(batch->Mean);
            for (int a = 0; a < _gaussians; a++)
            {
                var d = mean - Vector512.Create(_shfA[a]);
                _values[a] = VectorFunctions.Gaussian(d, eta);
                _slopes[a] = _values[a] * d;
            }

            var cosine = Vector512.Load(batch->Cosine);
            var (c, s) = Angle(cosine);
            Vector512<float> value = Vector512<float>.Zero, byMean = value, bySine = value;
            for (int z = 0; z < _angles; z++)
            {
                Vector512<float> q = Vector512<float>.Zero, r = q;
                float* seed = block + z;
                for (int a = 0; a < _gaussians; a++, seed += _angles)
                {
                    var weight = Vector512.Create(*seed);
                    q = Vector512.MultiplyAddEstimate(weight, _values[a], q);
                    r = Vector512.MultiplyAddEstimate(weight, _slopes[a], r);
                }

                var (p, slope) = power.ValueAndSlope(Half(c, s, _cos[z], _sin[z]));
                var sine = s * Vector512.Create(_cos[z]) - c * Vector512.Create(_sin[z]);
                value = Vector512.MultiplyAddEstimate(q, p, value);
                byMean = Vector512.MultiplyAddEstimate(r, p, byMean);
                bySine = Vector512.MultiplyAddEstimate(q, slope * sine, bySine);
            }

            // du/dcosγ = ½ sin(θ − φ)·0.95/√(1 − c²); both Gaussians and powers lack the factor 2.
            Vector512<float> cutoffJ = Vector512.Load(batch->CutoffJ), cutoffK = Vector512.Load(batch->CutoffK), cutoffs = cutoffJ * cutoffK;
            var turn = Vector512.Create((float)AniSymmetryFunctions.CosineFactor) * bySine / s * cutoffs;
            byMean *= meanFactor * cutoffs;
            value += value;
            Vector512<float> turnJ = turn * Vector512.Load(batch->InverseJ), turnK = turn * Vector512.Load(batch->InverseK);
            turnJ.Store(batch->TurnJ);
            turnK.Store(batch->TurnK);
            (byMean + value * Vector512.Load(batch->SlopeJ) * cutoffK - turnJ * cosine).Store(batch->AlongJ);
            (byMean + value * Vector512.Load(batch->SlopeK) * cutoffJ - turnK * cosine).Store(batch->AlongK);
            _triples.AddGradient(first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> C, Vector512<float> S) Angle(Vector512<float> cosine)
    {
        var c = Vector512.Create((float)AniSymmetryFunctions.CosineFactor) * cosine;
        return (c, Vector512.Sqrt(Vector512<float>.One - c * c));
    }

    /// <summary>(1 + cos(θ − φ)) / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Half(Vector512<float> c, Vector512<float> s, float cos, float sin)
    {
        var sum = Vector512.MultiplyAddEstimate(c, Vector512.Create(0.5f * cos), Vector512.Create(0.5f));
        return Vector512.MultiplyAddEstimate(s, Vector512.Create(0.5f * sin), sum);
    }
}
