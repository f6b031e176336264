using System.Collections.Immutable;
using Polymorph.Energies.Neural.Kernels;
using Polymorph.Structures;

namespace Polymorph.Energies.Neural;

/// <summary>A trained potential: a committee of networks on one descriptor. Energy = Σ over atoms (reference energy + network of the atom's element) + screened repulsion.</summary>
public sealed class NeuralPotential
{
    /// <summary>A potential.</summary>
    /// <param name="options">Its form.</param>
    /// <param name="method">Method name of its energies.</param>
    /// <param name="members">Weights of each member, [members][elements × stride], laid out by <see cref="NetworkLayout"/>.</param>
    /// <param name="standard">For every element the features' means, then their scales, [elements × 2 × features].</param>
    /// <param name="referenceEnergies">Energy of a free atom of each element as the fit has it, eV.</param>
    /// <param name="metadata">Provenance: text by key.</param>
    /// <exception cref="ArgumentException">A length does not match, or there is no member.</exception>
    public NeuralPotential(
        NeuralPotentialOptions options, string method, ImmutableArray<float[]> members, double[] standard, double[] referenceEnergies, ImmutableSortedDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(standard);
        ArgumentNullException.ThrowIfNull(referenceEnergies);
        (Options, Method, Members, Standard, ReferenceEnergies) = (options, method, members, standard, referenceEnergies);
        Metadata = metadata ?? ImmutableSortedDictionary<string, string>.Empty;
        Plan = new DescriptorPlan(options);
        Layout = new NetworkLayout(Plan.FeatureCount, options.HiddenWidths);
        int elements = options.Elements.Length;
        if (members.IsDefaultOrEmpty || members.Any(m => m.Length != elements * Layout.Stride))
        {
            throw new ArgumentException($"expected at least one member with {elements * Layout.Stride} weights", nameof(members));
        }

        if (standard.Length != 2 * elements * Plan.FeatureCount || referenceEnergies.Length != elements)
        {
            throw new ArgumentException($"expected {2 * elements * Plan.FeatureCount} means and scales and {elements} reference energies");
        }
    }

    /// <summary>Form.</summary>
    public NeuralPotentialOptions Options { get; }

    /// <summary>Method name of its energies.</summary>
    public string Method { get; }

    /// <summary>Provenance: training data, errors, versions; text by key.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; }

    /// <summary>Length of an atom's descriptor.</summary>
    public int FeatureCount => Plan.FeatureCount;

    /// <summary>Networks of the committee.</summary>
    public int MemberCount => Members.Length;

    internal ImmutableArray<float[]> Members { get; }

    internal double[] Standard { get; }

    internal double[] ReferenceEnergies { get; }

    internal DescriptorPlan Plan { get; }

    internal NetworkLayout Layout { get; }

    /// <summary>The type of each atom, or null when the potential does not know an element.</summary>
    /// <param name="species">Elements, [atoms].</param>
    internal int[]? Types(ImmutableArray<Element> species)
    {
        var result = new int[species.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = Options.Elements.IndexOf(species[i]);
            if (result[i] < 0)
            {
                return null;
            }
        }

        return result;
    }
}
