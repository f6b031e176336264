using System.ComponentModel;
using System.Diagnostics;

namespace Polymorph.Energies.External;

/// <summary>A running external program of which the last output is kept. One computing thread; it dies with its owner's disposal.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastOutput = TimeSpan.FromMilliseconds(500);
    private readonly Process _process;
    private readonly TextTail _output = new();
    private readonly TextTail _error = new();
    private readonly Task _reading;

    private ChildProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(_output.Read(process.StandardOutput), _error.Read(process.StandardError));
    }

    /// <summary>True once it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Exit code; 128 plus the signal's number after a signal.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Last characters of its standard output, at most 4096.</summary>
    public string Output => _output.Text;

    /// <summary>Last characters of its standard error, at most 4096.</summary>
    public string Error => _error.Text;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Full path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working folder.</param>
    /// <exception cref="Win32Exception">It cannot be run.</exception>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Parallel work is one process per core; threads inside each would only fight for the cores.
        foreach (string library in (ReadOnlySpan<string>)["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"])
        {
            start.Environment[library] = "1";
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process);
    }

    /// <summary>Waits until it has ended.</summary>
    /// <param name="limit">Longest wait.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False when it still runs after the limit.</returns>
    /// <exception cref="OperationCanceledException">Stopped; the program still runs.</exception>
    public bool Wait(TimeSpan limit, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        for (var left = limit; left > TimeSpan.Zero; left = limit - clock.Elapsed)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_process.WaitForExit(left < Slice ? left : Slice))
            {
                return true;
            }
        }

        return _process.HasExited;
    }

    /// <summary>Waits a moment for the last output of a program that has ended; whoever else holds its output open does not delay this for long.</summary>
    public void ReadToEnd() => _reading.Wait(LastOutput);

    /// <summary>Ends it and all it has started.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(LastOutput);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Ends it if it still runs.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
