using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Polymorph.Screening.Compositions;
using Polymorph.Screening.Corrections;
using Polymorph.Screening.Hull;
using Polymorph.Screening.Pourbaix;
using Polymorph.Structures;
using Polymorph.Studies.Relaxations;

namespace Polymorph.Studies.Screening;

/// <summary>A candidate on its way through the funnel, with all that the steps found.</summary>
/// <param name="id">Its name, unique among the candidates.</param>
/// <param name="source">The file it came from.</param>
/// <param name="composition">Its formula as written.</param>
/// <param name="structure">Its structure; null for a row of a table of energies.</param>
internal sealed class ScreeningCandidate(string id, string source, ElementAmounts composition, Structure? structure)
{
    private string? _key;
    private Structure? _structure = structure;

    public string Id { get; } = id;

    public string Source { get; } = source;

    public ElementAmounts Composition { get; } = composition;

    /// <summary>The structure as it came.</summary>
    public Structure? Start { get; } = structure;

    /// <summary>The structure as the steps left it.</summary>
    public Structure? Structure
    {
        get => _structure;
        set => (_structure, _key) = (value, null);
    }

    /// <summary>Name of the present geometry; null without a structure.</summary>
    public string? Key => _key ??= _structure is null ? null : RelaxationCandidate.Of(_structure).Key;

    /// <summary>Energy of the formula as written, eV; null when it is not known.</summary>
    public double? EnergyEV { get; set; }

    /// <summary>Terms that were added to the energy; not part of <see cref="EnergyEV"/>.</summary>
    public ImmutableArray<EnergyCorrection> Corrections { get; private set; } = [];

    /// <summary>Why the energy that came with it cannot stand beside the others; null when it can, or when there is none.</summary>
    public string? WhyIncompatible { get; private set; }

    /// <summary>It as an entry of a hull, with the corrections; null without an energy.</summary>
    public HullEntry? Entry => EnergyEV is { } energy ? new HullEntry(Id, Composition, energy, Method) { Corrections = Corrections } : null;

    /// <summary>Method of the energy; null when nobody says.</summary>
    public string? Method { get; set; }

    /// <summary>Takes corrections of the energy that came with it; one that is incompatible counts as none.</summary>
    /// <param name="corrected">What the scheme says.</param>
    public void Correct(CorrectedEnergy corrected)
    {
        (Corrections, WhyIncompatible) = (corrected.Corrections, corrected.WhyIncompatible);
        if (WhyIncompatible is not null)
        {
            Fields["incompatible"] = new JsonObject { ["energyEV"] = EnergyEV, ["reason"] = WhyIncompatible };
            EnergyEV = null;
        }
    }

    /// <summary>Where it stands relative to the hull; null before that step, or when it is not known.</summary>
    public HullStanding? Standing { get; set; }

    /// <summary>Its diagram in water with itself as a solid; null before that step, or when it is not known.</summary>
    public (PourbaixDiagram Diagram, PourbaixEntry Entry)? Water { get; set; }

    /// <summary>What the steps found, in the order found.</summary>
    public List<StepResult> Results { get; } = [];

    /// <summary>Further values for the outputs, by name.</summary>
    public JsonObject Fields { get; } = [];

    /// <summary>The step that rejected it; null while it is in.</summary>
    public StepResult? Rejection => Results is [.., { GoesOn: false } last] ? last : null;

    /// <summary>Where it ended: <c>rejected</c>, <c>unknown</c> when a quantity of a survivor is not known, <c>borderline</c>, or <c>passed</c>.</summary>
    public string State => Rejection is not null ? "rejected"
        : Results.Exists(r => r.Verdict == StepVerdict.Unknown) ? "unknown"
        : Results.Exists(r => r.Verdict == StepVerdict.Borderline) ? "borderline"
        : "passed";
}
