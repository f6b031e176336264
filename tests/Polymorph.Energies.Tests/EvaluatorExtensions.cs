using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests;

internal static class EvaluatorExtensions
{
    /// The result of an evaluation that stops with the test.
    public static Evaluation Result(this IEvaluator evaluator, Structure structure) => evaluator.Evaluate(structure, TestContext.Current.CancellationToken);
}
