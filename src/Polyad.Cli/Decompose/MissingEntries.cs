using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Cli.Files;
using Polyad.Decomposition;

namespace Polyad.Cli.Decompose;

/// <summary>What --missing says: <c>nan</c>, or a file of the tensor's shape that is not 0 where an entry is missing.</summary>
internal static class MissingEntries
{
    private const string NaN = "nan";

    public static DecomposeInput<T> Mark<T>(Tensor<T> tensor, string? missing)
        where T : unmanaged, INumberBase<T>
    {
        if (missing is null)
        {
            return new DecomposeInput<T>(tensor);
        }

        return new DecomposeInput<T>(tensor, missing == NaN ? IncompleteTensor.FromNaN(tensor) : IncompleteTensor.FromMask(tensor, Mask(missing)));
    }

    /// <summary>How many entries a fit does not see.</summary>
    public static long Count<T>(DecomposeInput<T> input)
        where T : unmanaged, INumberBase<T>
        => input.Seen is { } seen ? input.Values.FlattenedLength - seen.SeenCount : 0;

    private static Tensor<bool> Mask(string file)
    {
        Tensor<double> numbers = TensorFile.Read<double>(file);
        double[] values = new double[numbers.FlattenedLength];
        numbers.FlattenTo(values);
        return Tensor.Create([.. values.Select(static v => v != 0)], numbers.Lengths);
    }
}
