namespace Polymorph.Foundation;

/// <summary>Where the program keeps what belongs to the user and not to a run.</summary>
public static class UserFolder
{
    /// <summary>Variable of the environment that names another folder for all of it.</summary>
    public const string Variable = "POLYMORPH_DATA";

    private const string Own = "polymorph";

    /// <summary>For what is installed: <c>POLYMORPH_DATA</c>, else <c>polymorph</c> in <c>XDG_DATA_HOME</c> or <c>~/.local/share</c>, on Windows in <c>%LOCALAPPDATA%</c>.</summary>
    public static string Data => Given(Variable) ?? Path.Combine(OfSystem("XDG_DATA_HOME", ".local", "share"), Own);

    /// <summary>For what can be made again: <c>POLYMORPH_DATA/cache</c>, else <c>polymorph</c> in <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>, on Windows <c>polymorph\cache</c> in <c>%LOCALAPPDATA%</c>.</summary>
    public static string Cache => Given(Variable) is { } root ? Path.Combine(root, "cache")
        : OperatingSystem.IsWindows() ? Path.Combine(Data, "cache") : Path.Combine(OfSystem("XDG_CACHE_HOME", ".cache"), Own);

    private static string OfSystem(string variable, params string[] home) => OperatingSystem.IsWindows()
        ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        : Given(variable) ?? Path.Combine([Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), .. home]);

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
