using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Polymorph.Energies.Neural.Kernels;
using Polymorph.Structures;

namespace Polymorph.Energies.Neural;

/// <summary>Evaluates structures with a neural potential; holds the scratch memory of one thread.</summary>
internal sealed class NeuralEvaluator : IEvaluator
{
    private readonly NeuralEngine _engine;
    private readonly CommitteeKernel _kernel;
    private readonly ScreenedRepulsion _repulsion;
    private readonly PairList _pairs = new();
    private readonly double[] _memberEnergies;
    private readonly double[] _virial = new double[6];
    private double[] _gradient = [];

    public NeuralEvaluator(NeuralEngine engine, Precision precision)
    {
        (_engine, _kernel) = (engine, CommitteeKernel.Create(engine.Potential, precision));
        _repulsion = new ScreenedRepulsion(engine.Potential.Options.Elements);
        _memberEnergies = new double[engine.Potential.MemberCount];
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(Structure structure, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(structure);
        cancellation.ThrowIfCancellationRequested();
        var potential = _engine.Potential;
        if (structure.AtomCount == 0 || potential.Types(structure.Species) is not { } types)
        {
            return Evaluation.Failed(_engine.Refusal(structure) ?? "there are no atoms");
        }

        try
        {
            _pairs.Find(structure, potential.Options.CutoffRadius);
        }
        catch (ArgumentException e)
        {
            return Evaluation.Failed(e.Message);
        }

        if (OnOneSite() is { } where)
        {
            return Evaluation.Failed(where);
        }

        int atoms = structure.AtomCount;
        _gradient = _gradient.Length == 3 * atoms ? _gradient : new double[3 * atoms];
        Array.Clear(_gradient);
        Array.Clear(_virial);
        _kernel.Evaluate(_pairs, types, _memberEnergies, _gradient, _virial);
        double energy = types.Sum(t => potential.ReferenceEnergies[t]) + Repel(types), mean = _memberEnergies.Average(), square = 0;
        foreach (double member in _memberEnergies)
        {
            square += (member - mean) * (member - mean);
        }

        return Evaluation.Of(energy + mean, Forces(atoms), Stress(structure), _memberEnergies.Length > 1 ? Math.Sqrt(square / (_memberEnergies.Length - 1)) / atoms : null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private string? OnOneSite()
    {
        for (int p = 0; p < _pairs.Count; p++)
        {
            if (_pairs.Offset[3 * p] == 0 && _pairs.Offset[3 * p + 1] == 0 && _pairs.Offset[3 * p + 2] == 0)
            {
                return $"atoms {_pairs.Centre[p] + 1} and {_pairs.Atom[p] + 1} lie on one site";
            }
        }

        return null;
    }

    private ImmutableArray<Vector3D> Forces(int atoms)
    {
        var forces = new Vector3D[atoms];
        for (int i = 0; i < atoms; i++)
        {
            forces[i] = new(-_gradient[3 * i], -_gradient[3 * i + 1], -_gradient[3 * i + 2]);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(forces);
    }

    private StressTensor? Stress(Structure structure) => structure.Lattice is { } lattice && structure.Periodicity == Periodicity.Full
        ? 1 / lattice.Volume * new StressTensor(_virial[0], _virial[1], _virial[2], _virial[3], _virial[4], _virial[5])
        : null;

    private double Repel(int[] types)
    {
        double energy = 0;
        for (int p = 0; p < _pairs.Count; p++)
        {
            int i = _pairs.Centre[p], j = _pairs.Atom[p];
            double x = _pairs.Offset[3 * p], y = _pairs.Offset[3 * p + 1], z = _pairs.Offset[3 * p + 2], r = Math.Sqrt(x * x + y * y + z * z);
            var (value, slope) = _repulsion.Evaluate(types[i], types[j], r);
            if (value == 0)
            {
                continue;
            }

            // A pair appears in both directions.
            energy += 0.5 * value;
            double factor = 0.5 * slope / r, gx = factor * x, gy = factor * y, gz = factor * z;
            _gradient[3 * j] += gx;
            _gradient[3 * j + 1] += gy;
            _gradient[3 * j + 2] += gz;
            _gradient[3 * i] -= gx;
            _gradient[3 * i + 1] -= gy;
            _gradient[3 * i + 2] -= gz;
            _virial[0] += x * gx;
            _virial[1] += y * gy;
            _virial[2] += z * gz;
            _virial[3] += y * gz;
            _virial[4] += x * gz;
            _virial[5] += x * gy;
        }

        return energy;
    }
}
