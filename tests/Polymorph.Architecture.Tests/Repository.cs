using Polymorph.Testing;

namespace Polymorph.Architecture.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution file.</summary>
    public static string Root => Checkout.Root;

    /// <summary>C# sources of a top folder, build outputs left out.</summary>
    /// <param name="folder">For example <c>src</c>.</param>
    public static IEnumerable<string> Sources(string folder) => Files(folder, "*.cs");

    /// <summary>Project files of a top folder.</summary>
    /// <param name="folder">For example <c>src</c>.</param>
    public static IEnumerable<string> Projects(string folder) => Files(folder, "*.csproj");

    /// <summary>The path as people write it: relative to the root, with slashes.</summary>
    /// <param name="path">A full path.</param>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(path => !Relative(path).Split('/').Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);
}
