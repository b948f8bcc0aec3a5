using System.Numerics.Tensors;
using Polyad.IO;

namespace Polyad.Lab;

/// <summary>Data sets by name: those that ship inside this library, and files of a folder the user names.</summary>
public sealed class LabData
{
    private readonly string? _folder;

    private LabData(string? folder) => _folder = folder;

    /// <summary>What ships with the library: <see cref="Digits"/>.</summary>
    public static LabData Shipped { get; } = new(null);

    /// <summary>Also the files of a folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static LabData Folder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Directory.Exists(path) ? new LabData(path) : throw new DirectoryNotFoundException($"there is no folder '{path}'.");
    }

    /// <summary>Handwritten digits: 1797 rows of 64 pixels in 0..16, and the digit of each (scikit-learn's copy of the UCI set).</summary>
    public static LabRows Digits()
    {
        using Stream stream = typeof(LabData).Assembly.GetManifestResourceStream("digits.csv")!;
        using StreamReader reader = new(stream);
        return SplitTarget("digits", CsvFile.Read(reader, "digits.csv").Values);
    }

    /// <summary>The rows of a file of the folder: a .csv whose last column is the target, or .npy images, one row each. Null when there is no folder or no such file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public LabRows? Find(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        string path = _folder is null ? "" : Path.Combine(_folder, file);
        if (!File.Exists(path))
        {
            return null;
        }

        string name = Path.GetFileNameWithoutExtension(file);
        if (Path.GetExtension(file) != ".npy")
        {
            return SplitTarget(name, CsvFile.Read(path).Values);
        }

        Tensor<double> images = NpyFile.Read<double>(path);
        nint rows = images.Lengths[0];
        return new LabRows(name, Tensor.Reshape(images, [rows, images.FlattenedLength / rows]), null);
    }

    private static LabRows SplitTarget(string name, Tensor<double> table)
    {
        int rows = (int)table.Lengths[0], width = (int)table.Lengths[1] - 1;
        ReadOnlyMatrixView<double> view = table.AsReadOnlyMatrix();
        Tensor<double> features = Tensor.CreateFromShape<double>([rows, width]);
        view.Slice(0, 0, rows, width).CopyTo(features.AsMatrix());
        double[] targets = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            targets[i] = view[i, width];
        }

        return new LabRows(name, features, targets);
    }
}

/// <summary>Rows of features.</summary>
/// <param name="Name">What the data set is called in tables.</param>
/// <param name="Features">n x d.</param>
/// <param name="Targets">n targets; null when the file holds none.</param>
public sealed record LabRows(string Name, Tensor<double> Features, IReadOnlyList<double>? Targets);
