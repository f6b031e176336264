using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Polymorph.Studies.Runs;

/// <summary>Hashes by which outputs name their inputs.</summary>
internal static class FileHash
{
    private const int ShownDigits = 16;

    /// <summary>The SHA-256 of a file.</summary>
    /// <param name="path">The file.</param>
    public static string Whole(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>The first 16 digits of the SHA-256 of a file; of a folder, of the names and contents of its files.</summary>
    /// <param name="path">A file or folder that has been read.</param>
    public static string Of(string path)
    {
        if (!Directory.Exists(path))
        {
            return Whole(path)[..ShownDigits];
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(path, file) + "\n"));
            using var stream = File.OpenRead(file);
            byte[] block = new byte[1 << 16];
            for (int n = stream.Read(block); n > 0; n = stream.Read(block))
            {
                hash.AppendData(block, 0, n);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..ShownDigits];
    }

    /// <summary>The name of a file with its hash.</summary>
    /// <param name="path">The file.</param>
    public static JsonObject Document(string path) => new() { ["file"] = Path.GetFileName(path.TrimEnd('/')), ["sha256"] = File.Exists(path) || Directory.Exists(path) ? Of(path) : null };
}
