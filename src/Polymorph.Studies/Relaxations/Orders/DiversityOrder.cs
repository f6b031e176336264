using System.Collections.Immutable;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;

namespace Polymorph.Studies.Relaxations.Orders;

/// <summary>The candidate farthest from every one taken and from every minimum found first, by the structural descriptor (farthest-point sampling).</summary>
/// <remarks>T. F. Gonzalez, Theor. Comput. Sci. 38 (1985) 293.</remarks>
public sealed class DiversityOrder : IRelaxationOrder
{
    private readonly PowerSpectrumOptions _options;
    private readonly ImmutableArray<Element> _elements;
    private readonly float[][] _rows;
    private readonly double[] _distances;

    /// <summary>Describes all candidates.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="options">Settings of the descriptor.</param>
    public DiversityOrder(IReadOnlyList<RelaxationCandidate> candidates, PowerSpectrumOptions options)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        _options = options;
        _elements = [.. candidates.SelectMany(c => c.Start.Species).Distinct().Order()];
        _rows = [.. candidates.Select(c => Describe(c.Start))];
        _distances = new double[_rows.Length];
        Array.Fill(_distances, double.PositiveInfinity);
    }

    /// <inheritdoc/>
    public IReadOnlyList<double> Values => _distances;

    /// <inheritdoc/>
    public void Taken(int candidate) => Near(_rows[candidate]);

    /// <inheritdoc/>
    public void Found(Relaxed minimum)
    {
        ArgumentNullException.ThrowIfNull(minimum);
        Near(Describe(minimum.Result.Structure));
    }

    private void Near(float[] row)
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            double sum = 0;
            for (int k = 0; k < row.Length; k++)
            {
                double d = row[k] - _rows[i][k];
                sum += d * d;
            }

            _distances[i] = Math.Min(_distances[i], Math.Sqrt(sum));
        }
    }

    private float[] Describe(Structure s)
    {
        var descriptor = new StructuralDescriptor(_options, [.. s.Species.Select(e => _elements.IndexOf(e))], _elements.Length, s.Lattice, s.Periodicity);
        var row = new float[descriptor.Length];
        descriptor.Describe([.. s.Positions.SelectMany(r => new[] { (float)r.X, (float)r.Y, (float)r.Z })], 1, row);
        return row;
    }
}
