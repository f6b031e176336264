using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.External.Xtb;

/// <summary>Tight-binding energies of neutral molecules in their lowest spin by the program xtb: one process per evaluation, one thread each.</summary>
/// <param name="options">How it is run.</param>
public sealed class XtbEngine(XtbOptions options) : IEnergyEngine
{
    /// <summary>The parameters of both Hamiltonians end with radon.</summary>
    public const int HeaviestElement = 86;

    /// <summary>How it is run.</summary>
    public XtbOptions Options { get; } = options;

    /// <summary><c>gfn1-xtb</c> or <c>gfn2-xtb</c>.</summary>
    public string Method => Options.Hamiltonian == XtbHamiltonian.Gfn1 ? "gfn1-xtb" : "gfn2-xtb";

    /// <inheritdoc/>
    public string? Refusal(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        if (structure.Periodicity.Any)
        {
            return "xtb is used for molecules, and this structure repeats along an axis";
        }

        var heaviest = structure.Species.Max();
        return heaviest.Number > HeaviestElement ? $"xtb has no parameters for {heaviest.Symbol}; they end with Rn" : null;
    }

    /// <inheritdoc/>
    /// <exception cref="PolymorphException">PM6180: xtb is not installed; PM6181: its folder for temporary files cannot be made.</exception>
    public IEvaluator CreateEvaluator()
    {
        string program = ProgramSearch.Find(Options.Program) ?? throw new PolymorphException(
            "PM6180", "the program xtb is not installed", Options.Program,
            "Install it (Debian: apt-get install xtb; conda: conda install -c conda-forge xtb) or choose another engine.", ExitCode.EngineFailed);
        try
        {
            return new XtbEvaluator(this, program, ScratchFolder.Create("xtb", inMemory: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM6181", $"the folder for the files of xtb cannot be made: {e.Message}", null, "Set TMPDIR to a folder you may write.", ExitCode.EngineFailed, e);
        }
    }
}
