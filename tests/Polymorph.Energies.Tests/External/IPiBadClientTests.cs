using Polymorph.Energies.External.IPi;
using Polymorph.Foundation;
using Polymorph.Structures;
using Xunit;

namespace Polymorph.Energies.Tests.External;

/// Whatever a client does wrong is a failed result with its reason, and the next structure is evaluated all the same.
public sealed class IPiBadClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The script runs once for each start that the structure is given; after that clients are good.
    public static TheoryData<string, string, int> Misdeeds => new()
    {
        { "dies before it connects", "ended before it connected, with exit code 3: \"last words\"", 3 },
        { "dies when asked for its state", "closed the connection and ended with exit code 3", 3 },
        { "dies in the middle of a header", "in the middle of a message", 3 },
        { "dies after positions", "closed the connection", 3 },
        { "dies in the middle of its forces", "in the middle of a message and ended with exit code 3", 3 },
        { "sends forces of another number of atoms", "sent forces of 7 atoms, and 3 were expected", 3 },
        { "sends a negative number of atoms", "sent forces of -1 atoms", 3 },
        { "sends a giant number of atoms", "sent forces of 2147483647 atoms", 3 },
        { "sends a giant text", "announced 2147483647 bytes of text", 3 },
        { "sends a negative length", "announced -5 bytes of text", 3 },
        { "speaks another language", "answered 'HTTP/1.1 400' before positions", 3 },
        { "sends control characters", "answered '??[31mabcdef' before positions", 3 },
        { "never stops asking for initialisation", "answered 'NEEDINIT'", 3 },
        { "wants initialisation after positions", "answered 'NEEDINIT' after positions", 3 },
        { "answers with another word than forces", "answered 'READY' instead of forces", 3 },
        { "sends an energy that is no number", "not a finite number", 1 },
        { "sends a force that is no number", "not a finite number", 1 },
        { "sends an infinite energy", "not a finite number", 1 },
        { "never connects", "did not connect within 0.3 s", 1 },
        { "hangs when asked for its state", "did not answer within 0.3 s", 1 },
        { "hangs after positions", "did not answer within 0.3 s", 1 },
        { "hangs in the middle of its forces", "did not answer within 0.3 s", 1 },
        { "is never ready with its data", "within 0.3 s", 1 },
    };

    [Theory, MemberData(nameof(Misdeeds))]
    public void IsSurvivedAndTheBatchGoesOn(string misdeed, string reason, int starts)
    {
        int started = 0;
        // Short only where the limit is what is tested.
        var (brief, ample) = (TimeSpan.FromSeconds(0.3), TimeSpan.FromMinutes(1));
        bool isSlow = reason.Contains("within", StringComparison.Ordinal), connects = misdeed != "never connects";
        var options = new IPiOptions { StartLimit = isSlow && !connects ? brief : ample, StepLimit = isSlow && connects ? brief : ample };
        using var evaluator = FakeClient.Engine(FakeClient.Template, options, c =>
        {
            if (started++ < starts)
            {
                Do(misdeed, c);
            }
            else
            {
                FakeClient.Serve(c);
            }
        }).CreateEvaluator();
        var failed = evaluator.Evaluate(Molecules.Water, Token);
        Assert.Contains(reason, failed.Failure, StringComparison.Ordinal);
        Assert.Equal(starts, started);
        Assert.Equal(starts > 1, failed.Failure!.StartsWith("gave up after 3 starts of the client: it ", StringComparison.Ordinal));
        Assert.Null(Patiently(evaluator).Failure);
    }

    // Two bad clients and a good one: nobody notices.
    [Fact]
    public void IsStartedAgainForTheSameStructure()
    {
        using var evaluator = FakeClient.Engine(FakeClient.Template, new(), c => { }, c => Do("dies in the middle of its forces", c), c => FakeClient.Serve(c)).CreateEvaluator();
        Assert.Null(evaluator.Evaluate(Molecules.Water, Token).Failure);
    }

    [Fact]
    public void IsStartedAgainWhenItDiesBetweenStructures()
    {
        using var evaluator = FakeClient.Engine(FakeClient.Template, new(), c => FakeClient.Serve(c, answers: 2)).CreateEvaluator();
        for (int i = 0; i < 7; i++)
        {
            Assert.Null(evaluator.Evaluate(Molecules.Water, Token).Failure);
        }
    }

    // The second connection finds nobody, and the first one goes on.
    [Fact]
    public void MayTryToConnectTwice()
    {
        bool refused = false;
        using var evaluator = FakeClient.Engine(FakeClient.Template, new(), c =>
        {
            c.UntilGetForce();
            try
            {
                c.Address.Connect().Dispose();
            }
            catch (System.Net.Sockets.SocketException)
            {
                refused = true;
            }

            c.Answer();
            c.Hang();
        }).CreateEvaluator();
        Assert.Null(evaluator.Evaluate(Molecules.Water, Token).Failure);
        Assert.True(refused);
    }

    // Both connections are there before the server takes the first.
    [Fact]
    public void MayHaveConnectedTwice()
    {
        using var evaluator = FakeClient.Engine(FakeClient.Template, new(), c =>
        {
            using var second = c.Address.Connect();
            FakeClient.Serve(c);
        }, c => FakeClient.Serve(c)).CreateEvaluator();
        // When the server takes the silent one, the other is refused, the client ends, and the next one is good.
        Assert.Null(evaluator.Evaluate(Molecules.Water, Token).Failure);
    }

    [Fact]
    public void CancellationEndsAWait()
    {
        using var evaluator = FakeClient.Engine(FakeClient.Template, new(), c => Do("hangs after positions", c), c => FakeClient.Serve(c)).CreateEvaluator();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Assert.ThrowsAny<OperationCanceledException>(() => evaluator.Evaluate(Molecules.Water, stop.Token));
        Assert.Null(evaluator.Evaluate(Molecules.Water, Token).Failure);
    }

    [Fact]
    public void SocketOfAKilledProcessIsRemoved()
    {
        var address = IPiAddress.Unix("polymorph-test-left-over");
        using (var killed = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified))
        {
            File.Delete(address.SocketPath);
            killed.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(address.SocketPath));
            killed.Listen();
            // In use: not ours to take.
            Assert.Equal("PM6201", Assert.Throws<PolymorphException>(() => IPiServer.On(address)).Code);
            File.Move(address.SocketPath, address.SocketPath + ".kept");
        }

        // Closing removes the file of a socket by its name; a kill does not.
        File.Move(address.SocketPath + ".kept", address.SocketPath);
        using (IPiServer.On(address))
        {
            Assert.True(Path.Exists(address.SocketPath));
        }

        Assert.False(Path.Exists(address.SocketPath));
    }

    [Fact]
    public void FileOfSomebodyElseIsLeftAlone()
    {
        var address = IPiAddress.Unix("polymorph-test-plain-file");
        File.WriteAllText(address.SocketPath, "precious");
        try
        {
            Assert.Equal("PM6201", Assert.Throws<PolymorphException>(() => IPiServer.On(address)).Code);
            Assert.Equal("precious", File.ReadAllText(address.SocketPath));
        }
        finally
        {
            File.Delete(address.SocketPath);
        }
    }

    [Fact]
    public void SocketsAreGoneAfterUse()
    {
        string path = "";
        using (var evaluator = FakeClient.Engine(FakeClient.Template, new(), c =>
        {
            path = c.Address.SocketPath;
            FakeClient.Serve(c);
        }).CreateEvaluator())
        {
            Assert.Null(evaluator.Evaluate(Molecules.Water, Token).Failure);
        }

        Assert.StartsWith("/tmp/ipi_polymorph-", path, StringComparison.Ordinal);
        Assert.False(Path.Exists(path));
    }

    // A new basis for a new structure; the same one while a relaxation goes on.
    [Theory, InlineData(false, 1), InlineData(true, 4)]
    public void RestartsWhenTheBasisOfTheStartDoesNotFit(bool basisFixed, int expected)
    {
        int started = 0;
        using var evaluator = FakeClient.Engine(FakeClient.Template with { BasisFixedAtStart = basisFixed }, new(), c =>
        {
            started++;
            FakeClient.Serve(c);
        }).CreateEvaluator();
        var start = new Structure([new(14), new(14)], [default, new(1.3, 1.4, 1.2)], Lattice.Cubic(4), id: "one");
        var other = start.WithId("two");
        var strained = new Structure(other.Species, other.Positions, Lattice.Cubic(4.1), id: "two");
        var wide = new Structure(other.Species, other.Positions, Lattice.Cubic(4.4), id: "two");
        foreach (var structure in new[] { start, start.Moved(0, new(0.2, 0, 0)), other, strained, wide, wide.Moved(1, new(0, 2, 0)) })
        {
            Assert.Null(evaluator.Evaluate(structure, Token).Failure);
        }

        Assert.Equal(expected, started);
    }

    // A molecule that drifts or is another one gets a box in which it has room.
    [Fact]
    public void OtherSpeciesGetAnotherClient()
    {
        int started = 0;
        using var evaluator = FakeClient.Engine(FakeClient.Template, new(), c =>
        {
            started++;
            FakeClient.Serve(c);
        }).CreateEvaluator();
        foreach (var structure in new[] { Molecules.Water, Molecules.Water.Moved(0, new(20, 0, 0)), Molecules.Methanol })
        {
            Assert.Null(evaluator.Evaluate(structure, Token).Failure);
        }

        Assert.Equal(2, started);
    }

    // A limit may be short; on a busy machine a good client may need another try.
    private static Evaluation Patiently(IEvaluator evaluator)
    {
        var result = evaluator.Evaluate(Molecules.Water, Token);
        for (int i = 0; i < 5 && result.Failure is not null; i++)
        {
            result = evaluator.Evaluate(Molecules.Water, Token);
        }

        return result;
    }

    private static void Do(string misdeed, FakeClient c)
    {
        void Greet(byte[] answer)
        {
            c.Connect();
            c.Header();
            c.Raw(answer);
            c.Hang();
        }

        void Forces(params byte[][] parts)
        {
            c.UntilGetForce();
            c.Send("FORCEREADY");
            c.Raw([.. parts.SelectMany(p => p)]);
        }

        byte[] energy = BitConverter.GetBytes(1.0), atoms = BitConverter.GetBytes(3), rest = new byte[8 * 18];
        switch (misdeed)
        {
            case "dies before it connects": break;
            case "dies when asked for its state": c.Connect(); c.Header(); break;
            case "dies in the middle of a header": c.Connect(); c.Header(); c.Raw("REA"u8.ToArray()); break;
            case "dies after positions": c.Connect(); c.Header(); c.Send("READY"); c.Header(); c.Geometry(); break;
            case "dies in the middle of its forces": Forces(energy, atoms, [1, 2, 3]); break;
            case "sends forces of another number of atoms": Forces(energy, BitConverter.GetBytes(7)); c.Hang(); break;
            case "sends a negative number of atoms": Forces(energy, BitConverter.GetBytes(-1)); c.Hang(); break;
            case "sends a giant number of atoms": Forces(energy, BitConverter.GetBytes(int.MaxValue)); c.Hang(); break;
            case "sends a giant text": Forces(energy, atoms, rest, BitConverter.GetBytes(int.MaxValue)); c.Hang(); break;
            case "sends a negative length": Forces(energy, atoms, rest, BitConverter.GetBytes(-5)); c.Hang(); break;
            case "speaks another language": Greet("HTTP/1.1 400 Bad Request"u8.ToArray()); break;
            case "sends control characters": Greet("\a\u001b[31mabcdef"u8.ToArray()); break;
            case "never stops asking for initialisation": c.Connect(); Ask(c); break;
            case "wants initialisation after positions": c.Connect(); c.Header(); c.Send("READY"); c.Header(); c.Geometry(); c.Header(); c.Send("NEEDINIT"); c.Hang(); break;
            case "answers with another word than forces": c.UntilGetForce(); c.Send("READY"); c.Hang(); break;
            case "sends an energy that is no number": c.UntilGetForce(); c.Answer(energy: double.NaN); c.Hang(); break;
            case "sends a force that is no number": c.UntilGetForce(); c.Answer(force: double.NaN); c.Hang(); break;
            case "sends an infinite energy": c.UntilGetForce(); c.Answer(energy: double.NegativeInfinity); c.Hang(); break;
            case "never connects": c.Hang(); break;
            case "hangs when asked for its state": c.Connect(); c.Hang(); break;
            case "hangs after positions": c.Connect(); c.Header(); c.Send("READY"); c.Header(); c.Geometry(); c.Hang(); break;
            case "hangs in the middle of its forces": Forces(energy, atoms, [1, 2, 3]); c.Hang(); break;
            case "is never ready with its data": c.Connect(); c.Header(); c.Send("READY"); c.Header(); c.Geometry(); BusyForEver(c); break;
            default: throw new ArgumentException(misdeed);
        }
    }

    private static void Ask(FakeClient c)
    {
        while (true)
        {
            if (c.Header() == "INIT")
            {
                c.Bytes(9);
            }
            else
            {
                c.Send("NEEDINIT");
            }
        }
    }

    private static void BusyForEver(FakeClient c)
    {
        while (true)
        {
            c.Header();
            c.Send("BUSY");
        }
    }
}
