using System.Reflection;

namespace Polymorph.Cli.Shell;

/// <summary>The version of this program.</summary>
internal static class ProductVersion
{
    private const int CommitDigits = 8;

    /// <summary>For example <c>0.1.0+569f3fc8</c>: the release and the commit it was built from.</summary>
    public static string Text { get; } = Short(
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    private static string Short(string version)
    {
        int commit = version.IndexOf('+', StringComparison.Ordinal);
        return commit < 0 ? version : version[..Math.Min(version.Length, commit + 1 + CommitDigits)];
    }
}
