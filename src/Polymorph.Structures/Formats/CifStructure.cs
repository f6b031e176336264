using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Polymorph.Structures.Formats;

/// <summary>Turns a data block into a structure: cell, symmetry operations, sites, and the atoms they stand for.</summary>
internal static class CifStructure
{
    // Listed coordinates such as 0.333 put the images of an atom on a special position slightly beside each other.
    private const double MergeDistance = 0.15;

    // The largest space groups have 192 operations per conventional cell; enlarged cells some more.
    private const int MaxOperations = 1024;

    public static Structure Build(CifBlock block, string id, ReadOptions options)
    {
        var lattice = ReadCell(block, options);
        if (block.Value("_cell_modulation_dimension") is { } dimension && dimension.Text != "0")
        {
            throw new InputProblemException("PM2414", dimension.Line, "the structure is incommensurately modulated and has no finite cell", "Use a commensurate approximant.");
        }

        var operations = ReadOperations(block, lattice);
        var sites = CifSites.Read(block, options);
        var species = ImmutableArray.CreateBuilder<Element>();
        var positions = ImmutableArray.CreateBuilder<Vector3D>();
        var labels = ImmutableArray.CreateBuilder<object>();
        foreach (var site in sites)
        {
            foreach (var f in Orbit(site.Position, operations, lattice))
            {
                if (species.Count == options.MaxAtoms)
                {
                    throw new InputProblemException("PM2113", site.Line, $"the cell has more than {options.MaxAtoms} atoms", "Raise the limit if this is meant.");
                }

                species.Add(site.Element);
                positions.Add(StructureChecks.Within(lattice.ToCartesian(f), "the position", site.Line, options));
                labels.Add(site.Label);
            }
        }

        var atomProperties = ImmutableSortedDictionary<string, AtomProperty>.Empty.Add("label", new AtomProperty('S', 1, labels.ToImmutable()));
        var properties = ImmutableSortedDictionary<string, object>.Empty;
        return StructureChecks.Structure(species.ToImmutable(), positions.ToImmutable(), lattice, Periodicity.Full, id, sites[0].Line, options,
            block.Name.Length > 0 ? properties.Add("data_block", block.Name) : properties, atomProperties);
    }

    private static Lattice ReadCell(CifBlock block, ReadOptions options)
    {
        var lengths = new Vector3D(Cell("_cell_length_a"), Cell("_cell_length_b"), Cell("_cell_length_c"));
        var angles = Math.PI / 180 * new Vector3D(Cell("_cell_angle_alpha"), Cell("_cell_angle_beta"), Cell("_cell_angle_gamma"));
        long line = block.Value("_cell_length_a")!.Value.Line;
        try
        {
            return Lattice.FromParameters(lengths, angles);
        }
        catch (ArgumentException)
        {
            throw new InputProblemException("PM2412", line, "no cell has these lengths and angles", "Lengths are in Å, angles in degrees; each angle is smaller than the sum of the other two.");
        }

        double Cell(string item)
        {
            var value = block.Value(item) ?? throw new InputProblemException("PM2402", block.Line, $"the data block '{StructureChecks.Shown(block.Name)}' has no {item}", "A crystal needs all six cell parameters.");
            return CifSites.Number(value, item, options);
        }
    }

