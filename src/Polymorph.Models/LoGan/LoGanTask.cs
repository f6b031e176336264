using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Models.LoGan;

/// <summary>What is to be generated: the atoms, the cell or box, and how the generator's numbers become a structure.</summary>
public sealed class LoGanTask
{
    /// <summary>A task.</summary>
    /// <param name="assembly">The post-processing, which also fixes species and cell.</param>
    /// <exception cref="PolymorphException">PM3003: the cell is too small for its atoms.</exception>
    public LoGanTask(StructureAssembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        Assembly = assembly;
        Types = [.. assembly.Species.Distinct().Order()];
        double room = assembly.Frame.Volume, need = assembly.Species.Sum(AtomVolume);
        if (room < need)
        {
            throw new PolymorphException("PM3003",
                FormattableString.Invariant($"the cell of {room:F1} Å³ is too small for {new Composition(assembly.Species)}: hard spheres of 0.9 covalent radii alone fill {need:F1} Å³"),
                nextStep: "Give a larger cell or box, or fewer atoms.", exitCode: ExitCode.Usage);
        }
    }

    /// <summary>How the generator's numbers become a structure.</summary>
    public StructureAssembly Assembly { get; }

    /// <summary>Elements of the generated structures in the order of their atomic numbers; the index is the type.</summary>
    /// <remarks>The networks use the types of the training set, which may hold more elements.</remarks>
    public ImmutableArray<Element> Types { get; }

    /// <summary>The published molecular task: C5H12O in a box of 8 × 7 × 6 Å.</summary>
    public static LoGanTask C5H12O => Molecule("C5H12O", new Vector3D(8, 7, 6));

    /// <summary>A molecule of a formula in a box that only bounds its coordinates.</summary>
    /// <param name="formula">Atoms are generated in the order written.</param>
    /// <param name="box">Edges, Å.</param>
    /// <exception cref="PolymorphException">PM3001: not a formula; PM3003: the box is too small.</exception>
    public static LoGanTask Molecule(string formula, Vector3D box) => new(StructureAssembly.MoleculeInBox(Species(formula), box));

    /// <summary>A crystal of a formula in a given cell.</summary>
    /// <param name="formula">Atoms are generated in the order written.</param>
    /// <param name="cell">The cell, which stays fixed.</param>
    /// <exception cref="PolymorphException">PM3001: not a formula; PM3003: the cell is too small.</exception>
    public static LoGanTask Crystal(string formula, Lattice cell) => new(StructureAssembly.Crystal(Species(formula), cell));

    private static ImmutableArray<Element> Species(string formula)
    {
        try
        {
            return [.. Composition.ParseSpecies(formula)];
        }
        catch (FormatException e)
        {
            throw new PolymorphException("PM3001", e.Message, nextStep: "Write element symbols with counts, such as C5H12O.", exitCode: ExitCode.Usage, inner: e);
        }
    }

    // Bonded atoms touch at their covalent radii, and even a close packing leaves a quarter empty: a cell without room for smaller spheres holds no structure.
    private static double AtomVolume(Element element) => 4.0 / 3 * Math.PI * Math.Pow(0.9 * element.CovalentRadius, 3);
}
