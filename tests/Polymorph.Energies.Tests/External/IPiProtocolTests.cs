using Polymorph.Energies.External.IPi;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.External;

/// The server against scripted clients: every order of states that clients have, split messages, units and axes.
public sealed class IPiProtocolTests
{
    private const double Hartree = 27.211386245988, Bohr = 0.529177210903;

    private static readonly Lattice Sheared = new(new(3.1, 0.2, -0.4), new(-1.3, 3.6, 0.7), new(0.9, -1.1, 4.2));

    private static readonly Structure Crystal = new([new(14), new(8), new(8)], [new(0.1, 0.2, 0.3), new(1.4, 1.1, 0.6), new(0.4, 2.1, 2.6)], Sheared, id: "crystal");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData(false), InlineData(true)]
    public void InitialisesAsOftenAsTheClientAsks(bool initEachTime)
    {
        int starts = 0;
        using var evaluator = FakeClient.Engine(FakeClient.Template, new(), c =>
        {
            starts++;
            FakeClient.Serve(c, initEachTime);
        }).CreateEvaluator();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Hartree, evaluator.Evaluate(Crystal, Token).EnergyEV, 1e-12);
        }

        Assert.Equal(1, starts);
    }

    // Blanks, NULs, one byte at a time: a stream has no messages.
    [Fact]
    public void TakesAnswersInAnyPieces()
    {
        using var evaluator = FakeClient.Engine(FakeClient.Template, new(), c =>
        {
            c.Connect();
            c.Header();
            c.Raw("READY\0\0\0\0\0\0\0"u8.ToArray());
            c.Header();
            c.Geometry();
            c.Header();
            c.Raw("HAVE"u8.ToArray());
            Thread.Sleep(30);
            c.Raw("DATA   \0"u8.ToArray());
            c.Header();
            byte[] answer = [.. "FORCEREADY  "u8, .. BitConverter.GetBytes(-2.5), .. BitConverter.GetBytes(3),
                .. Enumerable.Range(1, 18).SelectMany(i => BitConverter.GetBytes((double)i)), .. BitConverter.GetBytes(3), 1, 2, 3];
            foreach (byte b in answer)
            {
                c.Raw(b);
            }

            c.Hang();
        }).CreateEvaluator();
        var result = evaluator.Evaluate(Crystal, Token);
        Assert.Null(result.Failure);
        Assert.Equal(-2.5 * Hartree, result.EnergyEV, 1e-12);
        // 1, 2, 3, ... hartree/bohr.
        Assert.Equal(6 * Hartree / Bohr, result.Forces[1].Z, 1e-10);
    }

    [Fact]
    public void WaitsForDataAndDropsAResultNobodyAskedFor()
    {
        using var evaluator = FakeClient.Engine(FakeClient.Template, new(), c =>
        {
            c.Connect();
            c.Header();
            c.Send("HAVEDATA");
            Assert.Equal("GETFORCE", c.Header());
            c.Raw([.. "FORCEREADY  "u8, .. new byte[8], .. BitConverter.GetBytes(3), .. new byte[8 * 18 + 4]]);
            c.Header();
            c.Send("READY");
            c.Header();
            c.Geometry();
            foreach (string state in (string[])["READY", "BUSY", "READY", "HAVEDATA"])
            {
                c.Header();
                c.Send(state);
            }

            c.Header();
            c.Answer(energy: 7);
            c.Hang();
        }).CreateEvaluator();
        Assert.Equal(7 * Hartree, evaluator.Evaluate(Crystal, Token).EnergyEV, 1e-12);
    }

    // What the protocol's description says of the numbers on the wire, for a cell without any symmetry.
    [Fact]
    public void LatticeVectorsAreColumnsInBohr()
    {
        double[] cell = [], positions = [];
        using (var evaluator = FakeClient.Engine(FakeClient.Template, new(), c =>
        {
            c.UntilGetForce();
            (cell, positions) = (c.Cell, c.Positions);
            c.Answer();
            c.Hang();
        }).CreateEvaluator())
        {
            Assert.Null(evaluator.Evaluate(Crystal, Token).Failure);
        }

        double[] expected = [3.1, -1.3, 0.9, 0.2, 3.6, -1.1, -0.4, 0.7, 4.2];
        Assert.All(expected.Zip(cell), pair => Assert.Equal(pair.First / Bohr, pair.Second, 1e-12));
        Assert.Equal(1.4 / Bohr, positions[3], 1e-12);
        // The second nine are the inverse of the first: their product is the unit matrix to rounding.
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, 3).Sum(k => cell[3 * i + k] * cell[9 + 3 * k + j]), 1e-14);
            }
        }
    }

    // The virial is −∂E/∂ε: a client that sends W has the stress −W/V.
    [Fact]
    public void StressIsMinusVirialOverVolume()
    {
        using var evaluator = FakeClient.Engine(FakeClient.Template, new(), c =>
        {
            c.UntilGetForce();
            c.Send("FORCEREADY");
            c.Raw([.. BitConverter.GetBytes(0.0), .. BitConverter.GetBytes(3), .. new byte[8 * 9]]);
            c.Raw([.. new[] { 1.0, 4, 5, 4, 2, 6, 5, 6, 3 }.SelectMany(BitConverter.GetBytes), .. new byte[4]]);
            c.Hang();
        }).CreateEvaluator();
        var stress = evaluator.Evaluate(Crystal, Token).Stress!.Value;
        double unit = -Hartree / Sheared.Volume;
        double[] expected = [1, 2, 3, 6, 5, 4];
        Assert.All(expected.Zip([stress.XX, stress.YY, stress.ZZ, stress.YZ, stress.XZ, stress.XY]), pair => Assert.Equal(pair.First * unit, pair.Second, 1e-14));
    }

    // Our client and our server, with and without the turn into a restricted cell; the spring crosses the faces of the cell.
    [Theory, InlineData(false, false), InlineData(true, false), InlineData(false, true)]
    public void RoundTripKeepsEnergyForcesAndStress(bool restricted, bool overTcp)
    {
        var engine = OwnClient(FakeClient.Template with { RestrictedCell = restricted }, Crystal, new() { OverTcp = overTcp });
        using var evaluator = engine.CreateEvaluator();
        foreach (var structure in new[] { Crystal, Crystal.Moved(0, new(0.1, 0.3, -0.2)) })
        {
            var (expected, result) = (PairSpring.Evaluate(structure), evaluator.Evaluate(structure, Token));
            Assert.Null(result.Failure);
            // Two conversions of units and, when turned, a rotation there and back: a few times 1e-16 of numbers below 20.
            Assert.Equal(expected.EnergyEV, result.EnergyEV, 1e-12 * expected.EnergyEV);
            Assert.All(expected.Forces.Zip(result.Forces), pair => Assert.True((pair.First - pair.Second).Length < 1e-12 * expected.Forces[0].Length));
            Assert.All(expected.Stress!.Value.ToGPa().Zip(result.Stress!.Value.ToGPa()), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
        }
    }

    [Fact]
    public void MoleculeIsSentInABoxWithItsVacuum()
    {
        double[] cell = [], positions = [];
        using var evaluator = FakeClient.Engine(FakeClient.Template with { Vacuum = 3 }, new(), c =>
        {
            c.UntilGetForce();
            (cell, positions) = (c.Cell, c.Positions);
            c.Answer();
            c.Hang();
        }).CreateEvaluator();
        Assert.Null(evaluator.Evaluate(Molecules.Water, Token).Stress);
        // Water is 1.55 Å wide along x, 0.05 along y, 0.6 along z.
        Assert.Equal((1.55 + 6) / Bohr, cell[0], 1e-12);
        Assert.Equal((0.05 + 6) / Bohr, cell[4], 1e-12);
        Assert.Equal(3 / Bohr, positions.Where((_, i) => i % 3 == 0).Min(), 1e-12);
    }

    [Fact]
    public void LargeStructuresPassWhateverTheBufferHolds()
    {
        var many = Crystal.Repeat(20, 20, 10);
        using var evaluator = OwnClient(FakeClient.Template, many, new()).CreateEvaluator();
        Assert.Equal(12_000, evaluator.Evaluate(many, Token).Forces.Length);
    }

    [Fact]
    public void NoStressFromAClientWithoutItsShear()
    {
        using var evaluator = OwnClient(FakeClient.Template with { FullStress = false }, Crystal, new()).CreateEvaluator();
        var result = evaluator.Evaluate(Crystal, Token);
        Assert.Null(result.Failure);
        Assert.Null(result.Stress);
    }

    /// <summary>An engine whose client is ours, serving the spring from another thread.</summary>
    internal static IPiEngine OwnClient(ClientTemplate template, Structure structure, IPiOptions options) =>
        FakeClient.Engine(template, options, c => IPiClient.Serve(new PairSpring().CreateEvaluator(), structure, c.Address));
}
