using Polymorph.Structures;

namespace Polymorph.Representations.LocalDescriptors;

/// <summary>A cell completed along its axes that do not repeat by unit vectors normal to those that do, so that fractional coordinates along
/// the repeating axes, face distances and images mean the same for crystals, slabs and chains.</summary>
internal sealed class PeriodicFrame
{
    /// <summary>The frame of a cell.</summary>
    public PeriodicFrame(Lattice lattice, Periodicity periodicity)
    {
        Repeats = [periodicity.A, periodicity.B, periodicity.C];
        var rows = new[] { lattice.A, lattice.B, lattice.C };
        var fixedAxes = Enumerable.Range(0, 3).Where(a => !Repeats[a]).ToArray();
        if (fixedAxes is [int only])
        {
            rows[only] = Unit(rows[(only + 1) % 3].Cross(rows[(only + 2) % 3]));
        }
        else if (fixedAxes is [int first, int second])
        {
            var along = Unit(rows[3 - first - second]);
            rows[first] = Unit(rows[first] - rows[first].Dot(along) * along);
            rows[second] = along.Cross(rows[first]);
            rows[second] = rows[second].Dot(lattice[second]) < 0 ? -rows[second] : rows[second];
        }

        Cell = new Lattice(rows[0], rows[1], rows[2]);
    }

    /// <summary>The completed cell.</summary>
    public Lattice Cell { get; }

    /// <summary>Whether axis 0, 1, 2 repeats.</summary>
    public bool[] Repeats { get; }

    /// <summary>Along each axis, how many of the images nearest to a centre can lie within the cutoff: ⌈2 r_c / face distance⌉.</summary>
    public int[] NearImages(double cutoffRadius)
    {
        var distances = Cell.FaceDistances;
        return [.. Enumerable.Range(0, 3).Select(a => Repeats[a] ? Math.Max(1, (int)Math.Ceiling(2 * cutoffRadius / distances[a])) : 1)];
    }

    /// <summary>An offset less the whole lattice vectors in it.</summary>
    public Vector3D NearestImage(Vector3D offset)
    {
        var f = Cell.ToFractional(offset);
        return offset - Cell.ToCartesian(new(
            Repeats[0] ? Math.Round(f.X) : 0,
            Repeats[1] ? Math.Round(f.Y) : 0,
            Repeats[2] ? Math.Round(f.Z) : 0));
    }

    private static Vector3D Unit(Vector3D v) => v * (1 / v.Length);
}
