using System.Collections.Immutable;
using System.Globalization;
using Polymorph.Energies;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Studies.Relaxations;

/// <summary>The steps of a relaxation as extended XYZ with energies, forces and stresses as ASE names them.</summary>
internal sealed class Trajectory
{
    private readonly List<Structure> _frames = [];

    /// <summary>Adds a step.</summary>
    public void Add(Structure structure, Evaluation evaluation) => _frames.Add(Frame(structure, evaluation));

    /// <summary>Writes the file, named after the structure.</summary>
    /// <param name="folder">The folder; made when missing.</param>
    /// <param name="candidate">The structure.</param>
    public void Write(string folder, RelaxationCandidate candidate) => StructureWriter.Write(FileOf(folder, candidate), _frames);

    /// <summary>The file of a structure.</summary>
    public static string FileOf(string folder, RelaxationCandidate candidate)
    {
        // Ids come from files: what is no letter becomes '-', and the key keeps names apart that then look alike. ASE takes whatever has POSCAR or CONTCAR in its name for one.
        string name = string.Concat(candidate.Id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? char.ToLowerInvariant(c) : '-'));
        string short60 = name.Length > 60 ? name[^60..] : name;
        return Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{short60.Trim('.')}.{candidate.Key[..6]}.extxyz"));
    }

    private static Structure Frame(Structure structure, Evaluation evaluation)
    {
        var properties = ImmutableSortedDictionary<string, object>.Empty;
        var columns = ImmutableSortedDictionary<string, AtomProperty>.Empty;
        if (evaluation.Failure is null)
        {
            properties = properties.Add("energy", evaluation.EnergyEV);
            columns = columns.Add("forces", new AtomProperty('R', 3, [.. evaluation.Forces.SelectMany(f => new object[] { f.X, f.Y, f.Z })]));
            if (evaluation.Stress is { } s)
            {
                properties = properties.Add("stress", new[] { s.XX, s.XY, s.XZ, s.XY, s.YY, s.YZ, s.XZ, s.YZ, s.ZZ });
            }
        }

        return new Structure(structure.Species, structure.Positions, structure.Lattice, structure.Periodicity, structure.Id, properties, columns);
    }
}
