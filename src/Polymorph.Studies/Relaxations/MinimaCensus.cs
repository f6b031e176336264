using System.Collections.Immutable;
using Polymorph.Selection;
using Polymorph.Selection.Coverage;
using Polymorph.Structures;
using Polymorph.Structures.Bonds;
using Polymorph.Structures.Inspection;

namespace Polymorph.Studies.Relaxations;

/// <summary>A distinct minimum and what led to it.</summary>
/// <param name="Name">SMILES of a molecule, else the id of the first structure that ended there.</param>
/// <param name="Lowest">The relaxation of the lowest energy that ended there.</param>
/// <param name="Members">Ids of all, in the order found.</param>
/// <param name="Weight">Draws that ended there: relaxations, or for molecules told apart before, the generated structures for which they stand.</param>
public sealed record DistinctMinimum(string Name, Relaxed Lowest, ImmutableArray<string> Members, long Weight);

/// <summary>Counts distinct minima. Molecules are told apart by connectivity; what has no saturated connectivity, and crystals, by energy and distances.</summary>
public sealed class MinimaCensus
{
    /// <summary>Energies of one minimum, reached from two sides, differ by less; eV/atom.</summary>
    public const double EnergyTolerance = 1e-3;

    /// <summary>Sorted distances of one minimum differ by less, Å: forces of 0.05 eV/Å leave soft modes a few hundredths of an ångström from their minimum.</summary>
    public const double DistanceTolerance = 0.1;

    private readonly List<Entry> _minima = [];
    private readonly Dictionary<string, Entry> _byName = new(StringComparer.Ordinal);
    private readonly SaturatedMoleculeNamer _namer = new();

    /// <summary>The minima in the order found.</summary>
    public IReadOnlyList<DistinctMinimum> Minima => [.. _minima.Select(m => new DistinctMinimum(m.Name, m.Lowest, [.. m.Members], m.Weight))];

    /// <summary>Number of distinct minima.</summary>
    public int Count => _minima.Count;

    /// <summary>How much of what the source can give has been seen.</summary>
    public CoverageEstimate Coverage => CoverageEstimate.Of(AbundanceCounts.Of(_minima.Select(m => m.Weight)));

    /// <summary>Adds a relaxation; only converged ones count.</summary>
    /// <param name="relaxed">The relaxation.</param>
    /// <returns>True when it is a new minimum.</returns>
    public bool Add(Relaxed relaxed)
    {
        ArgumentNullException.ThrowIfNull(relaxed);
        if (!relaxed.IsMinimum)
        {
            return false;
        }

        var structure = relaxed.Result.Structure;
        string? smiles = NameOf(structure);
        var signature = smiles is null ? DistanceSignature.Of(structure) : null;
        var known = smiles is not null
            ? _byName.GetValueOrDefault(smiles)
            : _minima.Find(m => m.Signature is { } other && IsSame(m.Lowest, other, relaxed, signature!));
        if (known is null)
        {
            var entry = new Entry(smiles ?? relaxed.Id, signature, relaxed);
            _minima.Add(entry);
            if (smiles is not null)
            {
                _byName[smiles] = entry;
            }

            return true;
        }

        known.Members.Add(relaxed.Id);
        known.Weight += relaxed.Repeats;
        if (relaxed.Result.EnergyEV < known.Lowest.Result.EnergyEV)
        {
            known.Lowest = relaxed;
        }

        return false;
    }

    /// <summary>Canonical SMILES of a saturated molecule; null for crystals and for what has open valences.</summary>
    /// <param name="structure">A relaxed structure.</param>
    public string? NameOf(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return structure.Periodicity.Any || structure.AtomCount > MoleculeClassifier.MaxAtoms ? null : _namer.Names([structure])[0];
    }

    /// <summary>True when two structures have one energy within <see cref="EnergyTolerance"/> and one set of distances within <see cref="DistanceTolerance"/>.</summary>
    /// <param name="a">A relaxation.</param>
    /// <param name="b">Another one by the same method.</param>
    public static bool IsSame(Relaxed a, Relaxed b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return IsSame(a, DistanceSignature.Of(a.Result.Structure), b, DistanceSignature.Of(b.Result.Structure));
    }

    private static bool IsSame(Relaxed a, DistanceSignature ofA, Relaxed b, DistanceSignature ofB) =>
        Math.Abs(PerAtom(a) - PerAtom(b)) <= EnergyTolerance && ofA.Matches(ofB, DistanceTolerance);

    private static double PerAtom(Relaxed r) => r.Result.EnergyEV / r.Result.Structure.AtomCount;

    private sealed class Entry(string name, DistanceSignature? signature, Relaxed first)
    {
        public string Name { get; } = name;

        public DistanceSignature? Signature { get; } = signature;

        public Relaxed Lowest { get; set; } = first;

        public List<string> Members { get; } = [first.Id];

        public long Weight { get; set; } = first.Repeats;
    }
}
