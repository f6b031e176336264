using System.Globalization;
using System.Text.Json;
using Polymorph.Energies;
using Polymorph.Structures;

namespace Polymorph.Benchmarks;

/// <summary>The same potential in PyTorch, one thread, with the neighbours given: <c>opponents/tensornet_torch.py</c>.</summary>
internal static class TensorNetOpponent
{
    /// <summary>Processor time for energy, forces and stress, seconds; null where PyTorch is not installed.</summary>
    public static double? SecondsPerStructure(string weights, Structure structure, Evaluation ours, Precision precision = Precision.Single)
    {
        var cell = structure.Lattice!;
        var neighbours = NeighborList.Build(structure, 5);
        var edges = Enumerable.Range(0, structure.AtomCount).SelectMany(i => neighbours.Of(i).ToArray().Select(n => new[] { i, n.Index, n.Image.A, n.Image.B, n.Image.C }));
        string settings = JsonSerializer.Serialize(new
        {
            weights,
            symbols = structure.Species.Select(e => e.Symbol),
            positions = structure.Positions.Select(PythonOpponent.Row),
            cell = PythonOpponent.Rows(cell),
            edges,
            precision = precision.ToString().ToLowerInvariant(),
        });
        if (PythonOpponent.Output("tensornet_torch.py", "torch", settings) is not { } output)
        {
            return null;
        }

        using var result = JsonDocument.Parse(output);
        double seconds = result.RootElement.GetProperty("seconds").GetDouble(), energy = result.RootElement.GetProperty("energy").GetDouble();
        double force = result.RootElement.GetProperty("forces").EnumerateArray().Zip(ours.Forces, (f, g) => (new Vector3D(f[0].GetDouble(), f[1].GetDouble(), f[2].GetDouble()) - g).Length).Max();
        // Both must have computed the same thing.
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{structure.AtomCount} atoms, {precision}: PyTorch {1e3 * seconds:F1} ms; difference {Math.Abs(energy - ours.EnergyEV):E1} eV, {force:E1} eV/Å"));
        return seconds;
    }
}
