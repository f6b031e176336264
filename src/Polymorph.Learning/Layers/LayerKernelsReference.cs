namespace Polymorph.Learning.Layers;

/// <summary>The definitions of <see cref="ILayerKernels{TMatrix}"/> as plain loops in double precision.</summary>
internal sealed class LayerKernelsReference : ILayerKernels<ReferenceMatrix>
{
    public void Linear(ReferenceMatrix x, int rows, ReferenceMatrix w, ReferenceMatrix? bias, ReferenceMatrix c) =>
        Product(x, rows, w, c, (sum, _, j) => sum + (bias?[0, j] ?? 0));

    public void Rectified(ReferenceMatrix x, int rows, ReferenceMatrix w, ReferenceMatrix bias, double slope, ReferenceMatrix c) =>
        Product(x, rows, w, c, (sum, _, j) => Rectify(sum + bias[0, j], slope));

    public void Masked(ReferenceMatrix x, int rows, ReferenceMatrix w, ReferenceMatrix activation, double slope, ReferenceMatrix c) =>
        Product(x, rows, w, c, (sum, i, j) => activation[i, j] > 0 ? sum : slope * sum);

    public void WeightGradient(ReferenceMatrix x, ReferenceMatrix u, int rows, ReferenceMatrix dw, bool add)
    {
        for (int i = 0; i < dw.Rows; i++)
        {
            for (int j = 0; j < dw.Columns; j++)
            {
                double sum = add ? dw[i, j] : 0;
                for (int row = 0; row < rows; row++)
                {
                    sum += x[row, i] * u[row, j];
                }

                dw[i, j] = sum;
            }
        }
    }

    public void ColumnSums(ReferenceMatrix u, int rows, ReferenceMatrix result, bool add)
    {
        for (int j = 0; j < u.Columns; j++)
        {
            result[0, j] = (add ? result[0, j] : 0) + Sum(rows, i => u[i, j]);
        }
    }

    public void Transpose(ReferenceMatrix source, ReferenceMatrix target)
    {
        for (int i = 0; i < source.Rows; i++)
        {
            for (int j = 0; j < source.Columns; j++)
            {
                target[j, i] = source[i, j];
            }
        }
    }

    public void Moments(ReferenceMatrix z, int rows, ReferenceMatrix mean, ReferenceMatrix variance)
    {
        for (int j = 0; j < z.Columns; j++)
        {
            double average = Sum(rows, i => z[i, j]) / rows;
            mean[0, j] = average;
            variance[0, j] = Sum(rows, i => (z[i, j] - average) * (z[i, j] - average)) / rows;
        }
    }

    public void Normalise(ReferenceMatrix z, int rows, ReferenceMatrix scale, ReferenceMatrix shift, double slope, ReferenceMatrix h)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < z.Columns; j++)
            {
                h[i, j] = Rectify(z[i, j] * scale[0, j] + shift[0, j], slope);
            }
        }
    }

    public void NormaliseSums(ReferenceMatrix dh, ReferenceMatrix z, int rows, ReferenceMatrix scale, ReferenceMatrix shift, ReferenceMatrix mean, double slope, ReferenceMatrix sums)
    {
        for (int j = 0; j < z.Columns; j++)
        {
            for (int i = 0; i < rows; i++)
            {
                dh[i, j] *= z[i, j] * scale[0, j] + shift[0, j] > 0 ? 1 : slope;
            }

            sums[0, j] = Sum(rows, i => dh[i, j]);
            sums[1, j] = Sum(rows, i => dh[i, j] * (z[i, j] - mean[0, j]));
        }
    }

    public void NormaliseAdjoint(ReferenceMatrix u, ReferenceMatrix z, int rows, ReferenceMatrix mean, ReferenceMatrix coefficients)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < z.Columns; j++)
            {
                u[i, j] = coefficients[0, j] * u[i, j] + coefficients[1, j] * (z[i, j] - mean[0, j]) + coefficients[2, j];
            }
        }
    }

    public void Pool(ReferenceMatrix h, RowGroups groups, ReferenceMatrix means)
    {
        int perRow = means.Columns / h.Columns;
        for (int g = 0; g < groups.Count; g++)
        {
            for (int j = 0; j < h.Columns; j++)
            {
                double sum = groups.Weight[g] * Sum(groups.Length[g], i => h[groups.Start[g] + i, j]);
                means[g / perRow, g % perRow * h.Columns + j] = groups.Shared < 0 ? sum : sum + groups.SharedWeight[g] * h[groups.Shared, j];
            }
        }
    }

    public void Unpool(ReferenceMatrix means, ReferenceMatrix h, RowGroups groups, double slope, ReferenceMatrix u)
    {
        int perRow = means.Columns / h.Columns;
        for (int j = 0; j < h.Columns; j++)
        {
            double shared = 0;
            for (int g = 0; g < groups.Count; g++)
            {
                double mean = means[g / perRow, g % perRow * h.Columns + j];
                shared += groups.SharedWeight[g] * mean;
                for (int row = groups.Start[g]; row < groups.Start[g] + groups.Length[g]; row++)
                {
                    u[row, j] = groups.Weight[g] * mean * (h[row, j] > 0 ? 1 : slope);
                }
            }

            if (groups.Shared >= 0)
            {
                u[groups.Shared, j] = shared * (h[groups.Shared, j] > 0 ? 1 : slope);
            }
        }
    }

    public void Adam(ReferenceMatrix p, ReferenceMatrix g, ReferenceMatrix m, ReferenceMatrix v, double rate, double scale, double beta1, double beta2, double epsilon)
    {
        for (int j = 0; j < p.Columns; j++)
        {
            m[0, j] = beta1 * m[0, j] + (1 - beta1) * g[0, j];
            v[0, j] = beta2 * v[0, j] + (1 - beta2) * g[0, j] * g[0, j];
            p[0, j] -= rate * m[0, j] / (Math.Sqrt(v[0, j]) * scale + epsilon);
        }
    }

    private static double Rectify(double z, double slope) => z > 0 ? z : slope * z;

    private static double Sum(int rows, Func<int, double> term)
    {
        double sum = 0;
        for (int i = 0; i < rows; i++)
        {
            sum += term(i);
        }

        return sum;
    }

    private static void Product(ReferenceMatrix x, int rows, ReferenceMatrix w, ReferenceMatrix c, Func<double, int, int, double> finish)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < w.Columns; j++)
            {
                double sum = 0;
                for (int t = 0; t < w.Rows; t++)
                {
                    sum += x[i, t] * w[t, j];
                }

                c[i, j] = finish(sum, i, j);
            }
        }
    }
}
