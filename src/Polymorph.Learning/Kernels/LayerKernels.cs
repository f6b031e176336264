using System.Runtime.Intrinsics;
using Polymorph.Learning.Layers;

namespace Polymorph.Learning.Kernels;

/// <summary><see cref="ILayerKernels{TMatrix}"/> in single precision on vectors and several threads.</summary>
/// <remarks>Only rows or columns of results are split among threads, never sums: the number of threads and the vector width never change a bit.</remarks>
internal sealed unsafe class LayerKernels : ILayerKernels<AlignedMatrix>
{
    // Below about 20 microseconds of work another thread comes too late.
    private const long WorthSharing = 1 << 20;

    private readonly VectorWidth _width;
    private readonly WorkTeam _team;
    private readonly AlignedMatrix[] _scratch;
    private LayerWork _work;

    /// <summary>Kernels for one trainer or generator at a time.</summary>
    /// <param name="threads">Threads of a pass.</param>
    /// <param name="width">Instruction set; by default the widest.</param>
    public LayerKernels(int threads = 1, VectorWidth? width = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _width = width ?? VectorWidths.Best;
        _team = new WorkTeam(threads, RunPart);
        _scratch = [.. Enumerable.Range(0, _team.Parts).Select(_ => new AlignedMatrix(LayerProducts.Terms, LayerProducts.Panel))];
    }

    /// <inheritdoc/>
    public void Linear(AlignedMatrix x, int rows, AlignedMatrix w, AlignedMatrix? bias, AlignedMatrix c) =>
        Product(new LayerWork { Operation = LayerOperation.Linear, X = x, Y = w, Extra = bias, Result = c, Rows = rows });

    /// <inheritdoc/>
    public void Rectified(AlignedMatrix x, int rows, AlignedMatrix w, AlignedMatrix bias, double slope, AlignedMatrix c) =>
        Product(new LayerWork { Operation = LayerOperation.Rectified, X = x, Y = w, Extra = bias, Result = c, Rows = rows, Slope = (float)slope });

    /// <inheritdoc/>
    public void Masked(AlignedMatrix x, int rows, AlignedMatrix w, AlignedMatrix activation, double slope, AlignedMatrix c)
    {
        Require(activation.Stride == c.Stride && rows <= activation.Rows);
        Product(new LayerWork { Operation = LayerOperation.Masked, X = x, Y = w, Extra = activation, Result = c, Rows = rows, Slope = (float)slope });
    }

    /// <inheritdoc/>
    public void WeightGradient(AlignedMatrix x, AlignedMatrix u, int rows, AlignedMatrix dw, bool add)
    {
        Require(dw.Rows == x.Columns && dw.Columns == u.Columns && rows <= x.Rows && rows <= u.Rows);
        Run(new LayerWork { Operation = LayerOperation.WeightGradient, X = x, Y = u, Result = dw, Rows = rows, Flag = add }, (long)dw.Rows * dw.Stride * rows);
    }

    /// <inheritdoc/>
    public void ColumnSums(AlignedMatrix u, int rows, AlignedMatrix result, bool add)
    {
        // The result may be narrower where several blocks of columns share a bias; then the caller reshapes u.
        Require(result.Stride == u.Stride && rows <= u.Rows);
        Run(new LayerWork { Operation = LayerOperation.ColumnSums, X = u, Result = result, Rows = rows, Flag = add }, 4L * rows * u.Stride);
    }

    /// <inheritdoc/>
    public void Transpose(AlignedMatrix source, AlignedMatrix target) => DenseKernels.Transpose(source, target);

    /// <inheritdoc/>
    public void Moments(AlignedMatrix z, int rows, AlignedMatrix mean, AlignedMatrix variance)
    {
        Require(z.Stride == mean.Stride && rows <= z.Rows);
        Run(new LayerWork { Operation = LayerOperation.Moments, X = z, Y = mean, Result = variance, Rows = rows }, 4L * rows * z.Stride);
    }

    /// <inheritdoc/>
    public void Normalise(AlignedMatrix z, int rows, AlignedMatrix scale, AlignedMatrix shift, double slope, AlignedMatrix h)
    {
        Require(z.Stride == scale.Stride && h.Stride == z.Stride && rows <= h.Rows);
        Run(new LayerWork { Operation = LayerOperation.Normalise, X = z, Y = scale, Extra = shift, Result = h, Rows = rows, Slope = (float)slope }, 4L * rows * z.Stride);
    }

