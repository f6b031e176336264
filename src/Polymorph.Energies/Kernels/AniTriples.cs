using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Polymorph.Energies.Ani;
using Polymorph.Representations.Kernels;
using Polymorph.Structures;

namespace Polymorph.Energies.Kernels;

/// <summary>An atom's neighbours within the angular cutoff, sorted by element, and the pairs of them in batches of sixteen pairs of the same two elements.</summary>
/// <remarks>With one pair per lane nothing is summed across lanes but whole blocks of the descriptor. One thread's.</remarks>
internal sealed unsafe class AniTriples
{
    private readonly float _cutoff;
    private readonly int[] _starts;
    private readonly AlignedArena _batchArena = new();
    private AlignedArena _arena = new();
    private int _capacity = 64;
    private Near* _near;
    private (int J, int K)[] _pairs = new (int, int)[256];
    private int _pairCount;

    /// <summary>Room for the pairs of one atom.</summary>
    /// <param name="elements">Most elements present.</param>
    /// <param name="cutoff">Angular cutoff, Å.</param>
    public AniTriples(int elements, double cutoff)
    {
        (_cutoff, _starts) = ((float)cutoff, new int[elements + 1]);
        Batch = _batchArena.Take<TripleBatch>(1);
        _near = _arena.Take<Near>(_capacity);
    }

    /// <summary>The batch at hand.</summary>
    public TripleBatch* Batch { get; }

    /// <summary>Takes the neighbours of an atom.</summary>
    /// <param name="neighbours">Those within the angular cutoff.</param>
    /// <param name="slots">Place of each element among those present.</param>
    /// <param name="present">Number of elements present.</param>
    public void Take(ReadOnlySpan<AniNeighbour> neighbours, ReadOnlySpan<int> slots, int present)
    {
        if (_capacity < neighbours.Length)
        {
            _capacity = 2 * neighbours.Length;
            _arena = new AlignedArena();
            _near = _arena.Take<Near>(_capacity);
        }

        int count = 0;
        for (int slot = 0; slot < present; slot++)
        {
            _starts[slot] = count;
            for (int i = 0; i < neighbours.Length; i++)
            {
                if (slots[neighbours[i].Type] == slot)
                {
                    _near[count++] = new Near(neighbours[i], i, _cutoff);
                }
            }
        }

        _starts[present] = count;
    }

    /// <summary>Lists the pairs of two elements.</summary>
    /// <param name="a">Place of one.</param>
    /// <param name="b">Place of the other.</param>
    /// <returns>Their number.</returns>
    public int List(int a, int b)
    {
        int sizeA = _starts[a + 1] - _starts[a], sizeB = _starts[b + 1] - _starts[b], most = sizeA * sizeB;
        if (_pairs.Length < most)
        {
            _pairs = new (int, int)[2 * most];
        }

        _pairCount = 0;
        for (int j = _starts[a]; j < _starts[a + 1]; j++)
        {
            int end = a == b ? j : _starts[b + 1];
            for (int k = _starts[b]; k < end; k++)
            {
                _pairs[_pairCount++] = (j, k);
            }
        }

        return _pairCount;
    }

    /// <summary>Loads sixteen pairs; what is beyond the last pair has cutoff functions of zero and so counts for nothing.</summary>
    /// <param name="first">First of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(int first)
    {
        var batch = Batch;
        int count = Math.Min(TripleBatch.Lane, _pairCount - first);
        if (count < TripleBatch.Lane)
        {
            *batch = default;
        }

        for (int l = 0; l < count; l++)
        {
            var (indexJ, indexK) = _pairs[first + l];
            Near* j = _near + indexJ;
            Near* k = _near + indexK;
            batch->Cosine[l] = Vector128.Sum(j->Unit * k->Unit);
            batch->Mean[l] = 0.5f * (j->Distance + k->Distance);
            (batch->CutoffJ[l], batch->CutoffK[l]) = (j->Cutoff, k->Cutoff);
            (batch->SlopeJ[l], batch->SlopeK[l]) = (j->CutoffSlope, k->CutoffSlope);
            (batch->InverseJ[l], batch->InverseK[l]) = (j->Inverse, k->Inverse);
        }
    }

