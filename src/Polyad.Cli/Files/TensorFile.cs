using System.Numerics;
using System.Numerics.Tensors;
using Polyad.IO;

namespace Polyad.Cli.Files;

/// <summary>Reads a tensor from whatever the user names: .npy, .npz (the first array, or <c>file.npz:name</c>), .csv or .png.</summary>
internal static class TensorFile
{
    private const string Archive = ".npz";

    /// <exception cref="UsageException">The kind of file is not known.</exception>
    /// <exception cref="InvalidDataException">The content is wrong.</exception>
    public static Tensor<T> Read<T>(string input)
        where T : unmanaged, INumberBase<T>
    {
        int member = input.LastIndexOf(Archive + ":", StringComparison.OrdinalIgnoreCase);
        string path = member < 0 ? input : input[..(member + Archive.Length)];
        if (!File.Exists(path))
        {
            throw new UsageException($"there is no file '{path}'.");
        }

        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npy" => NpyFile.Read<T>(path),
            Archive => ReadArchive<T>(path, member < 0 ? null : input[(member + Archive.Length + 1)..]),
            ".csv" or ".tsv" => Convert<T>(CsvFile.Read(path).Values),
            ".png" => Convert<T>(Picture.Read(path)),
            string other => throw new UsageException($"'{path}': files of kind '{other}' are not read; .npy, .npz, .csv and .png are."),
        };
    }

    private static Tensor<T> ReadArchive<T>(string path, string? name)
        where T : unmanaged, INumberBase<T>
    {
        using NpzFile file = NpzFile.Open(path);
        return file.Names.Count > 0 ? file.Read<T>(name ?? file.Names[0]) : throw new InvalidDataException($"{path}: the archive holds no array.");
    }

    private static Tensor<T> Convert<T>(Tensor<double> tensor)
        where T : unmanaged, INumberBase<T>
    {
        double[] values = new double[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        T[] converted = new T[values.Length];
        TensorPrimitives.ConvertTruncating<double, T>(values, converted);
        return Tensor.Create(converted, tensor.Lengths);
    }
}
