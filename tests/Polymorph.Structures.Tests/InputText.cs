using System.Text;
using Polymorph.Structures.Formats;
using Xunit;

namespace Polymorph.Structures.Tests;

/// <summary>Reads structures from texts that tests hold.</summary>
internal static class InputText
{
    public static List<ReadResult> Read(string text, string name, ReadOptions? options = null) => Read(Encoding.UTF8.GetBytes(text), name, options);

    public static List<ReadResult> Read(byte[] bytes, string name, ReadOptions? options = null) => [.. StructureReader.Read(new MemoryStream(bytes), name, options)];

    /// <summary>The only entry, which must be a structure.</summary>
    public static Structure One(string text, string name)
    {
        var result = Assert.Single(Read(text, name));
        Assert.True(result.Structure is not null, result.Rejection?.ToString());
        return result.Structure;
    }

    /// <summary>The only entry, which must be rejected; code and line.</summary>
    public static (string Code, long Line) Rejected(string text, string name, ReadOptions? options = null)
    {
        var rejection = Assert.Single(Read(text, name, options)).Rejection;
        Assert.NotNull(rejection);
        Assert.True(rejection.Reason.Length > 10, rejection.Reason);
        return (rejection.Code, rejection.Line);
    }

    public static string Write(Structure structure, StructureFormat format)
    {
        using var writer = new StringWriter();
        StructureWriter.Write(writer, structure, format);
        return writer.ToString();
    }

    /// <summary>Same atoms, cell and periodicity to the last bit.</summary>
    public static void AssertSameGeometry(Structure expected, Structure actual)
    {
        Assert.Equal(expected.Species, actual.Species);
        Assert.Equal(expected.Positions, actual.Positions);
        Assert.Equal(expected.Lattice, actual.Lattice);
        Assert.Equal(expected.Periodicity, actual.Periodicity);
    }
}
