namespace Polymorph.Testing;

/// <summary>The checkout that the tests were built from.</summary>
public static class Checkout
{
    /// <summary>The folder of the solution file.</summary>
    public static string Root { get; } = Above(folder => File.Exists(Path.Combine(folder, "Polymorph.slnx")))
        ?? throw new InvalidOperationException("The tests must run inside the checkout: Polymorph.slnx was not found above them.");

    /// <summary>The nearest folder above the tests that has something; null where none has.</summary>
    internal static string? Above(Func<string, bool> has)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (has(folder.FullName))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
