using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.IO;

/// <summary>Conversion between stored <c>.npy</c> elements and numbers in memory.</summary>
internal static class NpyElements
{
    /// <summary>NumPy's code for an element type.</summary>
    public static string Code<T>()
        where T : unmanaged
        => typeof(T) == typeof(double) ? "f8"
            : typeof(T) == typeof(float) ? "f4"
            : typeof(T) == typeof(Half) ? "f2"
            : typeof(T) == typeof(long) ? "i8"
            : typeof(T) == typeof(int) ? "i4"
            : typeof(T) == typeof(short) ? "i2"
            : typeof(T) == typeof(sbyte) ? "i1"
            : typeof(T) == typeof(ulong) ? "u8"
            : typeof(T) == typeof(uint) ? "u4"
            : typeof(T) == typeof(ushort) ? "u2"
            : typeof(T) == typeof(byte) ? "u1"
            : typeof(T) == typeof(bool) ? "b1"
            : throw new NotSupportedException($"Element type {typeof(T).Name} cannot be written to .npy; use a floating-point, integer or bool type.");

    /// <summary>Converts whole stored elements; <paramref name="stored"/> may be reversed in place.</summary>
    public static void Convert<T>(NpyHeader header, Span<byte> stored, Span<T> target)
        where T : unmanaged, INumberBase<T>
    {
        if (header.ElementSize > 1 && header.BigEndian == BitConverter.IsLittleEndian)
        {
            ReverseBytes(header.ElementSize, stored);
        }

        switch (header.ElementType)
        {
            case "f8":
                From<double, T>(stored, target);
                break;
            case "f4":
                From<float, T>(stored, target);
                break;
            case "f2":
                From<Half, T>(stored, target);
                break;
            case "i8":
                From<long, T>(stored, target);
                break;
            case "i4":
                From<int, T>(stored, target);
                break;
            case "i2":
                From<short, T>(stored, target);
                break;
            case "i1":
                From<sbyte, T>(stored, target);
                break;
            case "u8":
                From<ulong, T>(stored, target);
                break;
            case "u4":
                From<uint, T>(stored, target);
                break;
            case "u2":
                From<ushort, T>(stored, target);
                break;
            case "b1":
                for (int i = 0; i < target.Length; i++)
                {
                    target[i] = stored[i] != 0 ? T.One : T.Zero;
                }

                break;
            default:
                From<byte, T>(stored, target);
                break;
        }
    }

    private static void From<TStored, T>(ReadOnlySpan<byte> stored, Span<T> target)
        where TStored : unmanaged, INumberBase<TStored>
        where T : unmanaged, INumberBase<T>
        => TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, TStored>(stored)[..target.Length], target);

    private static void ReverseBytes(int size, Span<byte> bytes)
    {
        switch (size)
        {
            case 2:
                Span<ushort> two = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(two, two);
                break;
            case 4:
                Span<uint> four = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(four, four);
                break;
            default:
                Span<ulong> eight = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(eight, eight);
                break;
        }
    }
}
