using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using PureHDF;
using PureHDF.VOL.Native;

namespace Polyad.Cli.Files;

/// <summary>
/// Numeric datasets of HDF5 files, the lengths in the order of the file: row-major, the last mode fastest, as h5py shows them. Whatever is wrong with a file is an <see cref="InvalidDataException"/> that names it.
/// </summary>
internal static class Hdf5File
{
    /// <summary>Groups within groups that are looked into. Links may form circles.</summary>
    private const int MaxDepth = 16;

    private const int MaxObjects = 10_000;

    /// <summary>No deflated chunk holds more than 1032 times its size: a dataset that claims more is not believed before memory is taken for it.</summary>
    private const double MaxExpansion = 1100;

    /// <param name="path">The file.</param>
    /// <param name="dataset">Its name, with the groups on the way as in "run1/spectra"; null where there is but one.</param>
    /// <exception cref="UsageException">There is no such dataset, or none was named and there are several.</exception>
    /// <exception cref="InvalidDataException">The file is not HDF5, damaged, or the dataset does not hold real numbers.</exception>
    public static Tensor<T> Read<T>(string path, string? dataset)
        where T : unmanaged, INumberBase<T>
    {
        try
        {
            using NativeFile file = H5File.OpenRead(path);
            (string name, IH5Dataset data) = dataset is null ? Only(file, path) : Named(file, path, dataset);
            nint[] lengths = Lengths(data, path, name);
            return Tensor.Create(Hdf5Elements.Read<T>(data) ?? throw new InvalidDataException($"{path}: the dataset '{name}' holds {Kind(data)} elements, which are not real numbers."), lengths);
        }
        catch (Exception e) when (e is not (UsageException or InvalidDataException or UnauthorizedAccessException))
        {
            // The parser answers damage with exceptions of every type.
            throw new InvalidDataException($"{path}: not an HDF5 file, or damaged or cut short ({e.GetType().Name}: {e.Message})", e);
        }
    }

    private static (string Name, IH5Dataset Data) Named(NativeFile file, string path, string dataset)
    {
        if (!file.LinkExists(dataset) || file.Get(dataset) is not IH5Dataset data)
        {
            throw new UsageException($"'{path}' has no dataset '{dataset}'; it has {Text(Numeric(file))}.");
        }

        return (dataset, data);
    }

    private static (string Name, IH5Dataset Data) Only(NativeFile file, string path) => Numeric(file) switch
    {
        [var one] => one,
        [] => throw new InvalidDataException($"{path}: there is no dataset of real numbers in it."),
        { } several => throw new UsageException($"'{path}' has several datasets: {Text(several)}. Say which with --dataset."),
    };

    private static List<(string Name, IH5Dataset Data)> Numeric(NativeFile file)
    {
        List<(string, IH5Dataset)> found = [];
        int objects = 0;
        Visit(file, "", 0);
        return found;

        void Visit(IH5Group group, string prefix, int depth)
        {
            foreach (IH5Object child in group.Children())
            {
                // MATLAB keeps what cells and objects refer to under names that begin with '#'.
                if (++objects > MaxObjects || child.Name.StartsWith('#'))
                {
                    continue;
                }

                if (child is IH5Group inner && depth < MaxDepth)
                {
                    Visit(inner, $"{prefix}{child.Name}/", depth + 1);
                }
                else if (child is IH5Dataset data && Hdf5Elements.AreNumbers(data) && !IsText(data) && !IsEmpty(data))
                {
                    found.Add((prefix + child.Name, data));
                }
            }
        }
    }

    private static nint[] Lengths(IH5Dataset data, string path, string name)
    {
        ulong[] dimensions = data.Space.Dimensions;
        double count = dimensions.Aggregate(1.0, static (product, n) => product * n);
        if (count == 0 || IsEmpty(data))
        {
            throw new InvalidDataException($"{path}: the dataset '{name}' is empty.");
        }

        if (count > Array.MaxLength || count * data.Type.Size > MaxExpansion * new FileInfo(path).Length)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"{path}: the dataset '{name}' claims {string.Join(" x ", dimensions)} elements of {data.Type.Size} bytes, which the file cannot hold or memory cannot take."));
        }

        return dimensions.Length == 0 ? [1] : [.. dimensions.Select(static n => (nint)n)];
    }

    private static bool IsEmpty(IH5Dataset data) => data.AttributeExists("MATLAB_empty") || data.Space.Dimensions.Contains(0UL);

    private static bool IsText(IH5Dataset data) => data.AttributeExists("MATLAB_class") && data.Attribute("MATLAB_class").Read<string>() == "char";

    private static string Kind(IH5Dataset data) => $"{data.Type.Size}-byte {data.Type.Class}";

    private static string Text(List<(string Name, IH5Dataset Data)> datasets)
        => datasets.Count == 0 ? "none of real numbers" : string.Join(", ", datasets.Select(static d => $"{d.Name} ({string.Join(" x ", d.Data.Space.Dimensions)})"));
}
