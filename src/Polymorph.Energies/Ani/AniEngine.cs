using System.Collections.Immutable;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.Ani;

/// <summary>The potentials ANI-1ccx and ANI-2x for organic molecules: networks of one descriptor per atom, an ensemble of which gives energy and spread.</summary>
/// <remarks>Smith et al., Chem. Sci. 8, 3192 (2017); ANI-1ccx: Smith et al., Nat. Commun. 10, 2903 (2019); ANI-2x: Devereux et al., JCTC 16, 4192 (2020).
/// For neutral closed-shell molecules; crystals are summed over images. Limits, derivation and the meaning of the uncertainty: <c>docs/methods/ani.md</c>.</remarks>
public sealed class AniEngine : IEnergyEngine
{
    private readonly AniModel _model;
    private readonly Lazy<AniNetworkReference[][]> _references;
    private readonly AniPackedSets _sets;

    private AniEngine(AniModel model, Precision precision)
    {
        (_model, Precision) = (model, precision);
        _sets = new AniPackedSets(model);
        _references = new(() => [.. model.Networks.Select(n => n.Members.Select(m => new AniNetworkReference(m, model.Alpha)).ToArray())]);
    }

    /// <inheritdoc/>
    public string Method => _model.Method;

    /// <summary>Arithmetic of the evaluators.</summary>
    public Precision Precision { get; }

    /// <summary>Elements it knows.</summary>
    public ImmutableArray<Element> Elements => _model.Elements;

    /// <summary>Number of networks whose mean is the energy; with two their spread is a poor estimate of the error.</summary>
    public int MemberCount => _model.MemberCount;

    /// <summary>Reads weights.</summary>
    /// <param name="manifestPath">The manifest <c>ani-1ccx.json</c> or <c>ani-2x-2of8.json</c>, with its binary beside it.</param>
    /// <param name="precision">Arithmetic of the evaluators.</param>
    /// <exception cref="PolymorphException">PM6120: weights of another model; PM4111, PM4112, PM4113: files that cannot be read, are damaged or of another format.</exception>
    public static AniEngine Read(string manifestPath, Precision precision = Precision.Single)
    {
        ArgumentException.ThrowIfNullOrEmpty(manifestPath);
        return new AniEngine(AniModel.Read(manifestPath), precision);
    }

    /// <inheritdoc/>
    public string? Refusal(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        foreach (var element in structure.Species)
        {
            if (!_model.Elements.Contains(element))
            {
                return UnknownElement(_model, element);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public IEvaluator CreateEvaluator() => Precision == Precision.Double ? new AniReferenceEvaluator(_model, _references.Value) : new AniKernelEvaluator(_model, _sets);

    internal static string UnknownElement(AniModel model, Element element) =>
        $"{model.Method} does not know the element {element}, only {string.Join(", ", model.Elements)}";
}
