using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.External.IPi;

/// <summary>Which structures a client is made for.</summary>
public enum ClientStructures
{
    /// <summary>Those that repeat along all three axes.</summary>
    Crystals,

    /// <summary>Those that repeat along none.</summary>
    Molecules,

    /// <summary>All.</summary>
    Any,
}

/// <summary>How one external program is started as a client of the i-PI protocol: a text that the user can see and edit.</summary>
/// <remarks>The text is a list of settings, <c>name: value</c>, and then the input files, each after a line <c>=== NAME</c>, with placeholders that <see cref="TemplateFilling"/> explains.</remarks>
public sealed record ClientTemplate
{
    /// <summary>Largest template that is read, bytes.</summary>
    public const int LargestText = 1 << 20;

    /// <summary>Name of the method that its energies carry.</summary>
    public required string Method { get; init; }

    /// <summary>The command line, with placeholders; a shell runs it in the folder of the input files.</summary>
    public required string Command { get; init; }

    /// <summary>The command line when the server listens on TCP; null when it is the same.</summary>
    public string? CommandOverTcp { get; init; }

    /// <summary>The program that must be installed; null when the command needs none that is known.</summary>
    public string? Program { get; init; }

    /// <summary>Python modules that an interpreter must find.</summary>
    public ImmutableArray<string> PythonModules { get; init; } = [];

    /// <summary>What to do when the program is missing, as a command or clause; may be empty.</summary>
    public string Install { get; init; } = "";

    /// <summary>Which structures it is made for.</summary>
    public ClientStructures Structures { get; init; } = ClientStructures.Any;

    /// <summary>Elements it has parameters for; empty for all.</summary>
    public ImmutableArray<Element> Elements { get; init; } = [];

    /// <summary>True when the first lattice vector must lie along x and the second in the xy plane.</summary>
    public bool RestrictedCell { get; init; }

    /// <summary>True when all nine components of its virial can be trusted; otherwise its evaluations have no stress.</summary>
    public bool FullStress { get; init; }

    /// <summary>True when basis, grid or symmetry are those of the first geometry: a new structure or a strongly changed cell then gets a new client.</summary>
    public bool BasisFixedAtStart { get; init; }

    /// <summary>Distance from a molecule's atoms to the faces of the box around it, Å.</summary>
    public double Vacuum { get; init; } = 10;

    /// <summary>Longest time from its start until it connects.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest time of one evaluation.</summary>
    public TimeSpan StepLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Name and text of each input file.</summary>
    public ImmutableArray<(string Name, string Text)> Files { get; init; } = [];

    /// <summary>The folder of the template's own file, for files that lie beside it; empty for one that ships with the product.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Reads a template.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="PolymorphException">PM6203: the file cannot be read; PM6204: it is not a template.</exception>
    public static ClientTemplate Read(string path)
    {
        try
        {
            byte[] bytes = BoundedFile.Read(path, LargestText, reason => new PolymorphException("PM6204", reason, path, "Give the template of a client."));
            return TemplateText.Parse(System.Text.Encoding.UTF8.GetString(bytes), path) with { Folder = Path.GetDirectoryName(Path.GetFullPath(path))! };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM6203", $"the template of a client cannot be read: {e.Message}", path, "Check the path.", inner: e);
        }
    }

    /// <summary>Why a structure does not suit the client, as a clause; null when it does.</summary>
    /// <param name="structure">The structure.</param>
    internal string? Refusal(Structure structure)
    {
        if (Structures == ClientStructures.Crystals && structure.Periodicity != Periodicity.Full)
        {
            return $"{Method} is made for crystals, and this structure does not repeat along all three axes";
        }

        if (Structures == ClientStructures.Molecules && structure.Periodicity.Any)
        {
            return $"{Method} is made for molecules, and this structure repeats along an axis";
        }

        var strange = Elements.IsEmpty ? [] : structure.Species.Distinct().Except(Elements).Order().ToList();
        return strange.Count > 0 ? $"{Method} knows {string.Join(", ", Elements)} and not {string.Join(", ", strange)}" : null;
    }
}