    /// <inheritdoc/>
    public void NormaliseSums(AlignedMatrix dh, AlignedMatrix z, int rows, AlignedMatrix scale, AlignedMatrix shift, AlignedMatrix mean, double slope, AlignedMatrix sums)
    {
        Require(dh.Stride == z.Stride && scale.Stride == z.Stride && sums.Stride == z.Stride && sums.Rows >= 2 && rows <= dh.Rows);
        Run(new LayerWork { Operation = LayerOperation.NormaliseSums, X = dh, Y = z, Extra = scale, Extra2 = shift, Extra3 = mean, Result = sums, Rows = rows, Slope = (float)slope }, 4L * rows * z.Stride);
    }

    /// <inheritdoc/>
    public void NormaliseAdjoint(AlignedMatrix u, AlignedMatrix z, int rows, AlignedMatrix mean, AlignedMatrix coefficients)
    {
        Require(u.Stride == z.Stride && coefficients.Stride == z.Stride && coefficients.Rows >= 3 && rows <= u.Rows);
        Run(new LayerWork { Operation = LayerOperation.NormaliseAdjoint, X = u, Y = z, Extra = mean, Extra2 = coefficients, Result = u, Rows = rows }, 4L * rows * z.Stride);
    }

    /// <inheritdoc/>
    public void Pool(AlignedMatrix h, RowGroups groups, AlignedMatrix means)
    {
        Require(groups.Rows <= h.Rows && (long)groups.Count * h.Stride <= (long)means.Rows * means.Stride);
        Run(new LayerWork { Operation = LayerOperation.Pool, X = h, Result = means, Groups = groups }, 4L * groups.Rows * h.Stride);
    }

    /// <inheritdoc/>
    public void Unpool(AlignedMatrix means, AlignedMatrix h, RowGroups groups, double slope, AlignedMatrix u)
    {
        Require(groups.Rows <= h.Rows && u.Stride == h.Stride && groups.Rows <= u.Rows);
        Run(new LayerWork { Operation = LayerOperation.Unpool, X = h, Y = means, Result = u, Groups = groups, Slope = (float)slope }, 4L * groups.Rows * h.Stride);
    }

