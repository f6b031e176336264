using System.Collections.Immutable;
using System.Text.Json;
using Polymorph.Energies.TensorNet;
using Polymorph.Structures;
using Polymorph.Testing;

namespace Polymorph.Energies.Tests.TensorNet;

/// <summary>The 21 crystals with energies, forces and stresses of the upstream code, double precision.</summary>
internal static class GoldenCrystals
{
    private static readonly Lazy<JsonElement> File = new(() => ReferenceData.Json("golden/potentials/tensornet_crystals.json"));

    public static string WeightPath => ReferenceData.PathOf("data/potentials/tensornet-matpes-pbe-2025.1.json");

    public static IEnumerable<Crystal> All => File.Value.GetProperty("structures").EnumerateArray().Select(s => new Crystal(s));

    public static Crystal Named(string name) => All.Single(c => c.Structure.Id == name);

    public static TensorNetEngine Engine(Precision precision) => new(WeightPath, precision);

    public static Vector3D Vector(JsonElement row) => new(row[0].GetDouble(), row[1].GetDouble(), row[2].GetDouble());

    internal sealed class Crystal(JsonElement golden)
    {
        public Structure Structure { get; } = Read(golden);

        public int EdgeCount => golden.GetProperty("n_edges").GetInt32();

        public double Energy => golden.GetProperty("energy").GetDouble();

        public Vector3D[] Forces => [.. golden.GetProperty("forces").EnumerateArray().Select(Vector)];

        /// <summary>xx, yy, zz, yz, xz, xy; GPa.</summary>
        public double[] Stress => [.. new[] { (0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1) }.Select(p => golden.GetProperty("stress_gpa")[p.Item1][p.Item2].GetDouble())];

        public double[] AtomEnergies => [.. golden.GetProperty("intermediate").GetProperty("atom_energies").EnumerateArray().Select(e => e.GetDouble())];

        public (double Distance, double[] Basis)[] ShortestEdges =>
            [.. golden.GetProperty("intermediate").GetProperty("shortest_edges").EnumerateArray().Select(e => (e.GetProperty("r").GetDouble(), e.GetProperty("rbf").EnumerateArray().Select(b => b.GetDouble()).ToArray()))];

        private static Structure Read(JsonElement golden)
        {
            var rows = golden.GetProperty("lattice");
            var lattice = new Lattice(Vector(rows[0]), Vector(rows[1]), Vector(rows[2]));
            return new Structure(
                [.. golden.GetProperty("species").EnumerateArray().Select(s => Element.Parse(s.GetString()!))],
                [.. golden.GetProperty("fractional").EnumerateArray().Select(f => lattice.ToCartesian(Vector(f)))],
                lattice, id: golden.GetProperty("name").GetString()!);
        }
    }
}
