namespace Polymorph.Cli.Shell;

/// <summary>The words that start this program again.</summary>
internal static class ProgramName
{
    private const string Project = "Polymorph.Cli.csproj";

    /// <summary><c>polymorph</c>, or <c>dotnet run</c> with its words when it was started out of its source folder.</summary>
    public static string Text { get; } = Of(AppContext.BaseDirectory);

    /// <summary>The words for a program in a folder.</summary>
    /// <param name="folder">Where the program's files are.</param>
    public static string Of(string folder) =>
        File.Exists(Path.Combine(folder, "..", "..", "..", Project)) ? "dotnet run -c Release --project src/Polymorph.Cli --" : "polymorph";
}
