using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Energies.Neural.Training;

/// <summary>Reads structures with energies and forces: extended XYZ with <c>energy=</c> and <c>forces:R:3</c>, as ASE writes it.</summary>
public static class LabelledFiles
{
    private static readonly string[] EnergyNames = ["energy", "REF_energy"];
    private static readonly string[] ForceNames = ["forces", "REF_forces"];

    /// <summary>All frames of some files.</summary>
    /// <param name="paths">Files or folders.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">An entry cannot be read (the reader's own codes); PM6140: a frame without energy; PM6141: without forces; PM6142: one of them is not finite.</exception>
    public static List<LabelledStructure> Read(IEnumerable<string> paths, CancellationToken cancellation = default)
    {
        var result = new List<LabelledStructure>();
        foreach (var entry in StructureReader.Read(paths, new ReadOptions { Strict = true, MinDistance = 0 }))
        {
            cancellation.ThrowIfCancellationRequested();
            result.Add(Label(entry.Structure!));
        }

        return result;
    }

    private static LabelledStructure Label(Structure structure)
    {
        object? energy = EnergyNames.Select(n => structure.Properties.GetValueOrDefault(n)).FirstOrDefault(v => v is not null);
        if (energy is not (double or long))
        {
            throw new PolymorphException("PM6140", "the frame has no energy", structure.Id, "Every frame needs a value 'energy' in its comment line, in eV: energy=-1.5");
        }

        double value = Convert.ToDouble(energy, System.Globalization.CultureInfo.InvariantCulture);
        var forces = ForceNames.Select(n => structure.AtomProperties.GetValueOrDefault(n)).FirstOrDefault(p => p is { Kind: 'R', Columns: 3 });
        if (forces is null)
        {
            throw new PolymorphException("PM6141", "the frame has no forces", structure.Id, "Every frame needs three columns 'forces', in eV/Å: Properties=species:S:1:pos:R:3:forces:R:3");
        }

        var vectors = new Vector3D[structure.AtomCount];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = new((double)forces.Values[3 * i], (double)forces.Values[3 * i + 1], (double)forces.Values[3 * i + 2]);
        }

        return double.IsFinite(value) && Array.TrueForAll(vectors, v => v.IsFinite)
            ? new(structure, value, ImmutableArray.Create(vectors), structure.Properties.GetValueOrDefault("kind") as string ?? "")
            : throw new PolymorphException("PM6142", "the energy or a force of the frame is not a finite number", structure.Id, "Remove the frame, or label it again.");
    }
}
