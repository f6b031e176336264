using System.Runtime.CompilerServices;
using Polymorph.Representations.Kernels;

namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>The matrices Id·I + [A]× + S of a few channels of one atom, one channel per lane; see <see cref="Field"/>.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal readonly unsafe struct Irreps<T>(T i, T ax, T ay, T az, T xx, T yy, T xy, T xz, T yz)
    where T : unmanaged, ILanes<T>
{
    public readonly T I = i, AX = ax, AY = ay, AZ = az, XX = xx, YY = yy, XY = xy, XZ = xz, YZ = yz;

    /// <summary>Reads the channels from <paramref name="channel"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Irreps<T> Load(in Field f, nint atom, nint channel)
    {
        nint c = f.Channels;
        float* i = f.I + atom * c + channel, a = f.A + 3 * atom * c + channel, s = f.S + 5 * atom * c + channel;
        return new(*(T*)i, *(T*)a, *(T*)(a + c), *(T*)(a + 2 * c), *(T*)s, *(T*)(s + c), *(T*)(s + 2 * c), *(T*)(s + 3 * c), *(T*)(s + 4 * c));
    }

    /// <summary>Writes the channels from <paramref name="channel"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(in Field f, nint atom, nint channel)
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
    public Irreps<T> Scale(T i, T a, T s) => new(i * I, a * AX, a * AY, a * AZ, s * XX, s * YY, s * XY, s * XZ, s * YZ);

    /// <summary>this + s·m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Irreps<T> Plus(T s, in Irreps<T> m) => new(
        T.MultiplyAdd(s, m.I, I),
        T.MultiplyAdd(s, m.AX, AX), T.MultiplyAdd(s, m.AY, AY), T.MultiplyAdd(s, m.AZ, AZ),
        T.MultiplyAdd(s, m.XX, XX), T.MultiplyAdd(s, m.YY, YY), T.MultiplyAdd(s, m.XY, XY), T.MultiplyAdd(s, m.XZ, XZ), T.MultiplyAdd(s, m.YZ, YZ));

    /// <summary>The transposed matrix: the axis changes its sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Irreps<T> Transpose()
    {
        var zero = T.Broadcast(0);
        return new(I, zero - AX, zero - AY, zero - AZ, XX, YY, XY, XZ, YZ);
    }

    /// <summary>⟨I, I⟩ of two isotropic parts: 3 I I'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DotI(in Irreps<T> m) => T.Broadcast(3) * I * m.I;

    /// <summary>⟨A, A'⟩ = 2 a · a'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DotA(in Irreps<T> m) => T.Broadcast(2) * T.MultiplyAdd(AX, m.AX, T.MultiplyAdd(AY, m.AY, AZ * m.AZ));

    /// <summary>⟨S, S'⟩, the sum over all nine elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T DotS(in Irreps<T> m)
    {
        var off = T.MultiplyAdd(XY, m.XY, T.MultiplyAdd(XZ, m.XZ, YZ * m.YZ));
        var diagonal = T.MultiplyAdd(XX, m.XX, T.MultiplyAdd(YY, m.YY, (XX + YY) * (m.XX + m.YY)));
        return T.MultiplyAdd(T.Broadcast(2), off, diagonal);
    }

    /// <summary>⟨M, M'⟩, the sum over the products of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Dot(in Irreps<T> m) => DotI(m) + DotA(m) + DotS(m);

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
        var ri = T.MultiplyAdd(two, m.I * y.I, third * (symmetric - two * axes));
        var rax = Axis(m.I, y.I, m.AX, y.AX, m.XX * y.AX + m.XY * y.AY + m.XZ * y.AZ, y.XX * m.AX + y.XY * m.AY + y.XZ * m.AZ);
        var ray = Axis(m.I, y.I, m.AY, y.AY, m.XY * y.AX + m.YY * y.AY + m.YZ * y.AZ, y.XY * m.AX + y.YY * m.AY + y.YZ * m.AZ);
        var raz = Axis(m.I, y.I, m.AZ, y.AZ, m.XZ * y.AX + m.YZ * y.AY + mzz * y.AZ, y.XZ * m.AX + y.YZ * m.AY + yzz * m.AZ);
        var rxx = two * (m.I * y.XX + y.I * m.XX + m.AX * y.AX + m.XX * y.XX + m.XY * y.XY + m.XZ * y.XZ) - trace;
        var ryy = two * (m.I * y.YY + y.I * m.YY + m.AY * y.AY + m.XY * y.XY + m.YY * y.YY + m.YZ * y.YZ) - trace;
        var rxy = two * (m.I * y.XY + y.I * m.XY) + m.AX * y.AY + m.AY * y.AX
            + (m.XX * y.XY + m.XY * y.YY + m.XZ * y.YZ) + (y.XX * m.XY + y.XY * m.YY + y.XZ * m.YZ);
        var rxz = two * (m.I * y.XZ + y.I * m.XZ) + m.AX * y.AZ + m.AZ * y.AX
            + (m.XX * y.XZ + m.XY * y.YZ + m.XZ * yzz) + (y.XX * m.XZ + y.XY * m.YZ + y.XZ * mzz);
        var ryz = two * (m.I * y.YZ + y.I * m.YZ) + m.AY * y.AZ + m.AZ * y.AY
            + (m.XY * y.XZ + m.YY * y.YZ + m.YZ * yzz) + (y.XY * m.XZ + y.YY * m.YZ + y.YZ * mzz);
        return new(ri, rax, ray, raz, rxx, ryy, rxy, rxz, ryz);
    }

    // [a]×S + S[a]× = −[S a]× for a traceless S.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Axis(T mi, T yi, T ma, T ya, T my, T ym) => T.Broadcast(2) * (mi * ya + yi * ma) - (my + ym);
}
