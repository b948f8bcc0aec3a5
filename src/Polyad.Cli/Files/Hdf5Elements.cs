using System.Numerics;
using System.Numerics.Tensors;
using PureHDF;

namespace Polyad.Cli.Files;

/// <summary>Elements of a dataset, of whatever real type they are stored as.</summary>
internal static class Hdf5Elements
{
    public static bool AreNumbers(IH5Dataset data) => (data.Type.Class, data.Type.Size) is
        (H5DataTypeClass.FloatingPoint, 2 or 4 or 8) or (H5DataTypeClass.FixedPoint, 1 or 2 or 4 or 8) or (H5DataTypeClass.BitField or H5DataTypeClass.Enumerated, 1);

    /// <summary>All elements in the order of the file; null when they are not real numbers. h5py stores bool as an enumeration of one byte.</summary>
    public static T[]? Read<T>(IH5Dataset data)
        where T : unmanaged, INumberBase<T>
    {
        bool signed = data.Type is { Class: H5DataTypeClass.FixedPoint, FixedPoint.IsSigned: true };
        return (data.Type.Class, data.Type.Size) switch
        {
            (H5DataTypeClass.FloatingPoint, 8) => As<double, T>(data),
            (H5DataTypeClass.FloatingPoint, 4) => As<float, T>(data),
            (H5DataTypeClass.FloatingPoint, 2) => As<Half, T>(data),
            (H5DataTypeClass.FixedPoint, 8) => signed ? As<long, T>(data) : As<ulong, T>(data),
            (H5DataTypeClass.FixedPoint, 4) => signed ? As<int, T>(data) : As<uint, T>(data),
            (H5DataTypeClass.FixedPoint, 2) => signed ? As<short, T>(data) : As<ushort, T>(data),
            (H5DataTypeClass.FixedPoint, 1) => signed ? As<sbyte, T>(data) : As<byte, T>(data),
            (H5DataTypeClass.BitField or H5DataTypeClass.Enumerated, 1) => As<byte, T>(data),
            _ => null,
        };
    }

    private static T[] As<TStored, T>(IH5Dataset data)
        where TStored : unmanaged, INumberBase<TStored>
        where T : unmanaged, INumberBase<T>
    {
        TStored[] stored = data.Read<TStored[]>();
        if (stored is T[] same)
        {
            return same;
        }

        T[] converted = new T[stored.Length];
        TensorPrimitives.ConvertTruncating<TStored, T>(stored, converted);
        return converted;
    }
}
