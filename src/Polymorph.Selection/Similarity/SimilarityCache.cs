using System.Globalization;
using System.Security.Cryptography;
using Polymorph.Foundation;
using Polymorph.Learning.Safetensors;
using Polymorph.Representations.Fingerprints;
using Polymorph.Structures;

namespace Polymorph.Selection.Similarity;

/// <summary>Keeps the structure fingerprints of known crystals from one call to the next: a file for each set, named by the SHA-256 of its geometries.</summary>
/// <remarks>What is kept is only a convenience: a file that is cut, damaged, of another set or of another version of the program is made anew, and where nothing can be written nothing is kept.</remarks>
/// <param name="folder">Where the files lie; made when the first one is written.</param>
public sealed class SimilarityCache(string folder)
{
    private const string Ending = ".fingerprints.safetensors", Values = "fingerprints", Kind = "kind", Set = "set", Program = "program";

    // A safetensors file may have 1 GiB.
    private const long LargestBytes = 1_000_000_000;

    private const int MostFiles = 16;

    /// <summary>Where the files lie.</summary>
    public string Folder { get; } = folder;

    /// <summary>The fingerprints change with the code that makes them.</summary>
    private static string Version => $"{typeof(CrystalFingerprint).Module.ModuleVersionId:N}{typeof(Structure).Module.ModuleVersionId:N}";

    /// <summary>The cache of this user.</summary>
    public static SimilarityCache OfUser() => new(Path.Combine(UserFolder.Cache, "nearest"));

    /// <summary>An index of known structures, with the fingerprints that are kept, or else new ones, which are kept.</summary>
    /// <param name="structures">The structures.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="note">Told what could not be used or written.</param>
    /// <param name="tick">Called for each structure that is described anew, from any thread.</param>
    /// <param name="cancellation">Stops.</param>
    public SimilarityIndex IndexOf(IReadOnlyList<Structure> structures, int threads, Action<string>? note = null, Action? tick = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(structures);
        string set = SetOf(structures), path = Path.Combine(Folder, set[..32] + Ending);
        if (Read(path, set, structures.Count, note) is { } kept)
        {
            return SimilarityIndex.Of(structures, kept, threads, cancellation);
        }

        var made = SimilarityIndex.Describe(structures, threads, tick, cancellation);
        Write(path, set, made, note);
        return SimilarityIndex.Of(structures, made, threads, cancellation);
    }

    private static string SetOf(IReadOnlyList<Structure> structures)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var structure in structures)
        {
            GeometryHash.Append(hash, structure.AtomCount);
            GeometryHash.Append(hash, structure);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static double[]?[]? Read(string path, string set, int count, Action<string>? note)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var file = SafetensorsFile.Read(path);
            int width = CrystalFingerprint.Length;
            if (file.Metadata.GetValueOrDefault(Kind) != Ending || file.Metadata.GetValueOrDefault(Set) != set || !file.Tensors.TryGetValue(Values, out var tensor)
                || !tensor.IsDouble || !tensor.Shape.AsSpan().SequenceEqual([count, width]))
            {
                note?.Invoke($"{path} holds something else; the fingerprints are computed again.");
                return null;
            }

            // Another version of the program is no news.
            if (file.Metadata.GetValueOrDefault(Program) != Version)
            {
                return null;
            }

            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return [.. Enumerable.Range(0, count).Select(i => tensor.Values.AsSpan(i * width, width) is var row && double.IsNaN(row[0]) ? null : row.ToArray())];
        }
        catch (Exception e) when (e is PolymorphException or IOException or UnauthorizedAccessException)
        {
            note?.Invoke($"The fingerprints kept from an earlier call cannot be used and are computed again: {(e is PolymorphException known ? known.Reason : e.Message)} ({path})");
            return null;
        }
    }

    private void Write(string path, string set, double[]?[] rows, Action<string>? note)
    {
        int width = CrystalFingerprint.Length;
        if ((long)rows.Length * width * sizeof(double) > LargestBytes)
        {
            return;
        }

        var values = new double[rows.Length * width];
        Array.Fill(values, double.NaN);
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i]?.CopyTo(values.AsSpan(i * width));
        }

        try
        {
            new SafetensorsFile(new Dictionary<string, Tensor> { [Values] = new Tensor([rows.Length, width], values, IsDouble: true) },
                new Dictionary<string, string> { [Kind] = Ending, [Set] = set, [Program] = Version }).Write(path);
            foreach (var old in new DirectoryInfo(Folder).EnumerateFiles("*" + Ending).OrderByDescending(f => f.LastWriteTimeUtc).Skip(MostFiles).ToList())
            {
                old.Delete();
            }
        }
        catch (Exception e) when (e is PolymorphException or IOException or UnauthorizedAccessException)
        {
            note?.Invoke(string.Create(CultureInfo.InvariantCulture, $"The fingerprints of {rows.Length} structures cannot be kept for the next call: {(e is PolymorphException known ? known.Reason : e.Message)} ({Folder})"));
        }
    }
}
