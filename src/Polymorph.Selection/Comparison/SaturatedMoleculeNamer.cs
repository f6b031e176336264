using Polymorph.Structures;
using Polymorph.Structures.Bonds;

namespace Polymorph.Selection;

/// <summary>Names saturated molecules by the canonical SMILES of their bond graphs.</summary>
/// <param name="rule">When two atoms are bonded; by default <see cref="BondRule.Default"/>.</param>
public sealed class SaturatedMoleculeNamer(BondRule? rule = null) : IMoleculeNamer
{
    /// <inheritdoc/>
    public IReadOnlyList<string?> Names(IReadOnlyList<Structure> molecules)
    {
        ArgumentNullException.ThrowIfNull(molecules);
        return [.. molecules.Select(Name)];
    }

    private string? Name(Structure molecule)
    {
        if (molecule.Species.Any(e => Valence.Expected(e) is null))
        {
            return null;
        }

        var graph = BondPerception.Perceive(molecule, rule);
        return graph.IsSaturatedMolecule ? graph.CanonicalSmiles : null;
    }
}
