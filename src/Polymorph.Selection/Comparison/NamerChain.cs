using Polymorph.Structures;

namespace Polymorph.Selection;

/// <summary>Asks several namers in turn: each names what those before it could not. One chain must name all molecules that are compared.</summary>
/// <param name="namers">For example <see cref="SaturatedMoleculeNamer"/>, then <see cref="OpenBabelNamer"/>.</param>
public sealed class NamerChain(params IReadOnlyList<IMoleculeNamer> namers) : IMoleculeNamer
{
    /// <summary>Our own names for saturated molecules, and Open Babel's for the rest where it is installed.</summary>
    public static NamerChain Default()
    {
        var openBabel = new OpenBabelNamer();
        return openBabel.IsAvailable ? new NamerChain(new SaturatedMoleculeNamer(), openBabel) : new NamerChain(new SaturatedMoleculeNamer());
    }

    /// <inheritdoc/>
    public IReadOnlyList<string?> Names(IReadOnlyList<Structure> molecules)
    {
        ArgumentNullException.ThrowIfNull(molecules);
        var names = new string?[molecules.Count];
        foreach (var namer in namers)
        {
            int[] open = [.. Enumerable.Range(0, names.Length).Where(i => names[i] is null)];
            if (open.Length > 0)
            {
                var found = namer.Names([.. open.Select(i => molecules[i])]);
                for (int k = 0; k < open.Length; k++)
                {
                    names[open[k]] = found[k];
                }
            }
        }

        return names;
    }
}
