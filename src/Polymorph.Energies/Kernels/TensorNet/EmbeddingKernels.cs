using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>The embedding's sum over edges through moments: a channel sees an edge only by φ g_0, φ g_1, φ g_2 and φ, so the neighbours of one species are summed
/// as 9 × 4 numbers before any channel is touched.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal static unsafe class EmbeddingKernels<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Numbers of the moments of one atom and neighbour species: [9 components × 4 radial factors].</summary>
    public const int MomentLength = 36;

    /// <summary>X_j = Σ over species s of Z_sj ⊙ Σ_m W[part, m] ⊙ moments[j, s, component, m].</summary>
    /// <param name="moments">[atoms × species × 36].</param>
    /// <param name="sources">Source's share of Z of each species that occurs, [species], with the bias.</param>
    /// <param name="destinations">Destination's share of Z of each atom, [atoms].</param>
    /// <param name="species">Number of species that occur.</param>
    /// <param name="w">W and last the bias of the three radial maps, [3 × 4 × C].</param>
    /// <param name="x">Overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Expand(float* moments, float** sources, float** destinations, int species, float* w, in Field x)
    {
        nint channels = x.Channels;
        for (nint j = 0; j < x.Atoms; j++)
        {
            for (nint c = 0; c < channels; c += T.Count)
            {
                var destination = *(T*)(destinations[j] + c);
                Irreps<T> sum = default;
                for (nint s = 0; s < species; s++)
                {
                    float* m = moments + (j * species + s) * MomentLength;
                    var z = *(T*)(sources[s] + c) + destination;
                    float* isotropic = w + c, antisymmetric = isotropic + 4 * channels, symmetric = antisymmetric + 4 * channels;
                    var share = new Irreps<T>(
                        Combine(m, isotropic, channels),
                        Combine(m + 4, antisymmetric, channels), Combine(m + 8, antisymmetric, channels), Combine(m + 12, antisymmetric, channels),
                        Combine(m + 16, symmetric, channels), Combine(m + 20, symmetric, channels), Combine(m + 24, symmetric, channels), Combine(m + 28, symmetric, channels), Combine(m + 32, symmetric, channels));
                    sum = sum.Plus(z, share);
                }

                sum.Store(x, j, c);
            }
        }
    }

    /// <summary>The gradient by the moments: Σ over channels of Z W ⊙ g, [atoms × species × 36].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ExpandReverse(in Field g, float** sources, float** destinations, int species, float* w, float* byMoments)
    {
        nint channels = g.Channels;
        float* row = stackalloc float[(int)channels];
        for (nint j = 0; j < g.Atoms; j++)
        {
            for (nint s = 0; s < species; s++)
            {
                float* target = byMoments + (j * species + s) * MomentLength;
                for (int component = 0; component < 9; component++)
                {
                    float* values = component == 0 ? g.I + j * channels : component < 4 ? g.A + (3 * j + component - 1) * channels : g.S + (5 * j + component - 4) * channels;
                    for (nint c = 0; c < channels; c += T.Count)
                    {
                        *(T*)(row + c) = *(T*)(values + c) * (*(T*)(sources[s] + c) + *(T*)(destinations[j] + c));
                    }

                    float* part = w + (component == 0 ? 0 : component < 4 ? 4 : 8) * channels;
                    for (int m = 0; m < 4; m++)
                    {
                        target[4 * component + m] = (float)RowKernels<T>.SumOfProducts(row, part + m * channels, channels);
                    }
                }
            }
        }
    }

    /// <summary>Adds one edge to the moments of its destination, of which u points away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddEdge(float* moments, Vector128<float> h, float x, float y, float z)
    {
        Add(moments, h);
        Add(moments + 4, -x * h);
        Add(moments + 8, -y * h);
        Add(moments + 12, -z * h);
        Add(moments + 16, (x * x - 1f / 3) * h);
        Add(moments + 20, (y * y - 1f / 3) * h);
        Add(moments + 24, x * y * h);
        Add(moments + 28, x * z * h);
        Add(moments + 32, y * z * h);
    }

    /// <summary>The energy's slopes by the distance and by u of one edge, given the gradient by the moments of its destination.</summary>
    public static (float ByDistance, float X, float Y, float Z) EdgeGradient(float* g, Vector128<float> h, Vector128<float> slope, float x, float y, float z)
    {
        var (xx, yy, xy, xz, yz) = (Vector128.Load(g + 16), Vector128.Load(g + 20), Vector128.Load(g + 24), Vector128.Load(g + 28), Vector128.Load(g + 32));
        var (ax, ay, az) = (Vector128.Load(g + 4), Vector128.Load(g + 8), Vector128.Load(g + 12));
        var sx = x * xx + y * xy + z * xz;
        var sy = x * xy + y * yy + z * yz;
        var sz = x * xz + y * yz - z * (xx + yy);
        var along = 3 * Vector128.Load(g) + x * (sx - 2 * ax) + y * (sy - 2 * ay) + z * (sz - 2 * az);
        return (Vector128.Dot(slope, along), 2 * Vector128.Dot(h, sx - ax), 2 * Vector128.Dot(h, sy - ay), 2 * Vector128.Dot(h, sz - az));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* target, Vector128<float> value) => (Vector128.Load(target) + value).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Combine(float* m, float* w, nint channels) =>
        T.MultiplyAdd(T.Broadcast(m[0]), *(T*)w, T.MultiplyAdd(T.Broadcast(m[1]), *(T*)(w + channels), T.MultiplyAdd(T.Broadcast(m[2]), *(T*)(w + 2 * channels), T.Broadcast(m[3]) * *(T*)(w + 3 * channels))));
}
