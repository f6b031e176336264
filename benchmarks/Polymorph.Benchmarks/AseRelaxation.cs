using System.Diagnostics;
using System.Text.Json;
using Polymorph.Energies;
using Polymorph.Energies.Relaxation;
using Polymorph.Structures;

namespace Polymorph.Benchmarks;

/// <summary>ASE's optimisers on an engine of ours: ASE asks for every energy over a pipe and gets the numbers that our relaxer would get.</summary>
internal sealed class AseRelaxation : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly Process _process;

    private AseRelaxation(Process process) => _process = process;

    /// <summary>Starts Python; null where it or ASE is missing.</summary>
    public static AseRelaxation? Start()
    {
        string? script = Script();
        if (script is null || !File.Exists(Python))
        {
            return null;
        }

        using (var probe = Process.Start(Python, ["-c", "import ase.optimize"]))
        {
            probe.WaitForExit();
            if (probe.ExitCode != 0)
            {
                return null;
            }
        }

        return new(Process.Start(new ProcessStartInfo(Python, [script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
    }

    /// <summary>Relaxes in the given cell.</summary>
    /// <param name="optimizer">FIRE, BFGS or LBFGS, with ASE's defaults.</param>
    /// <param name="start">The start.</param>
    /// <param name="evaluator">The engine.</param>
    /// <param name="options">Force and steps.</param>
    /// <returns>Evaluations, or null when it did not converge, and the energy, eV.</returns>
    public (int? Evaluations, double Energy) Relax(string optimizer, Structure start, IEvaluator evaluator, RelaxationOptions options)
    {
        Send(new
        {
            optimizer,
            species = start.Species.Select(e => e.Symbol),
            positions = start.Positions.Select(Row),
            cell = start.Lattice is { } h ? new[] { Row(h.A), Row(h.B), Row(h.C) } : null,
            fmax = options.MaximumForce,
            steps = options.MaximumSteps,
        });
        while (true)
        {
            using var message = JsonDocument.Parse(_process.StandardOutput.ReadLine() ?? throw new IOException("ASE ended"));
            var root = message.RootElement;
            if (root.TryGetProperty("done", out _))
            {
                int? evaluations = root.GetProperty("converged").GetBoolean() ? root.GetProperty("evaluations").GetInt32() : null;
                return (evaluations, evaluations is null ? double.NaN : root.GetProperty("energy").GetDouble());
            }

            var structure = start.WithPositions([.. root.GetProperty("positions").EnumerateArray().Select(r => new Vector3D(r[0].GetDouble(), r[1].GetDouble(), r[2].GetDouble()))]);
            var evaluation = evaluator.Evaluate(structure);
            if (evaluation.Failure is { } failure)
            {
                Send(new { failure });
            }
            else
            {
                Send(new { energy = evaluation.EnergyEV, forces = evaluation.Forces.Select(Row) });
            }
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Send(object message)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(message));
        _process.StandardInput.Flush();
    }

    private static double[] Row(Vector3D v) => [v.X, v.Y, v.Z];

    private static string? Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "benchmarks", "opponents", "ase_relax.py");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
