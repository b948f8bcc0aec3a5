using System.Numerics.Tensors;
using System.Text;
using System.Text.RegularExpressions;

namespace Polyad.Decomposition;

/// <summary>Real data that may lie in ../shared/data beside the repository.</summary>
internal static partial class DataFile
{
    public static string? Find(string name)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Backend.sln")))
            {
                string path = Path.Combine(at.FullName, "..", "shared", "data", name);
                return File.Exists(path) ? path : null;
            }
        }

        return null;
    }

    /// <summary>A little-endian float64 or float32 array in C order.</summary>
    public static Tensor<double> ReadNpy(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int header = bytes[6] == 1 ? BitConverter.ToUInt16(bytes, 8) : (int)BitConverter.ToUInt32(bytes, 8), start = (bytes[6] == 1 ? 10 : 12) + header;
        string text = Encoding.ASCII.GetString(bytes, start - header, header);
        nint[] lengths = [.. Shape().Match(text).Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(nint.Parse)];
        int count = (int)lengths.Aggregate(static (a, b) => a * b);
        bool single = text.Contains("'<f4'", StringComparison.Ordinal);
        if (text.Contains("'fortran_order': True", StringComparison.Ordinal) || (!single && !text.Contains("'<f8'", StringComparison.Ordinal)))
        {
            throw new NotSupportedException(text);
        }

        return Tensor.Create([.. Enumerable.Range(0, count).Select(i => single ? BitConverter.ToSingle(bytes, start + (4 * i)) : BitConverter.ToDouble(bytes, start + (8 * i)))], lengths);
    }

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex Shape();
}
