using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;
using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies.External.IPi;

/// <summary>Keeps one client, starts another when it dies or does not suit the next structure, and gives a structure up after some starts.</summary>
internal sealed class IPiEvaluator(IPiEngine engine) : IEvaluator
{
    private IPiSession? _session;

    /// <inheritdoc/>
    public Evaluation Evaluate(Structure structure, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (engine.Refusal(structure) is { } refusal)
        {
            return Evaluation.Failed(refusal);
        }

        string last = "";
        for (int starts = 0; ;)
        {
            try
            {
                if (_session is not null && !_session.Suits(structure))
                {
                    End();
                }

                if (_session is null)
                {
                    if (starts == engine.Options.MaximumStarts)
                    {
                        return Evaluation.Failed(string.Create(CultureInfo.InvariantCulture, $"gave up after {starts} {(starts == 1 ? "start" : "starts")} of the client: it {last}"));
                    }

                    starts++;
                    _session = IPiSession.Start(engine, structure, cancellation);
                }

                var result = _session.Evaluate(structure, new Deadline(engine.Options.StepLimit ?? engine.Template.StepLimit, cancellation));
                if (result.Failure is not null)
                {
                    // Its next iterations would begin from these numbers.
                    End();
                }

                return result;
            }
            catch (IPiFailure e)
            {
                last = e.Message + (e.Gone ? _session?.Ending() : "");
                Abandon();
                if (e.TimedOut)
                {
                    return Evaluation.Failed($"the client {last}");
                }
            }
            catch (OperationCanceledException)
            {
                Abandon();
                throw;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception or SocketException or PolymorphException)
            {
                Abandon();
                return Evaluation.Failed($"the client could not be started: {(e as PolymorphException)?.Reason ?? e.Message}");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => End();

    private void End()
    {
        _session?.Dispose();
        _session = null;
    }

    private void Abandon()
    {
        _session?.Abandon();
        _session = null;
    }
}
