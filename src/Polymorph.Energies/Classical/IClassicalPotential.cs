using System.Collections.Immutable;
using Polymorph.Structures;

namespace Polymorph.Energies.Classical;

/// <summary>A potential that is a sum over atoms of terms of the neighbours within a cutoff. Read by all threads.</summary>
internal interface IClassicalPotential
{
    /// <summary>Name of the method.</summary>
    string Method { get; }

    /// <summary>Elements it knows; types are indices of this list.</summary>
    ImmutableArray<Element> Elements { get; }

    /// <summary>Distance beyond which atoms do not see each other, Å.</summary>
    double Cutoff { get; }

    /// <summary>Adds an atom's share of the energy and its derivatives.</summary>
    /// <param name="atom">The atom.</param>
    /// <param name="neighbours">Its neighbours within the cutoff, nearest first.</param>
    /// <param name="types">Type of every atom, [atoms].</param>
    /// <param name="sum">Receives the shares.</param>
    void AddAtom(int atom, ReadOnlySpan<Neighbor> neighbours, ReadOnlySpan<int> types, ClassicalSum sum);
}

/// <summary>Energy and derivatives of the structure at hand.</summary>
internal sealed class ClassicalSum
{
    private Vector3D[] _gradient = [];

    /// <summary>Energy so far, eV.</summary>
    public double Energy { get; private set; }

    /// <summary>∂E/∂ε under the strain r → r(1 + ε), eV.</summary>
    public StressTensor Virial { get; private set; }

    /// <summary>∂E/∂r, [atoms], eV/Å.</summary>
    public ReadOnlySpan<Vector3D> Gradient => _gradient;

    /// <summary>Begins a structure.</summary>
    public void Clear(int atoms)
    {
        if (_gradient.Length < atoms)
        {
            _gradient = new Vector3D[atoms];
        }

        _gradient.AsSpan(0, atoms).Clear();
        (Energy, Virial) = (0, default);
    }

    /// <summary>Adds energy, eV.</summary>
    public void AddEnergy(double energy) => Energy += energy;

    /// <summary>Adds the derivative of the energy by the offset from an atom to a neighbour, eV/Å.</summary>
    public void AddGradient(int atom, in Neighbor neighbour, Vector3D gradient)
    {
        _gradient[neighbour.Index] += gradient;
        _gradient[atom] -= gradient;
        Virial += StressTensor.Virial(neighbour.Offset, gradient);
    }
}
