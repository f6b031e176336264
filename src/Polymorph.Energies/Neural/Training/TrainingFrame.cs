using System.Collections.Immutable;
using System.Numerics;
using Polymorph.Energies.Neural.Kernels;
using Polymorph.Structures;

namespace Polymorph.Energies.Neural.Training;

/// <summary>A labelled structure as training sees it: neighbours, and what is left of energy and forces for the networks.</summary>
/// <typeparam name="TNumber">Precision of the offsets.</typeparam>
internal sealed class TrainingFrame<TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    public TrainingFrame(LabelledStructure labelled, ImmutableArray<Element> elements, double cutoff, ScreenedRepulsion repulsion, PairList pairs)
    {
        var structure = labelled.Structure;
        Types = [.. structure.Species.Select(e => elements.IndexOf(e))];
        Kind = labelled.Kind;
        pairs.Find(structure, cutoff);
        Table.Fill(pairs, Types, elements.Length, cutoff);
        Energy = labelled.EnergyEV;
        Forces = [.. labelled.Forces.SelectMany(f => new[] { f.X, f.Y, f.Z })];
        ForceLength = [.. labelled.Forces.Select(f => f.Length)];
        for (int p = 0; p < pairs.Count; p++)
        {
            int i = pairs.Centre[p], j = pairs.Atom[p];
            double x = pairs.Offset[3 * p], y = pairs.Offset[3 * p + 1], z = pairs.Offset[3 * p + 2], r = Math.Sqrt(x * x + y * y + z * z);
            var (value, slope) = repulsion.Evaluate(Types[i], Types[j], r);
            // Pairs come in both directions: each gives half the energy, and the force on its centre.
            Energy -= 0.5 * value;
            Forces[3 * i] -= slope / r * x;
            Forces[3 * i + 1] -= slope / r * y;
            Forces[3 * i + 2] -= slope / r * z;
        }
    }

    /// <summary>Type of each atom.</summary>
    public int[] Types { get; }

    /// <summary>What the frame is, for tables of errors; may be empty.</summary>
    public string Kind { get; }

    /// <summary>Neighbours within the largest cutoff.</summary>
    public NeighbourTable<TNumber> Table { get; } = new();

    /// <summary>Label without the repulsion and, after <see cref="Subtract"/>, without reference energies, eV.</summary>
    public double Energy { get; private set; }

    /// <summary>Label without the repulsion, [atoms × 3], eV/Å.</summary>
    public double[] Forces { get; }

    /// <summary>Length of the labels' forces, [atoms], eV/Å.</summary>
    public double[] ForceLength { get; }

    /// <summary>Takes reference energies out of the label.</summary>
    /// <param name="referenceEnergies">[elements], eV.</param>
    public void Subtract(double[] referenceEnergies) => Energy -= Types.Sum(t => referenceEnergies[t]);
}
