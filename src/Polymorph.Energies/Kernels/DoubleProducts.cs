using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polymorph.Energies.Kernels;

/// <summary>Products of double-precision layers with weights as they are stored, [outputs × inputs]; inputs a multiple of 16.</summary>
/// <remarks>Four rows of weights at a time share the loads of the other operand, and a group of atoms shares the weights while they are in the cache.</remarks>
internal static unsafe class DoubleProducts
{
    /// <summary>y = x·Wᵀ + b.</summary>
    /// <param name="x">[rows × inputs].</param>
    /// <param name="weights">[outputs × inputs].</param>
    /// <param name="biases">[outputs].</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="y">[rows × outputs], overwritten.</param>
    public static void Forward(ReadOnlySpan<double> x, ReadOnlySpan<double> weights, ReadOnlySpan<double> biases, int rows, Span<double> y)
    {
        int outputs = biases.Length, inputs = Check(weights, outputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(x.Length, rows * inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, rows * outputs);
        fixed (double* px = x, pw = weights, pb = biases, py = y)
        {
            int output = 0;
            for (; output + 4 <= outputs; output += 4)
            {
                for (int row = 0; row < rows; row++)
                {
                    FourDots(px + row * inputs, pw + output * inputs, inputs, pb + output, py + row * outputs + output);
                }
            }

            for (; output < outputs; output++)
            {
                for (int row = 0; row < rows; row++)
                {
                    var sum = Vector<double>.Zero;
                    for (int i = 0; i < inputs; i += Vector<double>.Count)
                    {
                        sum = Vector.MultiplyAddEstimate(Vector.Load(px + row * inputs + i), Vector.Load(pw + output * inputs + i), sum);
                    }

                    py[row * outputs + output] = Vector.Sum(sum) + pb[output];
                }
            }
        }
    }

    /// <summary>x += y·W.</summary>
    /// <param name="y">[rows × outputs].</param>
    /// <param name="weights">[outputs × inputs].</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="x">[rows × inputs]: added to.</param>
    public static void AddBackward(ReadOnlySpan<double> y, ReadOnlySpan<double> weights, int outputs, int rows, Span<double> x)
    {
        int inputs = Check(weights, outputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(x.Length, rows * inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, rows * outputs);
        fixed (double* px = x, pw = weights, py = y)
        {
            int output = 0;
            for (; output + 4 <= outputs; output += 4)
            {
                for (int row = 0; row < rows; row++)
                {
                    AddFour(py + row * outputs + output, pw + output * inputs, inputs, px + row * inputs);
                }
            }

            for (; output < outputs; output++)
            {
                for (int row = 0; row < rows; row++)
                {
                    var factor = new Vector<double>(py[row * outputs + output]);
                    for (int i = 0; i < inputs; i += Vector<double>.Count)
                    {
                        double* target = px + row * inputs + i;
                        Vector.Store(Vector.MultiplyAddEstimate(factor, Vector.Load(pw + output * inputs + i), Vector.Load(target)), target);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourDots(double* x, double* w, nint inputs, double* biases, double* y)
    {
        Vector<double> sum0 = Vector<double>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        for (nint i = 0; i < inputs; i += Vector<double>.Count)
        {
            var v = Vector.Load(x + i);
            sum0 = Vector.MultiplyAddEstimate(v, Vector.Load(w + i), sum0);
            sum1 = Vector.MultiplyAddEstimate(v, Vector.Load(w + inputs + i), sum1);
            sum2 = Vector.MultiplyAddEstimate(v, Vector.Load(w + 2 * inputs + i), sum2);
            sum3 = Vector.MultiplyAddEstimate(v, Vector.Load(w + 3 * inputs + i), sum3);
        }

        y[0] = Vector.Sum(sum0) + biases[0];
        y[1] = Vector.Sum(sum1) + biases[1];
        y[2] = Vector.Sum(sum2) + biases[2];
        y[3] = Vector.Sum(sum3) + biases[3];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFour(double* y, double* w, nint inputs, double* x)
    {
        Vector<double> y0 = new(y[0]), y1 = new(y[1]), y2 = new(y[2]), y3 = new(y[3]);
        for (nint i = 0; i < inputs; i += Vector<double>.Count)
        {
            var sum = Vector.MultiplyAddEstimate(y0, Vector.Load(w + i), Vector.Load(x + i));
            sum = Vector.MultiplyAddEstimate(y1, Vector.Load(w + inputs + i), sum);
            sum = Vector.MultiplyAddEstimate(y2, Vector.Load(w + 2 * inputs + i), sum);
            Vector.Store(Vector.MultiplyAddEstimate(y3, Vector.Load(w + 3 * inputs + i), sum), x + i);
        }
    }

    private static int Check(ReadOnlySpan<double> weights, int outputs)
    {
        int inputs = weights.Length / outputs;
        return inputs * outputs == weights.Length && inputs % 16 == 0 ? inputs : throw new ArgumentException("the inputs of a layer must be a multiple of 16");
    }
}
