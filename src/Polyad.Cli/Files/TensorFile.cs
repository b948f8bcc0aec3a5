using System.Numerics;
using System.Numerics.Tensors;
using Polyad.IO;

namespace Polyad.Cli.Files;

/// <summary>Reads a tensor from whatever the user names: .npy, .npz (the first array, or <c>file.npz:name</c>), .h5, .mat (version 7.3), .csv or .png.</summary>
internal static class TensorFile
{
    private const string Archive = ".npz";

    /// <param name="input">The file, or <c>file.npz:name</c>.</param>
    /// <param name="dataset">Which array, dataset or variable of an .npz, .h5 or .mat file; null for the first, or the only one.</param>
    /// <exception cref="UsageException">The kind of file is not known, or there is no such dataset.</exception>
    /// <exception cref="InvalidDataException">The content is wrong.</exception>
    public static Tensor<T> Read<T>(string input, string? dataset = null)
        where T : unmanaged, INumberBase<T>
    {
        int member = input.LastIndexOf(Archive + ":", StringComparison.OrdinalIgnoreCase);
        string path = member < 0 ? input : input[..(member + Archive.Length)];
        if (!File.Exists(path))
        {
            throw new UsageException($"there is no file '{path}'.");
        }

        string kind = Path.GetExtension(path).ToLowerInvariant();
        if (dataset is not null && kind is not (Archive or ".h5" or ".hdf5" or ".mat"))
        {
            throw new UsageException($"--dataset: a file of kind '{kind}' holds one tensor.");
        }

        return kind switch
        {
            ".npy" => NpyFile.Read<T>(path),
            Archive => ReadArchive<T>(path, member < 0 ? dataset : input[(member + Archive.Length + 1)..]),
            ".h5" or ".hdf5" => Hdf5File.Read<T>(path, dataset),
            ".mat" => MatFile.Read<T>(path, dataset),
            ".csv" or ".tsv" => Convert<T>(CsvFile.Read(path).Values),
            ".png" => Convert<T>(Picture.Read(path)),
            _ => throw new UsageException($"'{path}': files of kind '{kind}' are not read; .npy, .npz, .h5, .mat, .csv and .png are."),
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
