using System.Text.Json;
using Polymorph.Structures;

namespace Polymorph.Testing;

/// <summary>Crystals as the reference files write them: the cell, atomic numbers <c>z</c>, fractional coordinates <c>x</c>.</summary>
public static class ReferenceCrystal
{
    /// <summary>A record whose <c>lattice</c> holds the lattice vectors as rows, Å.</summary>
    /// <remarks>Left-handed cells are mirror settings of the same lattice: all vectors and coordinates reversed describe the same crystal.</remarks>
    /// <param name="record">The record.</param>
    /// <param name="id">Its id.</param>
    public static Structure OfVectors(JsonElement record, string id = "")
    {
        Vector3D[] rows = [.. record.GetProperty("lattice").EnumerateArray().Select(Vector)];
        double sign = rows[0].Cross(rows[1]).Dot(rows[2]) > 0 ? 1 : -1;
        return Of(record, new Lattice(sign * rows[0], sign * rows[1], sign * rows[2]), sign, id);
    }

    /// <summary>A record whose <c>cell</c> holds three lengths in Å and three angles in degrees.</summary>
    public static Structure OfParameters(JsonElement record)
    {
        double[] cell = [.. record.GetProperty("cell").EnumerateArray().Select(n => n.GetDouble())];
        return Of(record, Lattice.FromParameters(new(cell[0], cell[1], cell[2]), Math.PI / 180 * new Vector3D(cell[3], cell[4], cell[5])), 1, "");
    }

    /// <summary>A record with the lattice vectors as rows, <c>numbers</c> for <c>z</c>, <c>frac</c> for <c>x</c>, and its <c>id</c>.</summary>
    /// <param name="record">The record.</param>
    public static Structure OfNumbers(JsonElement record)
    {
        Vector3D[] rows = [.. record.GetProperty("lattice").EnumerateArray().Select(Vector)];
        var lattice = new Lattice(rows[0], rows[1], rows[2]);
        return new([.. Elements(record.GetProperty("numbers"))], [.. record.GetProperty("frac").EnumerateArray().Select(x => lattice.ToCartesian(Vector(x)))], lattice, id: record.GetProperty("id").GetString()!);
    }

    /// <summary>An array of atomic numbers.</summary>
    public static IEnumerable<Element> Elements(JsonElement numbers) => numbers.EnumerateArray().Select(z => new Element(z.GetInt32()));

    /// <summary>An array of three numbers.</summary>
    public static Vector3D Vector(JsonElement v) => new(v[0].GetDouble(), v[1].GetDouble(), v[2].GetDouble());

    private static Structure Of(JsonElement record, Lattice lattice, double sign, string id) => new(
        [.. Elements(record.GetProperty("z"))],
        [.. record.GetProperty("x").EnumerateArray().Select(x => lattice.ToCartesian(sign * Vector(x)))], lattice, id: id);
}
