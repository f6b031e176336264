using System.Collections.Immutable;
using Polymorph.Energies;
using Polymorph.Energies.TensorNet;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Benchmarks;

/// <summary>Energies, forces and stresses of a file's frames by TensorNet, for fitting the embedded silica potential: see <c>eng/silica-labels</c>.</summary>
/// <remarks>A frame with <c>relax=N</c> is relaxed for up to N steps of FIRE, its cell as well with <c>relax_cell=T</c>, and ever sparser steps of the path are written. Arguments: IN OUT [STRONG], the last for frames with a force of 60 to 300 eV/Å.</remarks>
internal static class SilicaLabels
{
    private const double LargestForce = 60;
    private const double LargestStrongForce = 300;
    private const double LargestStep = 0.1;

    // TensorNet has wells of its own below, which are no physics.
    private const double ShortestDistance = 0.6;

    public static void Run(string[] arguments)
    {
        using var evaluator = new TensorNetEngine(TensorNetBenchmark.Weights).CreateEvaluator();
        long evaluations = 0, tooShort = 0;
        var strong = new List<Structure>();
        long written = StructureWriter.Write(arguments[1], StructureReader.ReadStrict(arguments[0], new ReadOptions { MinDistance = 0.2 }).SelectMany(Label));
        Console.WriteLine($"{written} frames from {evaluations} evaluations, {strong.Count} with stronger forces, {tooShort} left out for a pair below {ShortestDistance} Å");
        if (arguments.Length > 2)
        {
            StructureWriter.Write(arguments[2], strong);
        }

        IEnumerable<Structure> Label(Structure frame)
        {
            long steps = frame.Properties.TryGetValue("relax", out object? value) && value is long n ? n : 0;
            bool cell = frame.Properties.TryGetValue("relax_cell", out object? free) && free is true;
            var bare = new Structure(frame.Species, frame.Positions, frame.Lattice, frame.Periodicity, frame.Id, frame.Properties.Remove("relax").Remove("relax_cell"));
            foreach (var (structure, evaluation, step) in Path(bare, steps, cell))
            {
                if (ClosePair.FindAny(structure, ShortestDistance) is not null)
                {
                    tooShort++;
                    continue;
                }

                double force = evaluation.Failure is null ? evaluation.Forces.Max(g => g.Length) : double.PositiveInfinity;
                if (force <= LargestForce)
                {
                    yield return Labelled(structure, evaluation, steps > 0 ? step : null);
                }
                else if (force <= LargestStrongForce)
                {
                    strong.Add(Labelled(structure, evaluation, steps > 0 ? step : null));
                }
            }
        }

        // FIRE (Bitzek et al., PRL 97 (2006) 170201) with unit masses and its published parameters.
        IEnumerable<(Structure Structure, Evaluation Evaluation, long Step)> Path(Structure structure, long steps, bool cell)
        {
            var velocity = new Vector3D[structure.AtomCount];
            double dt = 0.1, mixing = 0.1;
            long next = 0;
            for (long step = 0, downhill = 0; step <= steps; step++)
            {
                var evaluation = evaluator.Evaluate(structure);
                evaluations++;
                bool done = evaluation.Failure is null && evaluation.Forces.Max(f => f.Length) < 0.02;
                if (step == next || done || step == steps)
                {
                    yield return (structure, evaluation, step);
                    next = Math.Max(next + 1, (long)(next * 1.35));
                }

                if (done || evaluation.Failure is not null)
                {
                    yield break;
                }

                double power = 0, v2 = 0, f2 = 0;
                for (int i = 0; i < velocity.Length; i++)
                {
                    var f = evaluation.Forces[i];
                    (power, v2, f2) = (power + f.Dot(velocity[i]), v2 + velocity[i].LengthSquared, f2 + f.LengthSquared);
                }

                if (power < 0)
                {
                    Array.Clear(velocity);
                    (dt, mixing, downhill) = (0.5 * dt, 0.1, 0);
                }
                else if (downhill++ > 5)
                {
                    (dt, mixing) = (Math.Min(1.1 * dt, 0.3), 0.99 * mixing);
                }

                var moves = new Vector3D[velocity.Length];
                for (int i = 0; i < moves.Length; i++)
                {
                    var f = evaluation.Forces[i];
                    velocity[i] = (power < 0 ? Vector3D.Zero : (1 - mixing) * velocity[i] + mixing * Math.Sqrt(v2 / f2) * f) + dt * f;
                    moves[i] = dt * velocity[i];
                }

                double longest = moves.Max(m => m.Length);
                double scale = longest > LargestStep ? LargestStep / longest : 1;
                structure = structure.WithPositions([.. structure.Positions.Select((p, i) => p + scale * moves[i])]);
                structure = cell ? Strained(structure, evaluation.Stress!.Value) : structure;
            }
        }
    }

    // A small step against the stress; 0.2 Å³/eV is well below the inverse stiffness of any silica.
    private static Structure Strained(Structure structure, StressTensor stress)
    {
        static double Step(double s) => Math.Clamp(-0.2 * s, -0.01, 0.01);
        double xx = 1 + Step(stress.XX), yy = 1 + Step(stress.YY), zz = 1 + Step(stress.ZZ), yz = Step(stress.YZ), xz = Step(stress.XZ), xy = Step(stress.XY);
        Vector3D Deform(Vector3D r) => new(xx * r.X + xy * r.Y + xz * r.Z, xy * r.X + yy * r.Y + yz * r.Z, xz * r.X + yz * r.Y + zz * r.Z);
        var cell = structure.Lattice!;
        return new Structure(structure.Species, [.. structure.Positions.Select(Deform)], new Lattice(Deform(cell.A), Deform(cell.B), Deform(cell.C)), structure.Periodicity, structure.Id, structure.Properties);
    }

    private static Structure Labelled(Structure structure, Evaluation evaluation, long? step)
    {
        var forces = new AtomProperty('R', 3, [.. evaluation.Forces.SelectMany(f => new object[] { f.X, f.Y, f.Z })]);
        var s = evaluation.Stress!.Value;
        var properties = structure.Properties
            .SetItem("energy", evaluation.EnergyEV)
            .SetItem("stress", new[] { s.XX, s.XY, s.XZ, s.XY, s.YY, s.YZ, s.XZ, s.YZ, s.ZZ });
        return new Structure(
            structure.Species, structure.Positions, structure.Lattice, structure.Periodicity, structure.Id,
            step is { } number ? properties.SetItem("step", number) : properties,
            ImmutableSortedDictionary<string, AtomProperty>.Empty.Add("forces", forces));
    }
}
