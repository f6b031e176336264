using Polymorph.Structures;

namespace Polymorph.Selection;

/// <summary>What <see cref="GeometryCheck"/> says: null reason for a sound geometry, else the atoms concerned.</summary>
/// <param name="Reason">Why the geometry is bad, or null.</param>
/// <param name="First">The atom concerned, or the first of the pair.</param>
/// <param name="Second">The second of the pair; the same atom for a single atom or its own image.</param>
/// <param name="Distance">Their distance, Å; 0 where none is meant.</param>
public readonly record struct GeometryVerdict(LossReason? Reason, int First = 0, int Second = 0, double Distance = 0);

/// <summary>Checks distances in many geometries of one list of atoms, without allocation.</summary>
/// <remarks>Periodic images are counted along periodic axes. Every pair is looked at, so this is for cells and molecules of up to some hundred atoms. Safe for use by several threads.</remarks>
public sealed class GeometryCheck
{
    private readonly Element[] _species;
    private readonly int _atoms;
    private readonly double[] _minimum;
    private readonly double[] _reach;
    private readonly Lattice? _lattice;
    private readonly Periodicity _periodicity;
    private readonly (int A, int B, int C) _images;

    /// <summary>A check for one list of atoms in one cell.</summary>
    /// <param name="species">Element of each atom.</param>
    /// <param name="options">Limits; by default those of <see cref="GeometryOptions"/>.</param>
    /// <param name="lattice">The cell, or null for molecules.</param>
    /// <param name="periodicity">Axes that repeat; by default all when there is a cell.</param>
    public GeometryCheck(IEnumerable<Element> species, GeometryOptions? options = null, Lattice? lattice = null, Periodicity? periodicity = null)
    {
        options ??= new GeometryOptions();
        Element[] atoms = [.. species];
        (_species, _atoms) = (atoms, atoms.Length);
        _minimum = Table(options.Minimum);
        _reach = Table((a, b) => options.IsolationFactor * (a.CovalentRadius + b.CovalentRadius));
        _periodicity = periodicity ?? (lattice is null ? Periodicity.None : Periodicity.Full);
        _lattice = _periodicity.Any ? lattice : null;
        if (_lattice is not null)
        {
            // Offsets are wrapped to half a cell first, so images up to reach + half a cell away matter.
            double reach = Math.Sqrt(Math.Max(_minimum.Max(), _reach.Max()));
            var face = _lattice.FaceDistances;
            _images = (Count(_periodicity.A, face.X), Count(_periodicity.B, face.Y), Count(_periodicity.C, face.Z));

            int Count(bool repeats, double distance) => repeats ? (int)Math.Ceiling(reach / distance + 0.5) : 0;
        }

        double[] Table(Func<Element, Element, double> distance) =>
            [.. from a in atoms from b in atoms let d = distance(a, b) select d * d];
    }

    /// <summary>Checks one geometry; the first fault found is reported, close pairs before isolated atoms.</summary>
    /// <param name="positions">Cartesian positions, [atoms × 3], Å.</param>
    /// <exception cref="ArgumentException">The length is not three times the number of atoms.</exception>
    public GeometryVerdict Check(ReadOnlySpan<float> positions)
    {
        if (positions.Length != 3 * _atoms)
        {
            throw new ArgumentException($"expected {3 * _atoms} coordinates, {positions.Length} came", nameof(positions));
        }

        for (int i = 0; i < positions.Length; i++)
        {
            if (!float.IsFinite(positions[i]))
            {
                return new GeometryVerdict(LossReason.NotFinite, i / 3, i / 3);
            }
        }

        Span<bool> near = _atoms <= 1024 ? stackalloc bool[_atoms] : new bool[_atoms];
        near.Clear();
        for (int i = 0; i < _atoms; i++)
        {
            for (int j = i; j < _atoms; j++)
            {
                double squared = SmallestSquare(At(positions, j) - At(positions, i), own: i == j);
                int pair = i * _atoms + j;
                if (squared < _minimum[pair])
                {
                    return new GeometryVerdict(LossReason.TooClose, i, j, Math.Sqrt(squared));
                }

                if (squared < _reach[pair])
                {
                    near[i] = near[j] = true;
                }
            }
        }

        int isolated = _atoms > 1 || _lattice is not null ? near.IndexOf(false) : -1;
        return isolated < 0 ? default : new GeometryVerdict(LossReason.IsolatedAtom, isolated, isolated);
    }

    /// <summary>Why one geometry is bad, with the pair of elements or the atom; null for a sound one.</summary>
    /// <param name="positions">Cartesian positions, [atoms × 3], Å.</param>
    /// <exception cref="ArgumentException">The length is not three times the number of atoms.</exception>
    public Loss? Loss(ReadOnlySpan<float> positions)
    {
        var verdict = Check(positions);
        return verdict.Reason switch
        {
            null => null,
            LossReason.TooClose => Selection.Loss.TooClose(_species[verdict.First], _species[verdict.Second]),
            { } reason => new Loss(reason, verdict.First),
        };
    }

    private double SmallestSquare(Vector3D offset, bool own)
    {
        if (_lattice is not { } cell)
        {
            return own ? double.PositiveInfinity : offset.LengthSquared;
        }

        var f = cell.ToFractional(offset);
        offset -= Wrap(_periodicity.A, f.X) * cell.A + Wrap(_periodicity.B, f.Y) * cell.B + Wrap(_periodicity.C, f.Z) * cell.C;
        double smallest = double.PositiveInfinity;
        for (int a = -_images.A; a <= _images.A; a++)
        {
            for (int b = -_images.B; b <= _images.B; b++)
            {
                for (int c = -_images.C; c <= _images.C; c++)
                {
                    if (!own || a != 0 || b != 0 || c != 0)
                    {
                        smallest = Math.Min(smallest, (offset + a * cell.A + b * cell.B + c * cell.C).LengthSquared);
                    }
                }
            }
        }

        return smallest;
    }

    private static double Wrap(bool repeats, double fraction) => repeats ? Math.Round(fraction) : 0;

    private static Vector3D At(ReadOnlySpan<float> positions, int atom) => new(positions[3 * atom], positions[3 * atom + 1], positions[3 * atom + 2]);
}
