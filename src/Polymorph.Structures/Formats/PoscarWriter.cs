using System.Globalization;
using Polymorph.Foundation;

namespace Polymorph.Structures.Formats;

/// <summary>Writes POSCAR (VASP 5) with Cartesian positions, so that every digit comes back; the order of the atoms is kept.</summary>
internal static class PoscarWriter
{
    public static void Write(TextWriter writer, Structure structure, long index)
    {
        if (index > 0)
        {
            throw new PolymorphException("PM2151", "a POSCAR holds one structure", structure.Id, "Write extxyz or CIF, or choose one structure.", ExitCode.Usage);
        }

        var cell = FormatLimits.FullCell(structure, "POSCAR");
        writer.Write($"{FormatLimits.Title(structure)}\n1.0\n");
        for (int row = 0; row < 3; row++)
        {
            Write(writer, cell[row], "");
        }

        var runs = new List<(string Symbol, int Count)>();
        foreach (var element in structure.Species)
        {
            if (runs.Count > 0 && runs[^1].Symbol == element.Symbol)
            {
                runs[^1] = (element.Symbol, runs[^1].Count + 1);
            }
            else
            {
                runs.Add((element.Symbol, 1));
            }
        }

        writer.Write($"{string.Join(' ', runs.Select(r => r.Symbol))}\n{string.Join(' ', runs.Select(r => r.Count.ToString(CultureInfo.InvariantCulture)))}\n");
        var mask = structure.AtomProperties.GetValueOrDefault("move_mask") is { Kind: 'L', Columns: 3 } found ? found : null;
        writer.Write(mask is null ? "Cartesian\n" : "Selective dynamics\nCartesian\n");
        for (int i = 0; i < structure.AtomCount; i++)
        {
            Write(writer, structure.Positions[i], mask is null ? "" : string.Concat(Enumerable.Range(3 * i, 3).Select(k => (bool)mask.Values[k] ? " T" : " F")));
        }
    }

    private static void Write(TextWriter writer, Vector3D v, string end) =>
        writer.Write($"{NumberText.Write(v.X)} {NumberText.Write(v.Y)} {NumberText.Write(v.Z)}{end}\n");
}
