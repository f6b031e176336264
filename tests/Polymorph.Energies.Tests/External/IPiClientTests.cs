using System.Net.Sockets;
using Polymorph.Energies.External.IPi;
using Polymorph.Foundation;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.External;

/// Our client against a server that does not keep to the protocol, and several pairs at once.
public sealed class IPiClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void NobodyListens() =>
        Assert.Equal("PM6206", Assert.Throws<PolymorphException>(() => Serve(IPiAddress.Unix("polymorph-test-nobody"))).Code);

    [Theory]
    [InlineData("GETFORCE", "", "sent 'GETFORCE' out of turn")]
    [InlineData("nonsense", "", "sent 'nonsense' out of turn")]
    [InlineData("INIT", "00000000FFFFFFFF", "announced -1 bytes")]
    [InlineData("INIT", "00000000FFFFFF7F", "announced 2147483647 bytes")]
    [InlineData("POSDATA", "atoms 7", "sent 7 atoms, and 3 were expected")]
    [InlineData("POSDATA", "atoms 2147483647", "sent 2147483647 atoms")]
    public async Task ServerBreaksTheProtocol(string header, string more, string reason)
    {
        byte[] rest = more.StartsWith("atoms ", StringComparison.Ordinal)
            ? [.. new byte[18 * 8], .. BitConverter.GetBytes(int.Parse(more.AsSpan(6), System.Globalization.CultureInfo.InvariantCulture))]
            : Convert.FromHexString(more);
        var (address, listener) = Listen(header);
        using (listener)
        {
            var server = Task.Run(async () =>
            {
                using var connection = await listener.AcceptAsync(Token);
                connection.Send([.. System.Text.Encoding.ASCII.GetBytes(header.PadRight(12)), .. rest]);
                // Until the client has gone.
                await connection.ReceiveAsync(new byte[1], Token);
            }, Token);
            var error = Assert.Throws<PolymorphException>(() => Serve(address));
            Assert.Equal("PM6206", error.Code);
            Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
            await server;
        }

        File.Delete(address.SocketPath);
    }

    // There is no word for it in the protocol: an energy that is no number, and the reason as text.
    [Fact]
    public void FailedEvaluationReachesTheServerWithItsReason()
    {
        using var evaluator = FakeClient.Engine(FakeClient.Template, new(), c => IPiClient.Serve(new Failing(), Molecules.Water, c.Address)).CreateEvaluator();
        Assert.Equal("the energy, a force or the stress is not a finite number: out of range", evaluator.Evaluate(Molecules.Water, Token).Failure);
    }

    [Fact]
    public void PairsDoNotMeet()
    {
        var engine = IPiProtocolTests.OwnClient(FakeClient.Template, Molecules.Water, new());
        Parallel.For(0, 4, i =>
        {
            using var evaluator = engine.CreateEvaluator();
            for (int step = 0; step < 50; step++)
            {
                var structure = Molecules.Water.Moved(1, new(0.1 * i, 0.01 * step, 0));
                Assert.Equal(PairSpring.Evaluate(structure).EnergyEV, evaluator.Evaluate(structure).EnergyEV, 1e-12);
            }
        });
    }

    [Theory, InlineData(""), InlineData("../etc/passwd"), InlineData("with blank")]
    public void NamesOfSocketsStayInTheirFolder(string name) => Assert.Throws<ArgumentException>(() => IPiAddress.Unix(name));

    private static int Serve(IPiAddress address) => IPiClient.Serve(new PairSpring().CreateEvaluator(), Molecules.Water, address, Token);

    private static (IPiAddress Address, Socket Listener) Listen(string name)
    {
        var address = IPiAddress.Unix($"polymorph-test-{name}-{Environment.CurrentManagedThreadId}-{Environment.ProcessId}");
        File.Delete(address.SocketPath);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(address.SocketPath));
        listener.Listen();
        return (address, listener);
    }

    private sealed class Failing : IEvaluator
    {
        public Evaluation Evaluate(Structure structure, CancellationToken cancellation = default) => Evaluation.Failed("out of range");

        public void Dispose()
        {
        }
    }
}
