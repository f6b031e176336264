using Polymorph.Energies.Kernels.TensorNet;
using Polymorph.Foundation;
using Polymorph.Learning.Kernels;
using Polymorph.Representations.Kernels;
using Polymorph.Structures;

namespace Polymorph.Energies.TensorNet;

/// <summary>A universal potential for crystals of 89 elements: an equivariant network on Cartesian tensors.</summary>
/// <remarks>Energies are PBE total energies on the scale of the MatPES data set (no Hubbard U, no corrections): not to be mixed with other tables.
/// Sources: Simeon and De Fabritiis, arXiv:2306.06482; parameters: Kaplan et al., arXiv:2503.04070, published with matgl.</remarks>
public sealed class TensorNetEngine : IEnergyEngine
{
    /// <summary>Distances below it are taken for two atoms on one site, Å: no crystal has them and the network was never shown any near them.</summary>
    public const double ShortestDistance = 0.1;

    /// <summary>Most atoms of a structure: a bound on the memory of an evaluator, about 80 KB per atom in single precision.</summary>
    public const int LargestAtomCount = 20_000;

    private const double LargestEdgeCount = 4e6;

    private readonly TensorNetWeights _weights;
    private readonly Precision _precision;
    private readonly Lazy<SingleWeights> _single;

    /// <summary>The engine with the parameters of a weight file.</summary>
    /// <param name="manifestPath">The <c>.json</c> file; its binary lies beside it.</param>
    /// <param name="precision">Arithmetic of the networks. Measured difference: 3e-5 eV per cell, 5e-5 eV/Å, 1.1e-4 GPa.</param>
    /// <exception cref="PolymorphException">PM4111, PM4112, PM4113: the file cannot be read or is damaged; PM6100: weights of another potential.</exception>
    public TensorNetEngine(string manifestPath, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(manifestPath);
        _weights = new TensorNetWeights(manifestPath);
        _precision = precision;
        _single = new(() => new SingleWeights(_weights));
    }

    /// <inheritdoc/>
    public string Method => _weights.Name;

    /// <inheritdoc/>
    public string? Refusal(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return RefusalBeforeSearch(structure)
            ?? (ClosePair.FindAny(structure, ShortestDistance) is { } pair ? OnOneSite(pair.First, pair.Second, pair.Distance) : null);
    }

    private string? RefusalBeforeSearch(Structure structure)
    {
        foreach (var element in structure.Species)
        {
            if (_weights.IndexOf(element) < 0)
            {
                return $"{Method} does not know the element {element.Symbol}";
            }
        }

        if (structure.Lattice is null || structure.Periodicity != Periodicity.Full)
        {
            return $"{Method} is a potential of crystals and needs a cell that repeats along all three axes: put the structure into a box with {_weights.Radial.Cutoff:0} Å of vacuum, or use ANI for molecules";
        }

        if (structure.AtomCount > LargestAtomCount)
        {
            return $"{structure.AtomCount} atoms are more than the {LargestAtomCount} that {Method} treats at once";
        }

        double edges = 4 * Math.PI / 3 * Math.Pow(_weights.Radial.Cutoff, 3) / structure.Lattice.Volume * structure.AtomCount * structure.AtomCount;
        if (edges > LargestEdgeCount)
        {
            return $"the cell is so small for its atoms that about {edges:G2} pairs lie within {_weights.Radial.Cutoff:0} Å";
        }

        return null;
    }

    private static string OnOneSite(int first, int second, double distance) => $"atoms {first + 1} and {second + 1} lie {distance:0.###} Å apart, as on one site";

    /// <inheritdoc/>
    public IEvaluator CreateEvaluator() => CreateEvaluator(VectorWidths.Best);

    /// <summary>An evaluator for one instruction set; all give the same energies.</summary>
    internal IEvaluator CreateEvaluator(VectorWidth width) => new Evaluator(this, _precision == Precision.Double ? null : CreatePass(width, _single.Value));

    /// <summary>Single-precision evaluation with one instruction set.</summary>
    internal static ISinglePass CreatePass(VectorWidth width, SingleWeights weights) => width switch
    {
        VectorWidth.Avx512 => new SinglePass<Lanes16>(weights),
        VectorWidth.Avx2 => new SinglePass<Lanes8>(weights),
        _ => new SinglePass<Lanes4>(weights),
    };

    private sealed class Evaluator(TensorNetEngine engine, ISinglePass? single) : IEvaluator
    {
        public Evaluation Evaluate(Structure structure, CancellationToken cancellation = default)
        {
            ArgumentNullException.ThrowIfNull(structure);
            cancellation.ThrowIfCancellationRequested();
            if (engine.RefusalBeforeSearch(structure) is { } refusal)
            {
                return Evaluation.Failed(refusal);
            }

            var neighbours = NeighborList.Build(structure, engine._weights.Radial.Cutoff);
            for (int i = 0; i < structure.AtomCount; i++)
            {
                // The nearest comes first.
                if (neighbours.Of(i) is [var nearest, ..] && nearest.Distance < ShortestDistance)
                {
                    return Evaluation.Failed(OnOneSite(i, nearest.Index, nearest.Distance));
                }
            }

            cancellation.ThrowIfCancellationRequested();
            var (energy, forces, virial) = single?.Evaluate(structure, neighbours, engine._single.Value.Table) ?? engine.EvaluateDouble(structure, neighbours);
            return Evaluation.Of(energy + engine._weights.EnergyShift, [.. forces], 1 / structure.Lattice!.Volume * virial);
        }

        public void Dispose()
        {
        }
    }

    private (double Energy, Vector3D[] Forces, StressTensor Virial) EvaluateDouble(Structure structure, NeighborList neighbours)
    {
        var graph = TensorNetGraph.Create(structure, neighbours, _weights);
        var (atoms, gradients) = TensorNetReference.Evaluate(_weights, graph);
        var (forces, virial) = graph.Collect(gradients);
        return (atoms.Sum(), forces, virial);
    }
}
