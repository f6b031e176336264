using System.Collections.Immutable;
using Polymorph.Energies;
using Polymorph.Energies.Catalogue;
using Polymorph.Structures;

namespace Polymorph.Studies.Tests;

/// <summary>An engine whose minima are known: every atom is drawn to the nearest point of a grid of 0.2 Å. E = Σ A (1 − cos(2π x/g)) over all coordinates.</summary>
/// <param name="odd">Answers in the engine's place for some structures; null for none.</param>
/// <param name="method">Name of the method.</param>
internal sealed class GridEngine(Func<Structure, Evaluation?>? odd = null, string method = "grid") : IEnergyEngine
{
    public const double Spacing = 0.2;

    private const double Amplitude = 0.006;
    private int _evaluations;

    /// <summary>Evaluations so far.</summary>
    public int Evaluations => _evaluations;

    public string Method => method;

    public string? Refusal(Structure structure) => structure.Species.Contains(new Element(80)) ? "grid does not know the element Hg" : null;

    public IEvaluator CreateEvaluator() => new Evaluator(this);

    /// <summary>A catalogue in which <c>auto</c> is this engine.</summary>
    /// <param name="store">Folder of installed weights.</param>
    /// <param name="needsGuard">Whether it is relaxed behind a short-range guard.</param>
    public EngineCatalogue Catalogue(string store, bool needsGuard = false) => new(
    [
        new EngineEntry("grid", EngineKind.BuiltIn, EngineDomain.Any, "for tests", _ => new EngineState(true, "", Method, null, null, []), (_, _) => this) { IsEmbedded = true, NeedsShortRangeGuard = needsGuard },
        new EngineEntry("absent", EngineKind.Weights, EngineDomain.Any, "for tests", _ => new EngineState(false, "install it with 'polymorph potentials add absent.json'", null, null, null, []), (_, _) => throw new InvalidOperationException()),
    ], new PotentialStore(store));

    private sealed class Evaluator(GridEngine engine) : IEvaluator
    {
        public Evaluation Evaluate(Structure structure, CancellationToken cancellation = default)
        {
            cancellation.ThrowIfCancellationRequested();
            Interlocked.Increment(ref engine._evaluations);
            if (engine.Refusal(structure) is { } refusal)
            {
                return Evaluation.Failed(refusal);
            }

            if (engine.Odd(structure) is { } answer)
            {
                return answer;
            }

            const double k = 2 * Math.PI / Spacing;
            double energy = structure.Positions.Sum(r => Amplitude * (3 - Math.Cos(k * r.X) - Math.Cos(k * r.Y) - Math.Cos(k * r.Z)));
            ImmutableArray<Vector3D> forces = [.. structure.Positions.Select(r => -Amplitude * k * new Vector3D(Math.Sin(k * r.X), Math.Sin(k * r.Y), Math.Sin(k * r.Z)))];
            return Evaluation.Of(energy, forces, structure.Periodicity == Periodicity.Full ? new StressTensor(0.01, 0, 0, 0, 0, -0.02) : null, 0.001);
        }

        public void Dispose()
        {
        }
    }

    private Evaluation? Odd(Structure structure) => odd?.Invoke(structure);
}
