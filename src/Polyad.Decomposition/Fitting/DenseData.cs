using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>Plain access to dense row-major tensors.</summary>
internal static class DenseData
{
    public static string Text(ReadOnlySpan<nint> lengths) => $"[{string.Join(", ", lengths.ToArray())}]";

    public static bool IsDense<T>(Tensor<T> tensor)
    {
        nint expected = 1;
        for (int k = tensor.Rank - 1; k >= 0; k--)
        {
            if (tensor.Lengths[k] > 1 && tensor.Strides[k] != expected)
            {
                return false;
            }

            expected *= tensor.Lengths[k];
        }

        return true;
    }

    public static Span<T> Elements<T>(Tensor<T> dense)
        where T : unmanaged
        => LinearAlgebra.Elements(dense);

    public static int Product(ReadOnlySpan<nint> lengths)
    {
        nint product = 1;
        foreach (nint length in lengths)
        {
            product = checked(product * length);
        }

        return checked((int)product);
    }

    /// <summary>The double closest to the machine epsilon of T (of the parts of a complex T).</summary>
    public static double Epsilon<T>() => typeof(T) == typeof(float) ? 1.0 / (1 << 23) : double.BitIncrement(1) - 1;

    /// <summary>The largest share of a norm, in units of eps, that a projection onto orthonormal vectors of a length loses to rounding: in sums so long it grows with the root of the length, by Gram matrices and by QR alike.</summary>
    public static double RoundingUnits(double length) => Math.Max(8, 2 * Math.Sqrt(length));

    public static Tensor<T> Copy<T>(ReadOnlySpan<T> elements, ReadOnlySpan<nint> lengths) => System.Numerics.Tensors.Tensor.Create(elements.ToArray(), lengths);

    /// <summary>A dense row-major copy of a tensor of any strides.</summary>
    public static Tensor<T> Copy<T>(Tensor<T> tensor)
    {
        T[] elements = new T[tensor.FlattenedLength];
        tensor.FlattenTo(elements);
        return System.Numerics.Tensors.Tensor.Create(elements, tensor.Lengths);
    }

    /// <summary>The tensor itself when it lies densely in row-major order, else a copy that does.</summary>
    public static Tensor<T> Dense<T>(Tensor<T> tensor) => IsDense(tensor) ? tensor : Copy(tensor);

    /// <summary>A copy under another shape. (Tensor.Reshape refuses modes of length 1, whose stride is 0.)</summary>
    public static Tensor<T> Reshaped<T>(Tensor<T> dense, ReadOnlySpan<nint> lengths)
        where T : unmanaged
        => Copy<T>(Elements(dense), lengths);

    /// <summary>The elements as real numbers: of a complex T the real and imaginary parts in turn.</summary>
    public static ReadOnlySpan<double> Parts(ReadOnlySpan<Complex> elements) => MemoryMarshal.Cast<Complex, double>(elements);
}
