using System.Diagnostics;
using System.Text.Json;
using Polymorph.Energies;
using Polymorph.Energies.Relaxation;
using Polymorph.Structures;

namespace Polymorph.Benchmarks;

/// <summary>ASE's optimisers on an engine of ours: ASE asks for every energy over a pipe and gets the numbers that our relaxer would get.</summary>
internal sealed class AseRelaxation : IDisposable
{
    private readonly Process _process;

    private AseRelaxation(Process process) => _process = process;

    /// <summary>Starts Python; null where it or ASE is missing.</summary>
    public static AseRelaxation? Start()
    {
        return PythonOpponent.Has("ase.optimize") && PythonOpponent.Command("ase_relax.py") is { } command ? new(Process.Start(command)!) : null;
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
            positions = start.Positions.Select(PythonOpponent.Row),
            cell = start.Lattice is { } h ? PythonOpponent.Rows(h) : null,
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
                Send(new { energy = evaluation.EnergyEV, forces = evaluation.Forces.Select(PythonOpponent.Row) });
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
}
