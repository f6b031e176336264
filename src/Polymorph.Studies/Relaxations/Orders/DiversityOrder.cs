using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Foundation;
using Polymorph.Representations.LocalDescriptors;
using Polymorph.Structures;

namespace Polymorph.Studies.Relaxations.Orders;

/// <summary>The candidate farthest from every one taken and from every minimum found first, by the structural descriptor (farthest-point sampling).</summary>
/// <remarks>T. F. Gonzalez, Theor. Comput. Sci. 38 (1985) 293. One descriptor per candidate is held in memory; its length grows with the third power of the number of elements of all of them.</remarks>
public sealed class DiversityOrder : IRelaxationOrder
{
    // A million candidates of C5H12O take 1.1 GB.
    private const double MostBytes = 2e9;

    private readonly PowerSpectrumOptions _options;
    private readonly ImmutableArray<Element> _elements;
    private readonly float[][] _rows;
    private readonly double[] _distances;

    /// <summary>Describes all candidates.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="options">Settings of the descriptor.</param>
    /// <exception cref="PolymorphException">PM7032: the descriptors would not fit into 2 GB.</exception>
    public DiversityOrder(IReadOnlyList<RelaxationCandidate> candidates, PowerSpectrumOptions options)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        _options = options;
        _elements = [.. candidates.SelectMany(c => c.Start.Species).Distinct().Order()];
        CheckRoom(candidates);
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

    private void CheckRoom(IReadOnlyList<RelaxationCandidate> candidates)
    {
        // A describer works on many structures at once and needs room for each atom of them.
        double length = (double)_elements.Length * _options.DescriptorLength(_elements.Length);
        int mostAtoms = candidates.Count == 0 ? 0 : candidates.Max(c => c.Start.AtomCount);
        double bytes = sizeof(float) * (candidates.Count * length + StructuralDescriptor.Chunk * (double)mostAtoms * _options.DescriptorLength(_elements.Length));
        if (bytes > MostBytes)
        {
            throw new PolymorphException("PM7032", string.Create(CultureInfo.InvariantCulture,
                $"the order 'diversity' of {candidates.Count} structures of {_elements.Length} elements in all would need {bytes / 1e9:0.0} GB, more than {MostBytes / 1e9:0}"), null,
                "Choose another order (--order size, or energy), relax structures of fewer elements at a time, or select representatives first.", ExitCode.Usage);
        }
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
