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
    /// <param name="members">The committee.</param>
    /// <param name="standard">For every element the features' means, then their scales, [elements × 2 × features].</param>
    /// <param name="referenceEnergies">Energy of a free atom of each element as the fit has it, eV.</param>
    /// <param name="metadata">Provenance: text by key.</param>
    /// <exception cref="ArgumentException">A length does not match, or there is no member.</exception>
    internal NeuralPotential(
        NeuralPotentialOptions options, string method, ImmutableArray<NeuralMember> members, double[] standard, double[] referenceEnergies, ImmutableSortedDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(standard);
        ArgumentNullException.ThrowIfNull(referenceEnergies);
        (Options, Method, Members, Standard, ReferenceEnergies) = (options, method, members, standard, referenceEnergies);
        Metadata = metadata ?? ImmutableSortedDictionary<string, string>.Empty;
        Form = new NeuralForm(options);
        if (members.IsDefaultOrEmpty || members.Any(m => m.Weights.Length != Form.WeightCount || m.MessageStandard.Length != Form.StandardCount))
        {
            throw new ArgumentException($"expected at least one member with {Form.WeightCount} weights and {Form.StandardCount} means and scales", nameof(members));
        }

        int expected = 2 * Form.Elements * Form.Descriptor.FeatureCount;
        if (standard.Length != expected || referenceEnergies.Length != Form.Elements)
        {
            throw new ArgumentException($"expected {expected} means and scales and {Form.Elements} reference energies");
        }
    }

    /// <summary>Form.</summary>
    public NeuralPotentialOptions Options { get; }

    /// <summary>Method name of its energies.</summary>
    public string Method { get; }

    /// <summary>Provenance: training data, errors, versions; text by key.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; }

    /// <summary>Length of an atom's descriptor.</summary>
    public int FeatureCount => Form.Descriptor.FeatureCount;

    /// <summary>Networks of the committee.</summary>
    public int MemberCount => Members.Length;

    internal ImmutableArray<NeuralMember> Members { get; }

    internal double[] Standard { get; }

    internal double[] ReferenceEnergies { get; }

    internal NeuralForm Form { get; }

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

/// <summary>One network stack of a committee.</summary>
/// <param name="Weights">The first networks of all elements, then the second ones, [weights], laid out by <see cref="NeuralForm"/>.</param>
/// <param name="MessageStandard">For every element means, then scales of the second descriptor, [elements × 2 × features]; empty without messages.</param>
internal sealed record NeuralMember(float[] Weights, float[] MessageStandard);
