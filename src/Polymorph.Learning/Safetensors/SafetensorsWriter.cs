using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Polymorph.Foundation;

namespace Polymorph.Learning.Safetensors;

internal static class SafetensorsWriter
{
    public static void Write(SafetensorsFile file, string path)
    {
        byte[] data = Data(file);
        byte[] header = Header(file, Convert.ToHexStringLower(SHA256.HashData(data)));
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            stream.Write(data);
        });
    }

    private static byte[] Data(SafetensorsFile file)
    {
        var data = new byte[file.Tensors.Values.Sum(ByteLength)];
        int at = 0;
        foreach (var tensor in file.Tensors.Values)
        {
            foreach (double value in tensor.Values)
            {
                switch (tensor.ByteSize)
                {
                    case sizeof(double): BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(at), value); break;
                    case sizeof(float): BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(at), (float)value); break;
                    default: BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(at), (Half)value); break;
                }

                at += tensor.ByteSize;
            }
        }

        return data;
    }

    private static byte[] Header(SafetensorsFile file, string hash)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in file.Metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteString(SafetensorsFile.HashKey, hash);
            json.WriteEndObject();
            long offset = 0;
            foreach (var (name, tensor) in file.Tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.TypeName);
                json.WriteStartArray("shape");
                foreach (int length in tensor.Shape)
                {
                    json.WriteNumberValue(length);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += ByteLength(tensor);
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of 8 keep the numbers aligned for readers that map the file into memory.
        while (stream.Length % 8 != 0)
        {
            stream.WriteByte((byte)' ');
        }

        return stream.ToArray();
    }

    private static int ByteLength(Tensor tensor) => checked(tensor.Values.Length * (tensor.ByteSize));
}
