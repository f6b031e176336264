using System.Runtime.CompilerServices;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>Sums over edges: q(d) is evaluated from its table on the way and never stored.</summary>
/// <remarks>Sixteen channels at a time over all edges: their slice of the table and of the features stays in the cache.</remarks>
/// <typeparam name="T">Lanes.</typeparam>
internal static unsafe class EdgeKernels<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>m_i = Σ over edges i → j of q_0 I(y_j) + q_1 A(y_j) + q_2 S(y_j).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Messages(in EdgeList edges, in RadialTable.Block table, in Field y, in Field m)
    {
        nint channels = y.Channels;
        for (nint c = 0; c < channels; c += T.Count)
        {
            float* slice = table.Slice(c);
            for (nint i = 0; i < y.Atoms; i++)
            {
                T zero = T.Broadcast(0), si = zero, ax = zero, ay = zero, az = zero, xx = zero, yy = zero, xy = zero, xz = zero, yz = zero;
                for (nint e = edges.Start[i]; e < edges.Start[i + 1]; e++)
                {
                    float* p = slice + edges.Place[e];
                    nint j = edges.Neighbour[e];
                    var t = T.Broadcast(edges.T[e]);
                    var q = Value(p, t);
                    si = T.MultiplyAdd(q, *(T*)(y.I + j * channels + c), si);
                    float* a = y.A + 3 * j * channels + c;
                    q = Value(p + RadialTable.PartLength, t);
                    ax = T.MultiplyAdd(q, *(T*)a, ax);
                    ay = T.MultiplyAdd(q, *(T*)(a + channels), ay);
                    az = T.MultiplyAdd(q, *(T*)(a + 2 * channels), az);
                    float* s = y.S + 5 * j * channels + c;
                    q = Value(p + 2 * RadialTable.PartLength, t);
                    xx = T.MultiplyAdd(q, *(T*)s, xx);
                    yy = T.MultiplyAdd(q, *(T*)(s + channels), yy);
                    xy = T.MultiplyAdd(q, *(T*)(s + 2 * channels), xy);
                    xz = T.MultiplyAdd(q, *(T*)(s + 3 * channels), xz);
                    yz = T.MultiplyAdd(q, *(T*)(s + 4 * channels), yz);
                }

                new Irreps<T>(si, ax, ay, az, xx, yy, xy, xz, yz).Store(m, i, c);
            }
        }
    }

    /// <summary>byY_i += Σ over edges of q ⊙ g_j, and the slope of each edge: byDistance[16 e + lane] += ⟨g_j, q' ⊙ y_i⟩ · (half a piece of the table).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MessagesReverse(in EdgeList edges, in RadialTable.Block table, in Field g, in Field y, in Field byY, float* byDistance)
    {
        nint channels = y.Channels;
        T two = T.Broadcast(2), three = T.Broadcast(3);
        for (nint c = 0; c < channels; c += T.Count)
        {
            float* slice = table.Slice(c);
            float* slopes = byDistance + c % RadialTable.Lane;
            for (nint i = 0; i < y.Atoms; i++)
            {
                // The metric of the inner product goes into the features of the central atom once.
                var (own, sum) = (Irreps<T>.Load(y, i, c), Irreps<T>.Load(byY, i, c));
                T si = sum.I, ax = sum.AX, ay = sum.AY, az = sum.AZ, xx = sum.XX, yy = sum.YY, xy = sum.XY, xz = sum.XZ, yz = sum.YZ;
                T yi = three * own.I, yax = two * own.AX, yay = two * own.AY, yaz = two * own.AZ;
                T yxx = two * own.XX + own.YY, yyy = two * own.YY + own.XX, yxy = two * own.XY, yxz = two * own.XZ, yyz = two * own.YZ;
                for (nint e = edges.Start[i]; e < edges.Start[i + 1]; e++)
                {
                    float* p = slice + edges.Place[e];
                    nint j = edges.Neighbour[e];
                    var t = T.Broadcast(edges.T[e]);
                    var q = ValueAndSlope(p, t, out var dq);
                    var v = *(T*)(g.I + j * channels + c);
                    si = T.MultiplyAdd(q, v, si);
                    var slope = dq * (v * yi);
                    float* a = g.A + 3 * j * channels + c;
                    q = ValueAndSlope(p + RadialTable.PartLength, t, out dq);
                    v = *(T*)a;
                    ax = T.MultiplyAdd(q, v, ax);
                    var dot = v * yax;
                    v = *(T*)(a + channels);
                    ay = T.MultiplyAdd(q, v, ay);
                    dot = T.MultiplyAdd(v, yay, dot);
                    v = *(T*)(a + 2 * channels);
                    az = T.MultiplyAdd(q, v, az);
                    dot = T.MultiplyAdd(v, yaz, dot);
                    slope = T.MultiplyAdd(dq, dot, slope);
                    float* s = g.S + 5 * j * channels + c;
                    q = ValueAndSlope(p + 2 * RadialTable.PartLength, t, out dq);
                    v = *(T*)s;
                    xx = T.MultiplyAdd(q, v, xx);
                    dot = v * yxx;
                    v = *(T*)(s + channels);
                    yy = T.MultiplyAdd(q, v, yy);
                    dot = T.MultiplyAdd(v, yyy, dot);
                    v = *(T*)(s + 2 * channels);
                    xy = T.MultiplyAdd(q, v, xy);
                    dot = T.MultiplyAdd(v, yxy, dot);
                    v = *(T*)(s + 3 * channels);
                    xz = T.MultiplyAdd(q, v, xz);
                    dot = T.MultiplyAdd(v, yxz, dot);
                    v = *(T*)(s + 4 * channels);
                    yz = T.MultiplyAdd(q, v, yz);
                    dot = T.MultiplyAdd(v, yyz, dot);
                    var total = (T*)(slopes + RadialTable.Lane * e);
                    *total += T.MultiplyAdd(dq, dot, slope);
                }

                new Irreps<T>(si, ax, ay, az, xx, yy, xy, xz, yz).Store(byY, i, c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Value(float* p, T t)
    {
        const int lane = RadialTable.Lane;
        var v = T.MultiplyAdd(*(T*)(p + 5 * lane), t, *(T*)(p + 4 * lane));
        v = T.MultiplyAdd(v, t, *(T*)(p + 3 * lane));
        v = T.MultiplyAdd(v, t, *(T*)(p + 2 * lane));
        v = T.MultiplyAdd(v, t, *(T*)(p + lane));
        return T.MultiplyAdd(v, t, *(T*)p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ValueAndSlope(float* p, T t, out T slope)
    {
        const int lane = RadialTable.Lane;
        var v = *(T*)(p + 5 * lane);
        slope = v;
        v = T.MultiplyAdd(v, t, *(T*)(p + 4 * lane));
        slope = T.MultiplyAdd(slope, t, v);
        v = T.MultiplyAdd(v, t, *(T*)(p + 3 * lane));
        slope = T.MultiplyAdd(slope, t, v);
        v = T.MultiplyAdd(v, t, *(T*)(p + 2 * lane));
        slope = T.MultiplyAdd(slope, t, v);
        v = T.MultiplyAdd(v, t, *(T*)(p + lane));
        slope = T.MultiplyAdd(slope, t, v);
        return T.MultiplyAdd(v, t, *(T*)p);
    }
}
