using System.Buffers.Binary;

namespace Polymorph.Structures.Formats.AseFiles;

/// <summary>Numbers of an array that a binary file holds.</summary>
internal static class NumberArray
{
    /// <summary>Bytes per number of a NumPy type; 0 for a type that is not numeric.</summary>
    public static int SizeOf(string type) => type switch
    {
        "float64" or "int64" or "uint64" => 8,
        "float32" or "int32" or "uint32" => 4,
        "int16" or "uint16" or "float16" => 2,
        "int8" or "uint8" or "bool" => 1,
        _ => 0,
    };

    /// <summary>The numbers as real ones.</summary>
    /// <param name="bytes">Whole numbers of the type.</param>
    /// <param name="type">A NumPy type of <see cref="SizeOf"/>.</param>
    /// <param name="bigEndian">True when the most significant byte comes first.</param>
    public static double[] Read(ReadOnlySpan<byte> bytes, string type, bool bigEndian)
    {
        int size = SizeOf(type);
        var result = new double[bytes.Length / size];
        Span<byte> one = stackalloc byte[8];
        for (int i = 0; i < result.Length; i++)
        {
            var number = one[..size];
            bytes.Slice(i * size, size).CopyTo(number);
            if (bigEndian)
            {
                number.Reverse();
            }

            result[i] = type switch
            {
                "float64" => BinaryPrimitives.ReadDoubleLittleEndian(number),
                "float32" => BinaryPrimitives.ReadSingleLittleEndian(number),
                "float16" => (double)BinaryPrimitives.ReadHalfLittleEndian(number),
                "int64" => BinaryPrimitives.ReadInt64LittleEndian(number),
                "uint64" => BinaryPrimitives.ReadUInt64LittleEndian(number),
                "int32" => BinaryPrimitives.ReadInt32LittleEndian(number),
                "uint32" => BinaryPrimitives.ReadUInt32LittleEndian(number),
                "int16" => BinaryPrimitives.ReadInt16LittleEndian(number),
                "uint16" => BinaryPrimitives.ReadUInt16LittleEndian(number),
                "int8" => (sbyte)number[0],
                _ => number[0],
            };
        }

        return result;
    }
}
