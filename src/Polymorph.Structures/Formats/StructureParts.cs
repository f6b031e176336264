using System.Collections.Immutable;

namespace Polymorph.Structures.Formats;

/// <summary>Collects what a file says about one structure and refuses what cannot be one.</summary>
/// <param name="options">Limits.</param>
/// <param name="line">Line of the entry, for messages; 0 when the file has no lines.</param>
internal sealed class StructureParts(ReadOptions options, long line)
{
    private static readonly string[] Reserved = ["Lattice", "Properties", "pbc"];

    private readonly ImmutableArray<Element>.Builder _species = ImmutableArray.CreateBuilder<Element>();
    private readonly ImmutableArray<Vector3D>.Builder _positions = ImmutableArray.CreateBuilder<Vector3D>();
    private readonly ImmutableSortedDictionary<string, object>.Builder _properties = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
    private readonly ImmutableSortedDictionary<string, AtomProperty>.Builder _atomProperties = ImmutableSortedDictionary.CreateBuilder<string, AtomProperty>(StringComparer.Ordinal);
    private Periodicity _periodicity;
    private long _values;

    /// <summary>The cell, once it is set; null for a molecule.</summary>
    public Lattice? Lattice { get; private set; }

    /// <summary>Atoms so far.</summary>
    public int AtomCount => _species.Count;

    /// <summary>Sets cell and periodicity.</summary>
    /// <remarks>A vector of length zero along an axis that does not repeat is replaced by a normal of length 1 Å: it has no meaning there. A cell of zeros is none.</remarks>
    public void SetCell(Vector3D a, Vector3D b, Vector3D c, Periodicity periodicity)
    {
        Span<Vector3D> v = [a, b, c];
        foreach (var row in v)
        {
            StructureChecks.Within(row, "a component of the cell", line, options);
        }

        _periodicity = periodicity;
        if (a == default && b == default && c == default)
        {
            Lattice = periodicity.Any
                ? throw new InputProblemException("PM2114", line, "the structure is periodic but has no cell", "Give the cell, or periodicity along no axis.")
                : null;
            return;
        }

        Complete(v, [periodicity.A, periodicity.B, periodicity.C]);
        Lattice = StructureChecks.Lattice(v[0], v[1], v[2], line);
    }

    /// <summary>Sets the cell of a crystal from lengths and angles.</summary>
    /// <param name="lengths">Å.</param>
    /// <param name="degrees">Angles alpha, beta, gamma.</param>
    public void SetCell(Vector3D lengths, Vector3D degrees)
    {
        StructureChecks.Within(lengths, "a length of the cell", line, options);
        try
        {
            Lattice = Lattice.FromParameters(lengths, Math.PI / 180 * degrees);
        }
        catch (ArgumentException)
        {
            throw new InputProblemException("PM2412", line, "no cell has these lengths and angles", "Lengths are in Å, angles in degrees; each angle is smaller than the sum of the other two.");
        }

        _periodicity = Periodicity.Full;
    }

    /// <summary>Adds an atom.</summary>
    /// <param name="element">Its element.</param>
    /// <param name="position">Cartesian, Å.</param>
    public void AddAtom(Element element, Vector3D position)
    {
        if (_species.Count == options.MaxAtoms)
        {
            throw new InputProblemException("PM2113", line, $"the structure has more than {options.MaxAtoms} atoms", "Raise the limit if this is meant.");
        }

        if (!position.IsFinite)
        {
            throw new InputProblemException("PM2105", line, $"the position of atom {_species.Count + 1} is not a finite number", "The program that wrote the file has failed here; compute this structure again.");
        }

        _species.Add(element);
        _positions.Add(StructureChecks.Within(position, $"the position of atom {_species.Count}", line, options));
    }

    /// <summary>A name under which extended XYZ can hold a value: others are mended.</summary>
    public static string PropertyName(string name)
    {
        string clean = string.Concat(name.Select(c => TextLines.IsText(c) && !char.IsSurrogate(c) ? c : '_'));
        return clean.Length == 0 || Reserved.Contains(clean, StringComparer.OrdinalIgnoreCase) ? clean + "_" : clean;
    }

    /// <summary>Adds a named value.</summary>
    public void AddProperty(string name, object value) => _properties[PropertyName(name)] = value;

    /// <summary>Adds a named table with one row per atom, once all atoms are there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">R, I, L or S.</param>
    /// <param name="values">[atoms × columns], row-major.</param>
    public void AddAtomProperty(string name, char kind, IReadOnlyList<object> values)
    {
        if (AtomCount == 0 || values.Count == 0 || values.Count % AtomCount != 0)
        {
            throw new InputProblemException("PM2606", line, $"'{StructureChecks.Shown(name)}' has {values.Count} values for {AtomCount} atoms", "Every atom needs as many.");
        }

        _values += values.Count;
        if (_values > options.MaxValues)
        {
            throw new InputProblemException("PM2113", line, $"the atoms have more than {options.MaxValues} values", "Leave out columns that are not needed.");
        }

        string clean = string.Concat(name.Select(c => PropertyColumns.IsName(c.ToString()) && !char.IsSurrogate(c) ? c : '_'));
        if (clean.Length > 0)
        {
            var kept = kind == 'S' ? values.Select(v => (object)string.Concat(((string)v).Select(c => char.IsControl(c) ? ' ' : c))) : values;
            _atomProperties[clean is "species" or "pos" or "Z" ? clean + "_" : clean] = new AtomProperty(kind, values.Count / AtomCount, [.. kept]);
        }
    }

    /// <summary>The finished structure.</summary>
    public Structure Build(string id) => AtomCount == 0
        ? throw new InputProblemException("PM2102", line, "the structure has no atoms", "Remove it: a structure needs at least one atom.")
        : StructureChecks.Structure(_species.ToImmutable(), _positions.ToImmutable(), Lattice, _periodicity, id, line, options, _properties.ToImmutable(), _atomProperties.ToImmutable());

    private static void Complete(Span<Vector3D> v, ReadOnlySpan<bool> repeats)
    {
        for (int k = 0; k < 3; k++)
        {
            int next = (k + 1) % 3, last = (k + 2) % 3;
            if (v[k] != default && v[next] == default && v[last] == default && !repeats[next] && !repeats[last])
            {
                // Any normal will do; the Cartesian axis least along the vector gives a well-defined one.
                var (x, y, z) = (Math.Abs(v[k].X), Math.Abs(v[k].Y), Math.Abs(v[k].Z));
                var axis = x <= y && x <= z ? new Vector3D(1, 0, 0) : y <= z ? new Vector3D(0, 1, 0) : new Vector3D(0, 0, 1);
                v[next] = Unit(v[k].Cross(axis));
            }
        }

        for (int k = 0; k < 3; k++)
        {
            if (v[k] == default && !repeats[k])
            {
                v[k] = Unit(v[(k + 1) % 3].Cross(v[(k + 2) % 3]));
            }
        }
    }

    private static Vector3D Unit(Vector3D v) => 1 / v.Length * v;
}