    private static List<SymmetryOperation> ReadOperations(CifBlock block, Lattice lattice)
    {
        var listed = block.Column("_space_group_symop_operation_xyz") ?? block.Column("_symmetry_equiv_pos_as_xyz");
        var operations = new List<SymmetryOperation>();
        foreach (var token in listed ?? [])
        {
            if (token.IsMissing)
            {
                continue;
            }

            var operation = SymmetryOperation.TryParse(token.Text);
            if (operation is null || operations.Count == MaxOperations)
            {
                throw new InputProblemException("PM2406", token.Line, operation is null ? $"'{StructureChecks.Shown(token.Text)}' is not a symmetry operation" : $"there are more than {MaxOperations} symmetry operations",
                    "Operations look like -y,x-y,z+1/2.");
            }

            if (operation.Strain(lattice) > SymmetryOperation.LargestStrain)
            {
                throw new InputProblemException("PM2415", token.Line, $"the operation '{StructureChecks.Shown(token.Text)}' does not fit the cell: it changes its lengths or angles",
                    "The cell and the operations belong to different settings of the space group; take both from one source.");
            }

            operations.Add(operation);
        }

        if (operations.Count > 0 && !operations.Exists(o => o.IsIdentity))
        {
            throw new InputProblemException("PM2406", listed![0].Line, "the symmetry operations lack the identity x,y,z", "List all operations of the group.");
        }

        if (operations.Count <= 1 && NonTrivialGroup(block) is { } group)
        {
            throw new InputProblemException("PM2405", group.Line, $"the space group is {StructureChecks.Shown(group.Text)}, but {(operations.Count == 0 ? "its symmetry operations are not listed" : "only the identity is listed")}",
                "Add the loop _space_group_symop_operation_xyz, or write the whole cell in P 1.");
        }

        return operations.Count > 0 ? operations : [SymmetryOperation.Identity];
    }

    /// <summary>The symbol or number of a space group other than P1.</summary>
    private static CifToken? NonTrivialGroup(CifBlock block)
    {
        var symbol = block.Value("_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m", "_space_group_name_h-m_full", "_space_group_name_hall", "_symmetry_space_group_name_hall");
        var number = block.Value("_space_group_it_number", "_symmetry_int_tables_number");
        return symbol is { } s && !s.Text.Replace(" ", "", StringComparison.Ordinal).Equals("P1", StringComparison.OrdinalIgnoreCase) ? symbol
            : number is { } n && n.Text != "1" ? number
            : null;
    }

    /// <summary>The distinct images of a site in [0, 1), the site's own first; images that fall together become one at their mean.</summary>
    private static List<Vector3D> Orbit(Vector3D site, List<SymmetryOperation> operations, Lattice lattice)
    {
        // A difference along one axis is at least as long as its part across the planes of that axis: most pairs need no more than that.
        var faces = lattice.FaceDistances;
        var reach = new Vector3D(MergeDistance / faces.X, MergeDistance / faces.Y, MergeDistance / faces.Z);
        var found = new List<(Vector3D First, Vector3D Shift, int Count)>();
        foreach (var operation in operations)
        {
            var f = operation.Apply(site);
            int same = Same(f);
            if (same < 0)
            {
                found.Add((f, default, 1));
            }
            else
            {
                var (first, shift, count) = found[same];
                found[same] = (first, shift + Nearest(f - first), count + 1);
            }
        }

        return found.ConvertAll(o => Wrapped(o.First + 1.0 / o.Count * o.Shift));

        int Same(Vector3D f)
        {
            var images = CollectionsMarshal.AsSpan(found);
            for (int i = 0; i < images.Length; i++)
            {
                var d = Nearest(f - images[i].First);
                if (Math.Abs(d.X) < reach.X && Math.Abs(d.Y) < reach.Y && Math.Abs(d.Z) < reach.Z && lattice.ToCartesian(d).LengthSquared < MergeDistance * MergeDistance)
                {
                    return i;
                }
            }

            return -1;
        }
    }

    private static Vector3D Nearest(Vector3D f) => new(f.X - Math.Round(f.X), f.Y - Math.Round(f.Y), f.Z - Math.Round(f.Z));

    private static Vector3D Wrapped(Vector3D f) => new(Wrapped(f.X), Wrapped(f.Y), Wrapped(f.Z));

    // A coordinate just below zero by rounding would become one that is exactly 1.
    private static double Wrapped(double f) => f - Math.Floor(f) is var w && w > 1 - 1e-12 ? 0 : w;
}
