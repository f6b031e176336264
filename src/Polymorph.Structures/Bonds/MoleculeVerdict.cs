namespace Polymorph.Structures.Bonds;

/// <summary>What <see cref="MoleculeClassifier"/> says about one geometry.</summary>
/// <param name="Deviation">Sum over atoms of |bonds − valence|; 0 when every valence is right.</param>
/// <param name="IsConnected">True when all atoms form one piece.</param>
/// <param name="Smiles">Canonical SMILES of a valid molecule; null when it is not valid.</param>
public readonly record struct MoleculeVerdict(int Deviation, bool IsConnected, string? Smiles)
{
    /// <summary>True for one whole molecule with every valence satisfied by single bonds.</summary>
    public bool IsValid => Smiles is not null;
}
