using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polymorph.Energies;
using Polymorph.Energies.Relaxation;
using Polymorph.Structures;

namespace Polymorph.Studies.Relaxations;

/// <summary>A relaxed structure as one line of JSON, with everything to make it again.</summary>
internal static class RelaxedLine
{
    /// <summary>JSON on one line, with readable text.</summary>
    public static JsonSerializerOptions OneLine { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject ToJson(Relaxed relaxed)
    {
        var r = relaxed.Result;
        var s = r.Structure;
        return new JsonObject
        {
            ["key"] = relaxed.Key,
            ["id"] = relaxed.Id,
            ["formula"] = s.Composition.Formula,
            ["status"] = relaxed.StatusText,
            ["reason"] = r.Reason,
            ["method"] = r.Method,
            ["energyEV"] = Number(r.EnergyEV),
            ["maxForceEVPerA"] = Number(r.MaximumForce),
            ["stressGPa"] = r.Stress is { } stress ? new JsonArray([.. stress.ToGPa().Select(c => (JsonNode)c)]) : null,
            ["stressEVPerA3"] = r.Stress is { } raw ? new JsonArray(raw.XX, raw.YY, raw.ZZ, raw.YZ, raw.XZ, raw.XY) : null,
            ["uncertaintyEVPerAtom"] = r.UncertaintyEVPerAtom is { } u ? Number(u) : null,
            ["steps"] = r.Steps,
            ["forceEvaluations"] = r.ForceEvaluations,
            ["pushedPairs"] = r.PushedPairs,
            ["guardedEvaluations"] = r.GuardedEvaluations,
            ["keptOperations"] = r.KeptOperations,
            ["rmsdA"] = relaxed.Rmsd,
            ["seconds"] = relaxed.Seconds,
            ["repeats"] = relaxed.Repeats,
            ["cell"] = s.Lattice is { } cell ? Vectors([cell.A, cell.B, cell.C]) : null,
            ["positions"] = Vectors(s.Positions),
        };
    }

    /// <summary>The structure of a line.</summary>
    /// <param name="line">An object that <see cref="ToJson"/> made.</param>
    /// <param name="start">The structure it started from: species, periodicity and properties are taken from it.</param>
    /// <exception cref="FormatException">The line is of another kind, or of another structure.</exception>
    public static Relaxed Read(JsonObject line, Structure start)
    {
        var positions = ReadVectors(line["positions"]);
        var cell = line["cell"] is { } rows ? ReadVectors(rows) : [];
        if (positions.Length != start.AtomCount || cell.Length is not (0 or 3))
        {
            throw new FormatException("the geometry does not fit the structure");
        }

        var lattice = cell.IsEmpty ? null : new Lattice(cell[0], cell[1], cell[2]);
        var structure = new Structure(start.Species, positions, lattice, start.Periodicity, start.Id, start.Properties, start.AtomProperties);

        // GPa are for readers: the way there and back would change the last digit. Earlier journals have nothing else.
        var stress = line["stressEVPerA3"] is JsonArray { Count: 6 } s ? Stress([.. s.Select(c => (double)c!)])
            : line["stressGPa"] is JsonArray { Count: 6 } g ? 1 / StressTensor.GPaPerEVPerCubicAngstrom * Stress([.. g.Select(c => (double)c!)]) : (StressTensor?)null;
        string status = (string)line["status"]!;
        var result = new RelaxationResult(structure, Enum.GetValues<RelaxationStatus>().First(v => Relaxed.Text(v) == status), (string)line["reason"]!,
            Real(line["energyEV"]), Real(line["maxForceEVPerA"]), stress, (int)line["steps"]!, (int)line["forceEvaluations"]!, (string)line["method"]!,
            line["uncertaintyEVPerAtom"] is { } u ? (double)u : null)
        {
            PushedPairs = (int)line["pushedPairs"]!,

            // Journals of earlier versions are without them.
            GuardedEvaluations = (int?)line["guardedEvaluations"] ?? 0,
            KeptOperations = (int?)line["keptOperations"],
        };
        return new Relaxed((string)line["id"]!, (string)line["key"]!, (long)line["repeats"]!, result, (double)line["seconds"]!) { Rmsd = (double?)line["rmsdA"] };
    }

    private static StressTensor Stress(double[] s) => new(s[0], s[1], s[2], s[3], s[4], s[5]);

    private static JsonValue? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static double Real(JsonNode? node) => node is null ? double.NaN : (double)node;

    private static JsonArray Vectors(IEnumerable<Vector3D> vectors) => new([.. vectors.Select(v => (JsonNode)new JsonArray(v.X, v.Y, v.Z))]);

    private static ImmutableArray<Vector3D> ReadVectors(JsonNode? node) =>
        node is JsonArray rows ? [.. rows.Select(r => new Vector3D((double)r![0]!, (double)r[1]!, (double)r[2]!))] : throw new FormatException("a geometry is missing");
}
