using System.ComponentModel;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.External.IPi;

/// <summary>Energies of an external program over the i-PI protocol: each evaluator starts a client of its own and keeps it for all structures it can serve.</summary>
public sealed class IPiEngine : IEnergyEngine
{
    private readonly ClientProgram? _program;

    /// <summary>The engine of a template.</summary>
    /// <param name="template">How its clients are started.</param>
    /// <param name="options">How they are run.</param>
    public IPiEngine(ClientTemplate template, IPiOptions options)
    {
        (Template, Options) = (template, options);
        _program = new(template, options);
        Start = _program.Start;
    }

    /// <summary>An engine whose clients are not programs: for tests.</summary>
    /// <param name="template">Capabilities of the clients.</param>
    /// <param name="options">How they are run.</param>
    /// <param name="start">Starts one.</param>
    internal IPiEngine(ClientTemplate template, IPiOptions options, Func<IPiAddress, Structure, IClientRun> start) => (Template, Options, Start) = (template, options, start);

    /// <summary>How clients are started.</summary>
    public ClientTemplate Template { get; }

    /// <summary>How they are run.</summary>
    public IPiOptions Options { get; }

    /// <inheritdoc/>
    public string Method => Template.Method;

    /// <summary>Starts a client.</summary>
    internal Func<IPiAddress, Structure, IClientRun> Start { get; }

    /// <inheritdoc/>
    public string? Refusal(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return Template.Refusal(structure);
    }

    /// <inheritdoc/>
    /// <exception cref="PolymorphException">PM6202: the program or a Python module is missing.</exception>
    public IEvaluator CreateEvaluator()
    {
        _program?.Find();
        return new IPiEvaluator(this);
    }
}
