using System.Collections.Immutable;

namespace Polymorph.Structures;

/// <summary>Axes along which a structure repeats.</summary>
/// <param name="A">Along the first lattice vector.</param>
/// <param name="B">Along the second.</param>
/// <param name="C">Along the third.</param>
public readonly record struct Periodicity(bool A, bool B, bool C)
{
    /// <summary>A molecule.</summary>
    public static Periodicity None => default;

    /// <summary>A crystal.</summary>
    public static Periodicity Full => new(true, true, true);

    /// <summary>True when any axis repeats.</summary>
    public bool Any => A || B || C;
}

/// <summary>A crystal or a molecule: species, Cartesian positions, an optional lattice, and named values. Immutable.</summary>
public sealed class Structure
{
    /// <summary>Creates a structure.</summary>
    /// <param name="species">Element of each atom, [atoms], at least one.</param>
    /// <param name="positions">Cartesian positions, [atoms], Å, finite.</param>
    /// <param name="lattice">The cell, or null for a molecule in free space.</param>
    /// <param name="periodicity">Axes that repeat; by default all of them when there is a lattice, else none.</param>
    /// <param name="id">A name for messages and tables; may be empty.</param>
    /// <param name="properties">Named values of the whole structure: double, long, bool, string, or arrays of them.</param>
    /// <param name="atomProperties">Named arrays with one row per atom.</param>
    /// <exception cref="ArgumentException">No atoms, lengths differ, a position is not finite, or periodic without a lattice.</exception>
    public Structure(
        ImmutableArray<Element> species,
        ImmutableArray<Vector3D> positions,
        Lattice? lattice = null,
        Periodicity? periodicity = null,
        string id = "",
        ImmutableSortedDictionary<string, object>? properties = null,
        ImmutableSortedDictionary<string, AtomProperty>? atomProperties = null)
    {
        if (species.IsDefaultOrEmpty || positions.Length != species.Length)
        {
            throw new ArgumentException($"a structure needs one position per atom and at least one atom; {(species.IsDefault ? 0 : species.Length)} species and {(positions.IsDefault ? 0 : positions.Length)} positions came");
        }

        for (int i = 0; i < positions.Length; i++)
        {
            if (!positions[i].IsFinite)
            {
                throw new ArgumentException($"the position of atom {i + 1} is not a finite number");
            }
        }

        Species = species;
        Positions = positions;
        Lattice = lattice;
        Periodicity = periodicity ?? (lattice is null ? Periodicity.None : Periodicity.Full);
        if (Periodicity.Any && lattice is null)
        {
            throw new ArgumentException("a periodic structure needs a lattice");
        }

        Id = id;
        Properties = properties ?? ImmutableSortedDictionary<string, object>.Empty;
        AtomProperties = atomProperties ?? ImmutableSortedDictionary<string, AtomProperty>.Empty;
        foreach (var (name, property) in AtomProperties)
        {
            if (property.Rows != species.Length)
            {
                throw new ArgumentException($"the property '{name}' has {property.Rows} rows for {species.Length} atoms");
            }
        }
    }

    /// <summary>Element of each atom, [atoms].</summary>
    public ImmutableArray<Element> Species { get; }

    /// <summary>Cartesian positions, [atoms], Å.</summary>
    public ImmutableArray<Vector3D> Positions { get; }

    /// <summary>The cell, or null for a molecule in free space.</summary>
    public Lattice? Lattice { get; }

    /// <summary>Axes that repeat.</summary>
    public Periodicity Periodicity { get; }

    /// <summary>A name for messages and tables; may be empty.</summary>
    public string Id { get; }

    /// <summary>Named values of the whole structure: double, long, bool, string, or arrays of them.</summary>
    public ImmutableSortedDictionary<string, object> Properties { get; }

    /// <summary>Named arrays with one row per atom.</summary>
    public ImmutableSortedDictionary<string, AtomProperty> AtomProperties { get; }

    /// <summary>Number of atoms.</summary>
    public int AtomCount => Species.Length;

    /// <summary>Atoms of each element.</summary>
    public Composition Composition => new(Species);

    /// <summary>Fractional coordinates, [atoms], not wrapped.</summary>
    /// <exception cref="InvalidOperationException">There is no lattice.</exception>
    public ImmutableArray<Vector3D> FractionalPositions
    {
        get
        {
            var lattice = Lattice ?? throw new InvalidOperationException("a molecule has no fractional coordinates");
            return [.. Positions.Select(lattice.ToFractional)];
        }
    }

    /// <summary>The supercell: images in the order of their cells, the first axis outermost, so that the first atoms are the unit cell.</summary>
    /// <param name="i">Repetitions along a, at least 1.</param>
    /// <param name="j">Repetitions along b.</param>
    /// <param name="k">Repetitions along c.</param>
    /// <returns>A structure without the properties of the atoms.</returns>
    /// <exception cref="InvalidOperationException">There is no lattice.</exception>
    public Structure Repeat(int i, int j, int k)
    {
        var lattice = Lattice ?? throw new InvalidOperationException("a molecule cannot be repeated");
        var cells = (from a in Enumerable.Range(0, i) from b in Enumerable.Range(0, j) from c in Enumerable.Range(0, k) select lattice.ToCartesian(new Vector3D(a, b, c))).ToList();
        return new Structure([.. cells.SelectMany(_ => Species)], [.. cells.SelectMany(shift => Positions.Select(p => p + shift))], lattice.Repeat(i, j, k), Periodicity, Id, Properties);
    }

    /// <summary>The same structure with another id.</summary>
    /// <param name="id">The new id.</param>
    public Structure WithId(string id) => new(Species, Positions, Lattice, Periodicity, id, Properties, AtomProperties);

    /// <summary>The same atoms elsewhere.</summary>
    /// <param name="positions">Cartesian positions, [atoms], Å.</param>
    public Structure WithPositions(ImmutableArray<Vector3D> positions) => new(Species, positions, Lattice, Periodicity, Id, Properties, AtomProperties);

    /// <summary>The same structure with one more named value, or another one under that name.</summary>
    /// <param name="name">Name of the value.</param>
    /// <param name="value">double, long, bool, string, or an array of them.</param>
    public Structure WithProperty(string name, object value) =>
        new(Species, Positions, Lattice, Periodicity, Id, Properties.SetItem(name, value), AtomProperties);
}

/// <summary>A named table with one row per atom: real numbers, integers, logicals or strings.</summary>
/// <param name="Kind">R, I, L or S, as in extended XYZ.</param>
/// <param name="Columns">Columns per atom.</param>
/// <param name="Values">[atoms × columns], row-major: double, long, bool or string elements, as the kind says.</param>
public sealed record AtomProperty(char Kind, int Columns, ImmutableArray<object> Values)
{
    /// <summary>Number of rows.</summary>
    public int Rows => Columns == 0 ? 0 : Values.Length / Columns;
}