    /// <summary>Adds the derivatives of the batch, along the directions to both neighbours, to the two neighbours of each pair.</summary>
    /// <param name="first">First pair of the batch.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddGradient(int first)
    {
        var batch = Batch;
        int count = Math.Min(TripleBatch.Lane, _pairCount - first);
        for (int l = 0; l < count; l++)
        {
            var (indexJ, indexK) = _pairs[first + l];
            Near* j = _near + indexJ;
            Near* k = _near + indexK;
            Vector128<float> unitJ = j->Unit, unitK = k->Unit;
            j->Gradient = Along(batch->AlongJ[l], unitJ, batch->TurnJ[l], unitK, j->Gradient);
            k->Gradient = Along(batch->AlongK[l], unitK, batch->TurnK[l], unitJ, k->Gradient);
        }
    }

    /// <summary>Adds the gradients to those of the neighbours they came from.</summary>
    /// <param name="present">Number of elements present.</param>
    /// <param name="result">[neighbours].</param>
    public void AddTo(int present, Span<Vector3D> result)
    {
        for (int i = 0; i < _starts[present]; i++)
        {
            result[_near[i].Source] += new Vector3D(_near[i].Gradient[0], _near[i].Gradient[1], _near[i].Gradient[2]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Along(float a, Vector128<float> u, float b, Vector128<float> v, Vector128<float> sum) =>
        Vector128.MultiplyAddEstimate(Vector128.Create(b), v, Vector128.MultiplyAddEstimate(Vector128.Create(a), u, sum));

    /// <summary>A neighbour: one cache line. The fourth lanes are zero.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Near
    {
        public Vector128<float> Unit;
        public Vector128<float> Gradient;
        public float Distance;
        public float Inverse;
        public float Cutoff;
        public float CutoffSlope;
        public int Source;

        public Near(in AniNeighbour n, int source, float cutoff)
        {
            double inverse = 1 / n.Distance;
            Unit = Vector128.Create((float)(inverse * n.Offset.X), (float)(inverse * n.Offset.Y), (float)(inverse * n.Offset.Z), 0);
            (Distance, Inverse, Source) = ((float)n.Distance, (float)inverse, source);
            (Cutoff, CutoffSlope) = AniDescriptorKernel.Cutoff(Distance, cutoff);
        }
    }
}

/// <summary>Sixteen pairs of neighbours, a vector of each quantity.</summary>
internal unsafe struct TripleBatch
{
    /// <summary>Number of pairs.</summary>
    public const int Lane = 16;

    /// <summary>Cosine of the angle between the two.</summary>
    public fixed float Cosine[Lane];

    /// <summary>Mean of the two distances, Å.</summary>
    public fixed float Mean[Lane];

    /// <summary>Cutoff function of the first.</summary>
    public fixed float CutoffJ[Lane];

    /// <summary>Cutoff function of the second.</summary>
    public fixed float CutoffK[Lane];

    /// <summary>Its derivative, first.</summary>
    public fixed float SlopeJ[Lane];

    /// <summary>Its derivative, second.</summary>
    public fixed float SlopeK[Lane];

    /// <summary>Inverse distance of the first, Å⁻¹.</summary>
    public fixed float InverseJ[Lane];

    /// <summary>Inverse distance of the second, Å⁻¹.</summary>
    public fixed float InverseK[Lane];

    /// <summary>Result: derivative of the first along its own direction.</summary>
    public fixed float AlongJ[Lane];

    /// <summary>Result: derivative of the second along its own direction.</summary>
    public fixed float AlongK[Lane];

    /// <summary>Result: derivative of the first along the direction of the second.</summary>
    public fixed float TurnJ[Lane];

    /// <summary>Result: derivative of the second along the direction of the first.</summary>
    public fixed float TurnK[Lane];
}