    /// <inheritdoc/>
    public void Adam(AlignedMatrix p, AlignedMatrix g, AlignedMatrix m, AlignedMatrix v, double rate, double scale, double beta1, double beta2, double epsilon) =>
        Run(new LayerWork
        {
            Operation = LayerOperation.Adam,
            X = g,
            Y = m,
            Extra = v,
            Result = p,
            Rows = p.Rows,
            Rate = (float)rate,
            Slope = (float)scale,
            Beta1 = (float)beta1,
            Beta2 = (float)beta2,
            Epsilon = (float)epsilon,
        }, 16L * p.Stride);

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new ArgumentException("the shapes of a layer's operands do not match");
        }
    }

    private void Product(in LayerWork work)
    {
        Require(work.X.Columns == work.Y!.Rows && work.Result.Columns == work.Y.Columns && work.Rows <= work.X.Rows && work.Rows <= work.Result.Rows);
        Run(work, (long)work.Rows * work.Y.Rows * work.Y.Stride);
    }

    private void Run(in LayerWork work, long multiplications)
    {
        _work = work;
        if (multiplications < WorthSharing)
        {
            RunPart(0, 1);
        }
        else
        {
            _team.Run();
        }
    }

    private void RunPart(int part, int parts)
    {
        switch (_width)
        {
            case VectorWidth.Avx512: RunPart<Vector512<float>, Lanes512>(_work, part, parts); break;
            case VectorWidth.Avx2: RunPart<Vector256<float>, Lanes256>(_work, part, parts); break;
            default: RunPart<Vector128<float>, Lanes128>(_work, part, parts); break;
        }
    }

    private void RunPart<TVector, TLanes>(in LayerWork work, int part, int parts)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        nint strideX = work.X.Stride;
        float* x = work.X.Pointer;
        float* result = work.Result.Pointer;
        switch (work.Operation)
        {
            case LayerOperation.Linear or LayerOperation.Rectified or LayerOperation.Masked:
                LayerProducts.Run(_width, work, _scratch[part], part, parts);
                break;
            case LayerOperation.WeightGradient:
                LayerProducts.WeightGradient(_width, work, _scratch[part], part, parts);
                break;
            case LayerOperation.ColumnSums:
                {
                    var (from, to) = Share(work.X.Stride, AlignedMatrix.Lane, part, parts);
                    if (!work.Flag)
                    {
                        work.Result.Span[from..to].Clear();
                    }

                    for (int row = 0; row < work.Rows; row++)
                    {
                        LayerElementwise<TVector, TLanes>.AddScaled(x + row * strideX, 1, from, to, result);
                    }

                    break;
                }

            case LayerOperation.Moments:
                {
                    var (from, to) = Share(work.X.Stride, AlignedMatrix.Lane, part, parts);
                    LayerElementwise<TVector, TLanes>.Moments(x, strideX, work.Rows, from, to, work.Y!.Pointer, result);
                    break;
                }

            case LayerOperation.Normalise:
                {
                    var (from, to) = Share(work.Rows, 1, part, parts);
                    LayerElementwise<TVector, TLanes>.Normalise(x + from * strideX, result + from * strideX, strideX, to - from, work.X.Stride, work.Y!.Pointer, work.Extra!.Pointer, work.Slope);
                    break;
                }

            case LayerOperation.NormaliseSums:
                {
                    var (from, to) = Share(work.X.Stride, AlignedMatrix.Lane, part, parts);
                    LayerElementwise<TVector, TLanes>.NormaliseSums(x, work.Y!.Pointer, strideX, work.Rows, from, to, work.Extra!.Pointer, work.Extra2!.Pointer, work.Extra3!.Pointer, work.Slope, result, result + work.Result.Stride);
                    break;
                }

            case LayerOperation.NormaliseAdjoint:
                {
                    var (from, to) = Share(work.Rows, 1, part, parts);
                    float* a = work.Extra2!.Pointer;
                    LayerElementwise<TVector, TLanes>.NormaliseAdjoint(x + from * strideX, work.Y!.Pointer + from * strideX, strideX, to - from, work.X.Stride, work.Extra!.Pointer, a, a + strideX, a + 2 * strideX);
                    break;
                }

            case LayerOperation.Pool:
                {
                    var (from, to) = Share(work.X.Stride, AlignedMatrix.Lane, part, parts);
                    var groups = work.Groups!;
                    float* shared = groups.Shared < 0 ? null : x + groups.Shared * strideX;
                    for (int g = 0; g < groups.Count; g++)
                    {
                        LayerElementwise<TVector, TLanes>.Mean(x + groups.Start[g] * strideX, strideX, groups.Length[g], (float)groups.Weight[g], shared, (float)groups.SharedWeight[g], from, to, result + g * strideX);
                    }

                    break;
                }

            case LayerOperation.Unpool:
                Unpool<TVector, TLanes>(work, part, parts);
                break;
            default:
                {
                    var (from, to) = Share(work.Result.Stride, AlignedMatrix.Lane, part, parts);
                    Elementwise<TVector, TLanes>.Adam(result + from, x + from, work.Y!.Pointer + from, work.Extra!.Pointer + from, to - from, work.Rate, work.Slope, work.Beta1, work.Beta2, work.Epsilon);
                    break;
                }
        }
    }

    private static void Unpool<TVector, TLanes>(in LayerWork work, int part, int parts)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        nint stride = work.X.Stride;
        var (from, to) = Share(work.X.Stride, AlignedMatrix.Lane, part, parts);
        var groups = work.Groups!;
        float* h = work.X.Pointer;
        float* u = work.Result.Pointer;
        float* means = work.Y!.Pointer;
        float* sum = stackalloc float[groups.Shared < 0 ? 0 : (int)stride];
        for (int g = 0; g < groups.Count; g++)
        {
            nint first = groups.Start[g] * stride;
            LayerElementwise<TVector, TLanes>.Spread(means + g * stride, (float)groups.Weight[g], h + first, u + first, stride, groups.Length[g], from, to, work.Slope);
            if (groups.Shared >= 0)
            {
                LayerElementwise<TVector, TLanes>.AddScaled(means + g * stride, (float)groups.SharedWeight[g], from, to, sum);
            }
        }

        if (groups.Shared >= 0)
        {
            LayerElementwise<TVector, TLanes>.Spread(sum, 1, h + groups.Shared * stride, u + groups.Shared * stride, stride, 1, from, to, work.Slope);
        }
    }

    /// <summary>The part's share of a count, cut at multiples of the grain.</summary>
    internal static (int From, int To) Share(int count, int grain, int part, int parts)
    {
        int units = (count + grain - 1) / grain;
        return (Math.Min(count, (int)((long)units * part / parts) * grain), Math.Min(count, (int)((long)units * (part + 1) / parts) * grain));
    }
}
