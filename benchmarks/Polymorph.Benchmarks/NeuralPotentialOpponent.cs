using System.Globalization;
using System.Text.Json;
using Polymorph.Energies;
using Polymorph.Energies.Neural;
using Polymorph.Structures;

namespace Polymorph.Benchmarks;

/// <summary>A neural potential of ours in PyTorch, one thread, with the neighbours given: <c>opponents/neural_torch.py</c>.</summary>
internal static class NeuralPotentialOpponent
{
    private const double Measured = 3;

    /// <summary>Processor time for energy and forces, seconds; null where PyTorch is not installed.</summary>
    /// <exception cref="InvalidOperationException">It computed something else than we did: its time would mean nothing.</exception>
    public static double? SecondsPerStructure(NeuralPotential potential, string file, Structure structure, Precision precision, Evaluation ours)
    {
        var list = NeighborList.Build(structure, potential.Options.CutoffRadius);
        string job = Path.GetTempFileName();
        File.WriteAllText(job, JsonSerializer.Serialize(new
        {
            potential = file,
            symbols = structure.Species.Select(e => e.Symbol),
            numbers = potential.Options.Elements.Select(e => e.Number),
            radii = potential.Options.Elements.Select(e => e.CovalentRadius),
            edges = Enumerable.Range(0, structure.AtomCount).SelectMany(i => list.Of(i).ToArray().Select(n => new[] { i, n.Index, n.Offset.X, n.Offset.Y, n.Offset.Z })),
            precision = precision.ToString().ToLowerInvariant(),
            seconds = Measured,
        }));
        string? output = PythonOpponent.Output("neural_torch.py", "torch and scipy", "", job);
        File.Delete(job);
        if (output is null)
        {
            return null;
        }

        using var result = JsonDocument.Parse(output);
        double seconds = result.RootElement.GetProperty("seconds").GetDouble(), energy = Math.Abs(result.RootElement.GetProperty("energy").GetDouble() - ours.EnergyEV);
        double force = result.RootElement.GetProperty("forces").EnumerateArray().Zip(ours.Forces, (f, g) => (new Vector3D(f[0].GetDouble(), f[1].GetDouble(), f[2].GetDouble()) - g).Length).Max();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{structure.AtomCount} atoms, {precision}: PyTorch {1e3 * seconds:F2} ms; difference {energy:E1} eV, {force:E1} eV/Å"));
        // PyTorch sums an energy of thousands of eV in the precision at hand, so forces are the check.
        return force < (precision == Precision.Single ? 1e-3 : 1e-6) ? seconds : throw new InvalidOperationException("the opponent's forces are not ours");
    }
}
