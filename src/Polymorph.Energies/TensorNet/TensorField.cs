namespace Polymorph.Energies.TensorNet;

/// <summary>One 3 × 3 matrix per atom and channel: the features of TensorNet. Storage: [atoms × 9 × channels].</summary>
internal sealed class TensorField(int atoms, int channels)
{
    private double[] _values = new double[atoms * 9 * channels];

    /// <summary>Number of atoms.</summary>
    public int Atoms { get; } = atoms;

    /// <summary>Number of channels, C.</summary>
    public int Channels { get; } = channels;

    /// <summary>The matrix of one atom and channel.</summary>
    public Matrix3 this[int atom, int channel]
    {
        get
        {
            int at = atom * 9 * Channels + channel, c = Channels;
            var v = _values;
            return new(v[at], v[at + c], v[at + 2 * c], v[at + 3 * c], v[at + 4 * c], v[at + 5 * c], v[at + 6 * c], v[at + 7 * c], v[at + 8 * c]);
        }

        set
        {
            int at = atom * 9 * Channels + channel, c = Channels;
            var v = _values;
            (v[at], v[at + c], v[at + 2 * c]) = (value.XX, value.XY, value.XZ);
            (v[at + 3 * c], v[at + 4 * c], v[at + 5 * c]) = (value.YX, value.YY, value.YZ);
            (v[at + 6 * c], v[at + 7 * c], v[at + 8 * c]) = (value.ZX, value.ZY, value.ZZ);
        }
    }

    /// <summary>A field computed matrix by matrix.</summary>
    public static TensorField Create(int atoms, int channels, Func<int, int, Matrix3> matrix)
    {
        var result = new TensorField(atoms, channels);
        for (int n = 0; n < atoms; n++)
        {
            for (int c = 0; c < channels; c++)
            {
                result[n, c] = matrix(n, c);
            }
        }

        return result;
    }

    /// <summary>Numbers per atom and channel computed from the matrices. result: [atoms × channels].</summary>
    public double[] ToScalars(Func<Matrix3, double> scalar)
    {
        var result = new double[Atoms * Channels];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = scalar(this[i / Channels, i % Channels]);
        }

        return result;
    }

    /// <summary>mix_I(I) + mix_A(A) + mix_S(S): each part of the matrices mixed over the channels by its own map.</summary>
    public TensorField Mix(PartMaps maps) => Combine(part => part.Map(maps.Isotropic.ApplyLinear), part => part.Map(maps.Antisymmetric.ApplyLinear), part => part.Map(maps.Symmetric.ApplyLinear));

    /// <summary>The adjoint of <see cref="Mix"/>.</summary>
    public TensorField MixTranspose(PartMaps maps) => Combine(part => part.Map(maps.Isotropic.ApplyTranspose), part => part.Map(maps.Antisymmetric.ApplyTranspose), part => part.Map(maps.Symmetric.ApplyTranspose));

    private TensorField Combine(Func<TensorField, TensorField> isotropic, Func<TensorField, TensorField> antisymmetric, Func<TensorField, TensorField> symmetric)
    {
        var i = isotropic(Create(Atoms, Channels, (n, c) => this[n, c].Isotropic));
        var a = antisymmetric(Create(Atoms, Channels, (n, c) => this[n, c].Antisymmetric));
        var s = symmetric(Create(Atoms, Channels, (n, c) => this[n, c].Symmetric));
        return Create(Atoms, Channels, (n, c) => i[n, c] + a[n, c] + s[n, c]);
    }

    private TensorField Map(RowMap map) => new(Atoms, Channels) { _values = map(_values) };

    private delegate double[] RowMap(ReadOnlySpan<double> rows);
}

/// <summary>Three channel mixings, one per part of the matrices.</summary>
/// <param name="Isotropic">Mixes I.</param>
/// <param name="Antisymmetric">Mixes A.</param>
/// <param name="Symmetric">Mixes S.</param>
internal sealed record PartMaps(AffineMap Isotropic, AffineMap Antisymmetric, AffineMap Symmetric);
