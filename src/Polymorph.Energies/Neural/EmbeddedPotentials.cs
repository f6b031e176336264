using System.Collections.Concurrent;

namespace Polymorph.Energies.Neural;

/// <summary>The potentials that come with the library and need nothing else.</summary>
public static class EmbeddedPotentials
{
    /// <summary>Molecules of hydrogen, carbon and oxygen; trained on GFN2-xTB.</summary>
    public const string Molecules = "polymorph-hco-1";

    /// <summary>Silica; trained on TensorNet-MatPES-PBE-2025.1.</summary>
    public const string Silica = "polymorph-silica-1";

    private static readonly ConcurrentDictionary<string, NeuralPotential> Loaded = new(StringComparer.Ordinal);

    /// <summary>Names of all, which are also the method names of their energies.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. new[] { Molecules, Silica }.Where(Exists)];

    /// <summary>A potential; read once.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such potential.</exception>
    public static NeuralPotential Get(string name) => Exists(name)
        ? Loaded.GetOrAdd(name, Load)
        : throw new ArgumentException($"there is no embedded potential '{name}'; there are {string.Join(", ", Names)}", nameof(name));

    /// <summary>An engine with an embedded potential.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="precision">Arithmetic.</param>
    /// <exception cref="ArgumentException">There is no such potential.</exception>
    public static NeuralEngine Engine(string name, Precision precision = Precision.Single) => new(Get(name), precision);

    private static string Resource(string name) => $"{name}.safetensors";

    private static bool Exists(string name) => typeof(EmbeddedPotentials).Assembly.GetManifestResourceInfo(Resource(name)) is not null;

    private static NeuralPotential Load(string name)
    {
        using var stream = typeof(EmbeddedPotentials).Assembly.GetManifestResourceStream(Resource(name))!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return NeuralPotentialFile.Parse(memory.ToArray(), name);
    }
}
