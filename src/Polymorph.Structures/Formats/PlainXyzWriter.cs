using System.Globalization;
using Polymorph.Foundation;

namespace Polymorph.Structures.Formats;

/// <summary>Writes plain XYZ: symbols and positions of molecules.</summary>
internal static class PlainXyzWriter
{
    public static void Write(TextWriter writer, Structure structure)
    {
        if (structure.Lattice is not null)
        {
            throw new PolymorphException("PM2153", "plain xyz has no place for the cell", structure.Id, "Write extxyz.", ExitCode.Usage);
        }

        writer.Write($"{structure.AtomCount.ToString(CultureInfo.InvariantCulture)}\n{FormatLimits.Title(structure)}\n");
        for (int i = 0; i < structure.AtomCount; i++)
        {
            var r = structure.Positions[i];
            writer.Write($"{structure.Species[i].Symbol} {NumberText.Write(r.X)} {NumberText.Write(r.Y)} {NumberText.Write(r.Z)}\n");
        }
    }
}
