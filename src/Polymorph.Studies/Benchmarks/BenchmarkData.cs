using System.Collections.Immutable;
using System.Security.Cryptography;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Structures.Formats;

namespace Polymorph.Studies.Benchmarks;

/// <summary>A file of a benchmark and what it held.</summary>
/// <param name="Name">File name.</param>
/// <param name="Sha256">SHA-256 of its bytes, hexadecimal.</param>
/// <param name="Structures">Number of structures read.</param>
public sealed record BenchmarkFile(string Name, string Sha256, int Structures);

/// <summary>The test split of a benchmark and the structures known before: training and validation splits.</summary>
/// <param name="Test">The references.</param>
/// <param name="Known">Training and validation structures.</param>
/// <param name="TestFile">Where the references came from.</param>
/// <param name="KnownFiles">Where the known structures came from.</param>
public sealed record BenchmarkData(ImmutableArray<Structure> Test, ImmutableArray<Structure> Known, BenchmarkFile TestFile, ImmutableArray<BenchmarkFile> KnownFiles)
{
    private static readonly string[] Endings = ["", "_partial"];
    private static readonly string[] KnownSplits = ["train", "val"];
    private static readonly string[] Formats = [".jsonl.gz", ".jsonl", ".csv", ".csv.gz"];

    /// <summary>Reads a folder with the files <c>train</c>, <c>val</c> and <c>test</c>, each <c>.csv</c> as published or <c>.jsonl</c>, plain or compressed; <c>_partial</c> may follow the name.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="prefix">What stands before the names, such as <c>unique_</c>.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="PolymorphException">PM7040: no test split or nothing known; or a record of the files is bad.</exception>
    public static BenchmarkData Read(string folder, string prefix = "", CancellationToken cancellation = default)
    {
        if (!Directory.Exists(folder))
        {
            throw new PolymorphException("PM7040", "there is no such folder of benchmark data", folder, "Name a folder with the files train, val and test (.csv or .jsonl.gz): --data FOLDER.");
        }

        var test = Find(folder, prefix + "test");
        string[] known = [.. KnownSplits.Select(split => Find(folder, prefix + split)).OfType<string>()];
        if (test is null || known.Length == 0)
        {
            throw new PolymorphException("PM7040", $"the folder holds no file {prefix}{(test is null ? "test" : "train or val")} of benchmark data", folder,
                $"Expected {prefix}train, {prefix}val and {prefix}test with one of the endings {string.Join(", ", Formats)}.");
        }

        var references = ReadFile(test, cancellation);
        var files = known.Select(path => ReadFile(path, cancellation)).ToList();
        return new BenchmarkData(references.Structures, [.. files.SelectMany(f => f.Structures)], references.File, [.. files.Select(f => f.File)]);
    }

    /// <summary>The name of a record: its id in the benchmark, otherwise file and number.</summary>
    /// <param name="structure">The structure.</param>
    public static string IdOf(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return structure.Properties.GetValueOrDefault("id")?.ToString() is { Length: > 0 } id ? id : structure.Id;
    }

    private static string? Find(string folder, string name) =>
        Endings.SelectMany(ending => Formats.Select(format => Path.Combine(folder, name + ending + format))).FirstOrDefault(File.Exists);

    private static (ImmutableArray<Structure> Structures, BenchmarkFile File) ReadFile(string path, CancellationToken cancellation)
    {
        var structures = ImmutableArray.CreateBuilder<Structure>();
        foreach (var entry in StructureReader.Read(path, new ReadOptions { Strict = true, MinDistance = 0 }))
        {
            cancellation.ThrowIfCancellationRequested();
            structures.Add(entry.Structure!);
        }

        using var stream = File.OpenRead(path);
        return (structures.ToImmutable(), new BenchmarkFile(Path.GetFileName(path), Convert.ToHexStringLower(SHA256.HashData(stream)), structures.Count));
    }
}
