using Polymorph.Foundation;

namespace Polymorph.Energies.External.IPi;

/// <summary>The templates that ship with the product, by the names of their methods.</summary>
public static class BuiltInTemplates
{
    private const string Extension = ".template";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(BuiltInTemplates).Assembly.GetManifestResourceNames().Where(n => n.EndsWith(Extension, StringComparison.Ordinal)).Select(n => n[..^Extension.Length]).Order(StringComparer.Ordinal)];

    /// <summary>The text of a template, to be shown or edited.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="PolymorphException">PM6205: there is none of this name.</exception>
    public static string Text(string name)
    {
        using var stream = typeof(BuiltInTemplates).Assembly.GetManifestResourceStream(name + Extension)
            ?? throw new PolymorphException("PM6205", $"there is no template named '{name}'. {NearestName.Hint(name, Names)}".TrimEnd(), null, $"There are {string.Join(", ", Names)}.", ExitCode.Usage);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A template: the user's own file of this name, or the one that ships.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="folder">Folder of the user's templates, <c>NAME.template</c>; null for none.</param>
    /// <exception cref="PolymorphException">PM6205: there is none of this name; PM6203, PM6204: the user's file is wrong.</exception>
    public static ClientTemplate Get(string name, string? folder = null) =>
        folder is not null && Path.Combine(folder, name + Extension) is var own && File.Exists(own) ? ClientTemplate.Read(own) : TemplateText.Parse(Text(name), name);
}
