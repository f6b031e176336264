using System.ComponentModel;
using System.Diagnostics;

namespace Polymorph.Cli.Commands;

/// <summary>A program that Polymorph can use when it is installed.</summary>
/// <param name="Name">Its name on the search path.</param>
/// <param name="VersionArguments">What makes it print its version.</param>
/// <param name="Purpose">What it does for Polymorph, as a verb phrase.</param>
/// <param name="Install">The command that installs it on Debian.</param>
internal sealed record Engine(string Name, string[] VersionArguments, string Purpose, string Install)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Path and version, or null when it is missing or cannot be started; where it takes longer than five seconds to say its version, words for that: a busy machine is no reason to call it missing.</summary>
    /// <param name="cancellation">Cancelled by Ctrl-C.</param>
    public (string Path, string Version)? Find(CancellationToken cancellation)
    {
        string[] names = OperatingSystem.IsWindows() ? [$"{Name}.exe"] : [Name];
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        return path is null || Version(path, cancellation) is not { } version ? null : (path, version);
    }

    private string? Version(string path, CancellationToken cancellation)
    {
        // Some write files where they are started, even for their version.
        var folder = Directory.CreateTempSubdirectory("polymorph-doctor-");
        try
        {
            using var process = Process.Start(new ProcessStartInfo(path, VersionArguments) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
            process.StandardInput.Close();
            var texts = Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            if (!texts.Wait(Patience, cancellation))
            {
                process.Kill(entireProcessTree: true);
                return $"installed; it did not say its version within {Patience.TotalSeconds:0} s";
            }

            // xtb prints a banner first; the version is the first line with a digit after a word.
            return texts.Result.SelectMany(text => text.Split('\n')).Select(line => line.Trim())
                .FirstOrDefault(line => line.Any(char.IsAsciiDigit) && line.Any(char.IsAsciiLetter));
        }
        catch (Exception e) when (e is Win32Exception or AggregateException)
        {
            return null;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
