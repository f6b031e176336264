using System.Runtime.CompilerServices;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>The matrices Id·I + [A]× + S of a few channels of one atom, one channel per lane; see <see cref="Field"/>.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal unsafe struct Irreps<T>
    where T : unmanaged, ILanes<T>
{
    public T I, AX, AY, AZ, XX, YY, XY, XZ, YZ;

    /// <summary>Reads the channels from <paramref name="channel"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Irreps<T> Load(in Field f, nint atom, nint channel)
    {
        nint c = f.Channels;
        float* a = f.A + 3 * atom * c + channel, s = f.S + 5 * atom * c + channel;
        Irreps<T> m;
        m.I = *(T*)(f.I + atom * c + channel);
        (m.AX, m.AY, m.AZ) = (*(T*)a, *(T*)(a + c), *(T*)(a + 2 * c));
        (m.XX, m.YY, m.XY) = (*(T*)s, *(T*)(s + c), *(T*)(s + 2 * c));
        (m.XZ, m.YZ) = (*(T*)(s + 3 * c), *(T*)(s + 4 * c));
        return m;
    }

    /// <summary>Writes the channels from <paramref name="channel"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(in Field f, nint atom, nint channel)
    {
        nint c = f.Channels;
        float* a = f.A + 3 * atom * c + channel, s = f.S + 5 * atom * c + channel;
        *(T*)(f.I + atom * c + channel) = I;
        *(T*)a = AX;
        *(T*)(a + c) = AY;
        *(T*)(a + 2 * c) = AZ;
        *(T*)s = XX;
        *(T*)(s + c) = YY;
        *(T*)(s + 2 * c) = XY;
        *(T*)(s + 3 * c) = XZ;
        *(T*)(s + 4 * c) = YZ;
    }

    /// <summary>Each part times its own factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Irreps<T> Scale(T i, T a, T s)
    {
        Irreps<T> m;
        m.I = i * I;
        (m.AX, m.AY, m.AZ) = (a * AX, a * AY, a * AZ);
        (m.XX, m.YY, m.XY, m.XZ, m.YZ) = (s * XX, s * YY, s * XY, s * XZ, s * YZ);
        return m;
    }

    /// <summary>this + s·m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Irreps<T> Plus(T s, in Irreps<T> m)
    {
        Irreps<T> r;
        r.I = T.MultiplyAdd(s, m.I, I);
        (r.AX, r.AY, r.AZ) = (T.MultiplyAdd(s, m.AX, AX), T.MultiplyAdd(s, m.AY, AY), T.MultiplyAdd(s, m.AZ, AZ));
        (r.XX, r.YY, r.XY) = (T.MultiplyAdd(s, m.XX, XX), T.MultiplyAdd(s, m.YY, YY), T.MultiplyAdd(s, m.XY, XY));
        (r.XZ, r.YZ) = (T.MultiplyAdd(s, m.XZ, XZ), T.MultiplyAdd(s, m.YZ, YZ));
        return r;
    }

    /// <summary>The transposed matrix: the axis changes its sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Irreps<T> Transpose()
    {
        var (m, zero) = (this, T.Broadcast(0));
        (m.AX, m.AY, m.AZ) = (zero - AX, zero - AY, zero - AZ);
        return m;
    }

    /// <summary>⟨I, I⟩ of two isotropic parts: 3 I I'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T DotI(in Irreps<T> m) => T.Broadcast(3) * I * m.I;

    /// <summary>⟨A, A'⟩ = 2 a · a'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T DotA(in Irreps<T> m) => T.Broadcast(2) * T.MultiplyAdd(AX, m.AX, T.MultiplyAdd(AY, m.AY, AZ * m.AZ));

    /// <summary>⟨S, S'⟩, the sum over all nine elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T DotS(in Irreps<T> m)
    {
        var off = T.MultiplyAdd(XY, m.XY, T.MultiplyAdd(XZ, m.XZ, YZ * m.YZ));
        var diagonal = T.MultiplyAdd(XX, m.XX, T.MultiplyAdd(YY, m.YY, (XX + YY) * (m.XX + m.YY)));
        return T.MultiplyAdd(T.Broadcast(2), off, diagonal);
    }

    /// <summary>⟨M, M'⟩, the sum over the products of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Dot(in Irreps<T> m) => DotI(m) + DotA(m) + DotS(m);

    /// <summary>M·Y + Y·M.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Irreps<T> Anticommutator(in Irreps<T> m, in Irreps<T> y)
    {
        T two = T.Broadcast(2), third = T.Broadcast(2f / 3);
        T mzz = T.Broadcast(0) - m.XX - m.YY, yzz = T.Broadcast(0) - y.XX - y.YY;
        var axes = T.MultiplyAdd(m.AX, y.AX, T.MultiplyAdd(m.AY, y.AY, m.AZ * y.AZ));
        var off = T.MultiplyAdd(m.XY, y.XY, T.MultiplyAdd(m.XZ, y.XZ, m.YZ * y.YZ));
        var symmetric = T.MultiplyAdd(two, off, T.MultiplyAdd(m.XX, y.XX, T.MultiplyAdd(m.YY, y.YY, mzz * yzz)));
        var trace = third * (axes + symmetric);
        Irreps<T> r;
        r.I = T.MultiplyAdd(two, m.I * y.I, third * (symmetric - two * axes));
        r.AX = Axis(m.I, y.I, m.AX, y.AX, m.XX * y.AX + m.XY * y.AY + m.XZ * y.AZ, y.XX * m.AX + y.XY * m.AY + y.XZ * m.AZ);
        r.AY = Axis(m.I, y.I, m.AY, y.AY, m.XY * y.AX + m.YY * y.AY + m.YZ * y.AZ, y.XY * m.AX + y.YY * m.AY + y.YZ * m.AZ);
        r.AZ = Axis(m.I, y.I, m.AZ, y.AZ, m.XZ * y.AX + m.YZ * y.AY + mzz * y.AZ, y.XZ * m.AX + y.YZ * m.AY + yzz * m.AZ);
        r.XX = two * (m.I * y.XX + y.I * m.XX + m.AX * y.AX + m.XX * y.XX + m.XY * y.XY + m.XZ * y.XZ) - trace;
        r.YY = two * (m.I * y.YY + y.I * m.YY + m.AY * y.AY + m.XY * y.XY + m.YY * y.YY + m.YZ * y.YZ) - trace;
        r.XY = two * (m.I * y.XY + y.I * m.XY) + m.AX * y.AY + m.AY * y.AX
            + (m.XX * y.XY + m.XY * y.YY + m.XZ * y.YZ) + (y.XX * m.XY + y.XY * m.YY + y.XZ * m.YZ);
        r.XZ = two * (m.I * y.XZ + y.I * m.XZ) + m.AX * y.AZ + m.AZ * y.AX
            + (m.XX * y.XZ + m.XY * y.YZ + m.XZ * yzz) + (y.XX * m.XZ + y.XY * m.YZ + y.XZ * mzz);
        r.YZ = two * (m.I * y.YZ + y.I * m.YZ) + m.AY * y.AZ + m.AZ * y.AY
            + (m.XY * y.XZ + m.YY * y.YZ + m.YZ * yzz) + (y.XY * m.XZ + y.YY * m.YZ + y.YZ * mzz);
        return r;
    }

    // [a]×S + S[a]× = −[S a]× for a traceless S.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Axis(T mi, T yi, T ma, T ya, T my, T ym) => T.Broadcast(2) * (mi * ya + yi * ma) - (my + ym);
}
