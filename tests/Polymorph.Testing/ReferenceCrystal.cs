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

    /// <summary>An array of three numbers.</summary>
    public static Vector3D Vector(JsonElement v) => new(v[0].GetDouble(), v[1].GetDouble(), v[2].GetDouble());

    private static Structure Of(JsonElement record, Lattice lattice, double sign, string id) => new(
        [.. record.GetProperty("z").EnumerateArray().Select(z => new Element(z.GetInt32()))],
        [.. record.GetProperty("x").EnumerateArray().Select(x => lattice.ToCartesian(sign * Vector(x)))], lattice, id: id);
}
