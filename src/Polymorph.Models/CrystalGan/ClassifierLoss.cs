using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>Cross-entropies over rows of scores, and their gradients.</summary>
internal static class ClassifierLoss
{
    /// <summary>Adds weight · (mean over rows of the cross-entropy); the seeds are overwritten.</summary>
    /// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
    /// <param name="scores">Before the softmax, [rows × classes].</param>
    /// <param name="targets">Right class of each row.</param>
    /// <param name="twice">The published code's slip: the softmax's probabilities go through a second softmax.</param>
    /// <param name="weight">Factor of the gradient.</param>
    /// <param name="seeds">weight · dL/d(score), [rows × classes].</param>
    /// <returns>The mean cross-entropy without the weight.</returns>
    /// <remarks>With p = softmax(x): dL/dx = p - t. Twice, with q = softmax(p) and e = q - t: dL/dx_k = p_k (e_k - Σ p e). t is 1 at the right class.</remarks>
    public static double CrossEntropy<TMatrix>(TMatrix scores, ReadOnlySpan<int> targets, bool twice, double weight, TMatrix seeds)
        where TMatrix : class, IRowMatrix<TMatrix>
    {
        int classes = scores.Columns, rows = targets.Length;
        Span<double> p = stackalloc double[Math.Min(classes, 1024)];
        Span<double> q = stackalloc double[Math.Min(classes, 1024)];
        double loss = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int k = 0; k < classes; k++)
            {
                p[k] = scores[row, k];
            }

            double log = Softmax(p, targets[row]);
            p.CopyTo(q);
            loss -= twice ? Softmax(q, targets[row]) : log;
            q[targets[row]] -= 1;
            double mean = 0;
            for (int k = 0; k < classes; k++)
            {
                mean += p[k] * q[k];
            }

            for (int k = 0; k < classes; k++)
            {
                seeds[row, k] = weight / rows * (twice ? p[k] * (q[k] - mean) : q[k]);
            }
        }

        return loss / rows;
    }

    /// <summary>Turns scores into probabilities; returns the logarithm of the target's.</summary>
    internal static double Softmax(Span<double> values, int target)
    {
        double largest = double.NegativeInfinity;
        foreach (double value in values)
        {
            largest = Math.Max(largest, value);
        }

        double sum = 0, wanted = values[target] - largest;
        foreach (ref double value in values)
        {
            value = Math.Exp(value - largest);
            sum += value;
        }

        foreach (ref double value in values)
        {
            value /= sum;
        }

        return wanted - Math.Log(sum);
    }
}
