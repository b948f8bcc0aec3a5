using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace Polyad.Cli.Files;

/// <summary>
/// Variables of MATLAB's .mat files of version 7.3. They are HDF5 files, in which MATLAB's column-major array of I x J x K is a dataset of K x J x I; here its modes stand in MATLAB's order again.
/// </summary>
internal static class MatFile
{
    private const int HeaderBytes = 128;

    /// <param name="path">The file.</param>
    /// <param name="variable">Its name; null where there is but one.</param>
    /// <exception cref="UsageException">There is no such variable, or none was named and there are several.</exception>
    /// <exception cref="InvalidDataException">The file is of an older version, not a .mat file, or damaged.</exception>
    public static Tensor<T> Read<T>(string path, string? variable)
        where T : unmanaged, INumberBase<T>
    {
        string header = Header(path);
        if (header.StartsWith("MATLAB", StringComparison.Ordinal) && !header.StartsWith("MATLAB 7.3", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: a .mat file of version 5, 6 or 7; those of version 7.3 are read. In MATLAB: save('{Path.GetFileName(path)}', '-v7.3').");
        }

        Tensor<T> stored = Hdf5File.Read<T>(path, variable);
        return stored.Rank < 2 ? stored : TensorAlgebra.Permute(stored, [.. Enumerable.Range(0, stored.Rank).Reverse()]);
    }

    private static string Header(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[HeaderBytes];
        int count = file.ReadAtLeast(bytes, HeaderBytes, throwOnEndOfStream: false);
        return Encoding.Latin1.GetString(bytes, 0, count);
    }
}
