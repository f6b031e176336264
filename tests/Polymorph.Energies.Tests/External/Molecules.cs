using Polymorph.Structures;

namespace Polymorph.Energies.Tests.External;

/// <summary>Small inputs; geometries are rough on purpose, so that no force is zero.</summary>
internal static class Molecules
{
    public static Structure Methanol { get; } = Of("COHHHH",
        new(0, 0, 0), new(1.43, 0.01, 0.02), new(-0.36, 1.02, 0.03), new(-0.38, -0.51, 0.89), new(-0.36, -0.52, -0.88), new(1.74, 0.6, 0.65));

    public static Structure Water { get; } = Of("OHH", new(0, 0, 0.1), new(0.8, 0, -0.5), new(-0.75, 0.05, -0.5));

    public static Structure Of(string symbols, params Vector3D[] positions) =>
        new([.. symbols.Select(c => Element.Parse(c.ToString()))], [.. positions]);

    public static Structure Moved(this Structure structure, int atom, Vector3D shift) =>
        structure.WithPositions(structure.Positions.SetItem(atom, structure.Positions[atom] + shift));
}
