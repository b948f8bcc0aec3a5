using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Polyad.Tests.IO;

/// <summary>Files made by hand, right and wrong.</summary>
internal static class NpyBytes
{
    public static byte[] Elements(double[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    public static byte[] Of(string type, string shape, byte[] elements, bool fortran = false, int version = 1)
        => OfHeader($"{{'descr': '{type}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}", elements, version);

    public static byte[] OfHeader(string header, byte[] elements, int version = 1)
    {
        byte[] text = Encoding.ASCII.GetBytes(header + "\n");
        byte[] length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        }

        return [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', (byte)version, 0, .. length, .. text, .. elements];
    }

    /// <summary>Overwrites, cuts, repeats or inserts a few bytes; often digits, which make other numbers.</summary>
    public static byte[] Mutate(byte[] valid, Random random)
    {
        List<byte> file = [.. valid];
        for (int edits = random.Next(1, 5); edits > 0 && file.Count > 0; edits--)
        {
            int at = random.Next(file.Count);
            byte value = random.Next(2) == 0 ? (byte)random.Next('0', '9' + 1) : (byte)random.Next(256);
            switch (random.Next(4))
            {
                case 0:
                    file[at] = value;
                    break;
                case 1:
                    file.Insert(at, value);
                    break;
                case 2:
                    file.RemoveRange(at, Math.Min(random.Next(1, 20), file.Count - at));
                    break;
                default:
                    file.InsertRange(at, file.GetRange(at, Math.Min(random.Next(1, 20), file.Count - at)));
                    break;
            }
        }

        return [.. file];
    }

    public static void ReadsOrRefuses(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException e)
        {
            Xunit.Assert.NotEmpty(e.Message);
        }
    }
}
