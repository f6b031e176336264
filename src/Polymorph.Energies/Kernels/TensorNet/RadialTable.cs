using System.Runtime.CompilerServices;
using Polymorph.Energies.TensorNet;

namespace Polymorph.Energies.Kernels.TensorNet;

/// <summary>The edge scalars q(d) of all blocks as piecewise polynomials of degree 5: they depend on the distance alone.</summary>
/// <remarks>Each piece interpolates q at six Chebyshev nodes. Largest errors, measured from 0.1 Å on: 8e-9 of the value, 2e-5 Å⁻¹ of the slope where slopes
/// reach 17 Å⁻¹ (below 1.2 Å), 7e-7 Å⁻¹ beyond: what single precision resolves. Layout: [blocks][C/16][pieces][3 parts][6 coefficients][16 channels].</remarks>
internal sealed unsafe class RadialTable
{
    /// <summary>Channels of a slice.</summary>
    public const int Lane = 16;

    /// <summary>Numbers of one part of a piece.</summary>
    public const int PartLength = Coefficients * Lane;

    /// <summary>Numbers of a piece.</summary>
    public const int PieceLength = 3 * PartLength;

    private const int Coefficients = 6;
    private const double PiecesPerAngstrom = 32;

    private readonly float[] _memory;
    private readonly nint _start;
    private readonly int _firstPiece;
    private readonly int _pieces;
    private readonly int _channels;
    private readonly double[]? _exactDistances;

    private RadialTable(int blocks, int channels, int firstPiece, int pieces, double[]? exactDistances)
    {
        (_channels, _firstPiece, _pieces, _exactDistances) = (channels, firstPiece, pieces, exactDistances);
        _memory = GC.AllocateArray<float>(checked(blocks * channels / Lane * pieces * PieceLength + Lane), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref _memory[0]);
        _start = (address + 63) & ~(nint)63;
    }

    /// <summary>The table of a potential, from the shortest distance allowed to the cutoff.</summary>
    public static RadialTable Create(TensorNetWeights weights)
    {
        int first = (int)Math.Floor(TensorNetEngine.ShortestDistance * PiecesPerAngstrom), end = (int)Math.Ceiling(weights.Radial.Cutoff * PiecesPerAngstrom);
        var table = new RadialTable(weights.Blocks.Length, weights.Channels, first, end - first, null);
        double[] nodes = [.. Enumerable.Range(0, Coefficients).Select(k => Math.Cos((k + 0.5) * Math.PI / Coefficients))];
        double[][] toCoefficients = InverseVandermonde(nodes);
        double[] distances = [.. from piece in Enumerable.Range(first, end - first) from x in nodes select (piece + 0.5 + 0.5 * x) / PiecesPerAngstrom];
        for (int b = 0; b < weights.Blocks.Length; b++)
        {
            var perceptron = new EdgePerceptron(weights.Radial, weights.Blocks[b].Scalars);
            var (values, _) = perceptron.Evaluate(distances, withSlope: false);
            for (int piece = 0; piece < end - first; piece++)
            {
                for (int f = 0; f < perceptron.Count; f++)
                {
                    for (int k = 0; k < Coefficients; k++)
                    {
                        double sum = 0;
                        for (int x = 0; x < Coefficients; x++)
                        {
                            sum += toCoefficients[k][x] * values[(piece * Coefficients + x) * perceptron.Count + f];
                        }

                        table.Place(b, piece, f)[k * Lane] = (float)sum;
                    }
                }
            }
        }

        return table;
    }

    /// <summary>The perceptrons' own values and slopes at given distances, in the same form: what the table is compared with.</summary>
    /// <param name="weights">The potential.</param>
    /// <param name="distances">Ascending, distinct, Å.</param>
    public static RadialTable CreateExact(TensorNetWeights weights, double[] distances)
    {
        var table = new RadialTable(weights.Blocks.Length, weights.Channels, 0, distances.Length, distances);
        for (int b = 0; b < weights.Blocks.Length; b++)
        {
            var perceptron = new EdgePerceptron(weights.Radial, weights.Blocks[b].Scalars);
            var (values, slopes) = perceptron.Evaluate(distances);
            for (int i = 0; i < values.Length; i++)
            {
                float* place = table.Place(b, i / perceptron.Count, i % perceptron.Count);
                place[0] = (float)values[i];
                place[Lane] = (float)(slopes[i] * HalfPiece);
            }
        }

        return table;
    }

    /// <summary>Half the length of a piece, Å: the slope by t is the slope by the distance times this.</summary>
    public static double HalfPiece => 0.5 / PiecesPerAngstrom;

    /// <summary>The scalars of one block.</summary>
    public Block Of(int block) => new((float*)_start + (nint)block * _channels / Lane * _pieces * PieceLength, (nint)_pieces * PieceLength);

    /// <summary>Where a distance lies: the start of its piece in a slice, and t from −1 to 1 inside it.</summary>
    public (int Place, float T) Locate(double distance)
    {
        if (_exactDistances is not null)
        {
            return (Array.BinarySearch(_exactDistances, distance) * PieceLength, 0);
        }

        double x = distance * PiecesPerAngstrom;
        int piece = Math.Clamp((int)x, _firstPiece, _firstPiece + _pieces - 1);
        return ((piece - _firstPiece) * PieceLength, (float)(2 * (x - piece) - 1));
    }

    /// <summary>One function, 3c + k, of one block at one distance: q and dq/dd.</summary>
    public (double Value, double Slope) Interpolate(int block, int function, double distance)
    {
        var (place, t) = Locate(distance);
        float* coefficients = Place(block, place / PieceLength, function);
        double value = 0, slope = 0;
        for (int k = Coefficients - 1; k >= 0; k--)
        {
            (value, slope) = (value * t + coefficients[k * Lane], slope * t + value);
        }

        return (value, slope / HalfPiece);
    }

    private float* Place(int block, int piece, int function)
    {
        var (channel, part) = (function / 3, function % 3);
        return Of(block).Slice(channel) + piece * PieceLength + part * PartLength;
    }

    // Rows: coefficients of the polynomial through given values at the nodes.
    private static double[][] InverseVandermonde(double[] nodes)
    {
        var result = new double[nodes.Length][];
        for (int k = 0; k < nodes.Length; k++)
        {
            result[k] = new double[nodes.Length];
        }

        for (int x = 0; x < nodes.Length; x++)
        {
            // The Lagrange polynomial of node x, multiplied out.
            double[] polynomial = [1];
            foreach (double other in nodes.Where((_, k) => k != x))
            {
                var next = new double[polynomial.Length + 1];
                for (int k = 0; k < polynomial.Length; k++)
                {
                    next[k] -= polynomial[k] * other / (nodes[x] - other);
                    next[k + 1] += polynomial[k] / (nodes[x] - other);
                }

                polynomial = next;
            }

            for (int k = 0; k < polynomial.Length; k++)
            {
                result[k][x] = polynomial[k];
            }
        }

        return result;
    }

    /// <summary>The table of one block.</summary>
    internal readonly struct Block(float* start, nint sliceLength)
    {
        /// <summary>The slice that holds a channel, moved to that channel.</summary>
        public float* Slice(nint channel) => start + channel / Lane * sliceLength + channel % Lane;
    }
}
