using Polymorph.Structures.Formats;

namespace Polymorph.Structures.Inspection;

/// <summary>Smallest, mean and largest of some values.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Smallest">The smallest.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Largest">The largest.</param>
public readonly record struct ValueRange(long Count, double Smallest, double Mean, double Largest)
{
    /// <summary>With one more value.</summary>
    /// <param name="value">The value.</param>
    public ValueRange With(double value) => Count == 0 ? new(1, value, value, value)
        : new(Count + 1, Math.Min(Smallest, value), Mean + (value - Mean) / (Count + 1), Math.Max(Largest, value));
}

/// <summary>The shortest distance between two elements and where it occurs.</summary>
/// <param name="First">Element with the smaller atomic number.</param>
/// <param name="Second">The other.</param>
/// <param name="Distance">Å.</param>
/// <param name="Id">Id of the structure.</param>
public readonly record struct ShortestDistance(Element First, Element Second, double Distance, string Id);

/// <summary>Gathers what is in a set of structures while they stream by.</summary>
/// <param name="duplicateTolerance">Largest difference of a distance between structures that count as equal, Å.</param>
public sealed class StructureSetSummary(double duplicateTolerance = 0.01)
{
    // Longer than any bond and shorter than most distances between second neighbours: what a table of shortest distances is about.
    private const double DistanceTableRadius = 3;

    // amu/Å³ to g/cm³: atomic mass constant, CODATA 2018.
    private const double GramsPerCubicCentimetre = 1.66053906660;

    // Enough to see what is wrong; the counts by code are complete.
    private const int ExamplesKept = 20;

    private readonly SortedDictionary<string, long> _formulas = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _rejectionsByCode = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(Element, Element), ShortestDistance> _shortest = [];
    private readonly List<Rejection> _rejections = [];
    private readonly List<(string Id, string First)> _duplicates = [];
    private readonly DuplicateFinder _finder = new(duplicateTolerance);

    /// <summary>Number of structures.</summary>
    public long Structures { get; private set; }

    /// <summary>Number of rejected entries.</summary>
    public long Rejected { get; private set; }

    /// <summary>Number of structures equal to an earlier one.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Number of structures by the number of axes along which they repeat: 0 for molecules, 3 for crystals.</summary>
    public IReadOnlyList<long> ByPeriodicAxes => _byPeriodicAxes;

    /// <summary>Atoms per structure.</summary>
    public ValueRange Atoms { get; private set; }

    /// <summary>Density of the crystals, g/cm³.</summary>
    public ValueRange Density { get; private set; }

    /// <summary>Number of structures of each formula.</summary>
    public IReadOnlyDictionary<string, long> Formulas => _formulas;

    /// <summary>The shortest distance of each pair of elements, up to 3 Å.</summary>
    public IReadOnlyCollection<ShortestDistance> ShortestDistances => _shortest.Values;

    /// <summary>Number of rejected entries by code.</summary>
    public IReadOnlyDictionary<string, long> RejectionsByCode => _rejectionsByCode;

    /// <summary>The first rejected entries.</summary>
    public IReadOnlyList<Rejection> FirstRejections => _rejections;

    /// <summary>The first structures that are equal to an earlier one, and that one.</summary>
    public IReadOnlyList<(string Id, string First)> FirstDuplicates => _duplicates;

    private readonly long[] _byPeriodicAxes = new long[4];

    /// <summary>Takes one entry.</summary>
    /// <param name="entry">A structure or a rejection.</param>
    public void Add(ReadResult entry)
    {
        if (entry.Rejection is { } rejection)
        {
            Rejected++;
            _rejectionsByCode[rejection.Code] = _rejectionsByCode.GetValueOrDefault(rejection.Code) + 1;
            if (_rejections.Count < ExamplesKept)
            {
                _rejections.Add(rejection);
            }
        }
        else if (entry.Structure is { } structure)
        {
            Add(structure);
        }
    }

    private void Add(Structure structure)
    {
        Structures++;
        Atoms = Atoms.With(structure.AtomCount);
        string formula = structure.Composition.Formula;
        _formulas[formula] = _formulas.GetValueOrDefault(formula) + 1;
        var p = structure.Periodicity;
        _byPeriodicAxes[(p.A ? 1 : 0) + (p.B ? 1 : 0) + (p.C ? 1 : 0)]++;
        if (p == Periodicity.Full)
        {
            Density = Density.With(structure.Species.Sum(e => e.Mass) / structure.Lattice!.Volume * GramsPerCubicCentimetre);
        }

        AddDistances(structure);
        if (_finder.FindOrAdd(structure) is { } first)
        {
            Duplicates++;
            if (_duplicates.Count < ExamplesKept)
            {
                _duplicates.Add((structure.Id, first));
            }
        }
    }

    private void AddDistances(Structure structure)
    {
        var list = NeighborList.Build(structure, DistanceTableRadius);
        for (int i = 0; i < structure.AtomCount; i++)
        {
            foreach (var neighbor in list.Of(i))
            {
                var (a, b) = (structure.Species[i], structure.Species[neighbor.Index]);
                if (a <= b && (!_shortest.TryGetValue((a, b), out var known) || neighbor.Distance < known.Distance))
                {
                    _shortest[(a, b)] = new ShortestDistance(a, b, neighbor.Distance, structure.Id);
                }
            }
        }
    }
}
