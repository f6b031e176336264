namespace Polymorph.Learning.Layers;

/// <summary>The passes of layers that act on every row alike.</summary>
/// <remarks>A rectifier of slope s is x where x is greater than 0 and s x elsewhere, so its derivative at 0 is s, as in common frameworks.
/// Its sign is read from the stored activation. Shapes are checked by the implementation; nothing allocates.</remarks>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal interface ILayerKernels<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    /// <summary>c = x·w, plus the bias if there is one.</summary>
    void Linear(TMatrix x, int rows, TMatrix w, TMatrix? bias, TMatrix c);

    /// <summary>c = rectifier(x·w + bias).</summary>
    void Rectified(TMatrix x, int rows, TMatrix w, TMatrix bias, double slope, TMatrix c);

    /// <summary>c = (x·w) times the rectifier's derivative at the stored activation.</summary>
    void Masked(TMatrix x, int rows, TMatrix w, TMatrix activation, double slope, TMatrix c);

    /// <summary>dw = xᵀ·u over the first rows, added to dw if asked.</summary>
    void WeightGradient(TMatrix x, TMatrix u, int rows, TMatrix dw, bool add);

    /// <summary>result = sum of the first rows of u, added to result if asked.</summary>
    void ColumnSums(TMatrix u, int rows, TMatrix result, bool add);

    /// <summary>target = sourceᵀ.</summary>
    void Transpose(TMatrix source, TMatrix target);

    /// <summary>Mean and biased variance of every column over the first rows.</summary>
    void Moments(TMatrix z, int rows, TMatrix mean, TMatrix variance);

    /// <summary>h = rectifier(z·scale + shift), columnwise.</summary>
    void Normalise(TMatrix z, int rows, TMatrix scale, TMatrix shift, double slope, TMatrix h);

    /// <summary>dh becomes u = dh · rectifier'(z·scale + shift); sums: row 0 = Σ u, row 1 = Σ u (z - mean).</summary>
    void NormaliseSums(TMatrix dh, TMatrix z, int rows, TMatrix scale, TMatrix shift, TMatrix mean, double slope, TMatrix sums);

    /// <summary>u becomes a·u + b·(z - mean) + c with the columns' coefficients in the rows of <paramref name="coefficients"/>.</summary>
    void NormaliseAdjoint(TMatrix u, TMatrix z, int rows, TMatrix mean, TMatrix coefficients);

    /// <summary>Means of groups of rows: means[group / groupsPerRow, group % groupsPerRow · width ..].</summary>
    void Pool(TMatrix h, RowGroups groups, TMatrix means);

    /// <summary>u of every row = rectifier'(h) · weight · u of its group's mean.</summary>
    void Unpool(TMatrix means, TMatrix h, RowGroups groups, double slope, TMatrix u);

    /// <summary>One step of Adam; see <see cref="BlockAdam{TMatrix}"/>.</summary>
    void Adam(TMatrix p, TMatrix g, TMatrix m, TMatrix v, double rate, double scale, double beta1, double beta2, double epsilon);
}
