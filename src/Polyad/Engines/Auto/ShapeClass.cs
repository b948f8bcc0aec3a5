using System.Globalization;

namespace Polyad;

/// <summary>
/// What <see cref="AutoBackend"/> decides by: problems of one class are taken to rank the engines alike. Sizes fall into classes a factor of two apart in n, where n^3 is the volume
/// of the problem: m n k of a product, m n min(m, n) of a factorization, the number of elements of a tensor.
/// </summary>
/// <param name="Operation">The operation; <see cref="LinearAlgebraOperation.Fold"/> is judged as <see cref="LinearAlgebraOperation.Unfold"/>, whose copy it reverses.</param>
/// <param name="SinglePrecision">float rather than double.</param>
/// <param name="Sequential">One thread rather than several.</param>
/// <param name="Aspect">The form.</param>
/// <param name="Magnitude">log2 of n, rounded, at most <see cref="MaxMagnitude"/>.</param>
public readonly record struct ShapeClass(LinearAlgebraOperation Operation, bool SinglePrecision, bool Sequential, ShapeAspect Aspect, int Magnitude)
{
    /// <summary>The greatest <see cref="Magnitude"/>: n of a million.</summary>
    public const int MaxMagnitude = 20;

    internal const int Count = Operations * 2 * 2 * Aspects * (MaxMagnitude + 1);

    /// <summary>A side this many times another one makes a shape tall, wide, deep or flat.</summary>
    private const double Elongated = 4;

    private const int Operations = (int)LinearAlgebraOperation.Mttkrp + 1;
    private const int Aspects = (int)ShapeAspect.LastMode + 1;

    /// <summary>Where a table of all classes keeps this one.</summary>
    internal int Index => (((((((int)Operation * 2) + (SinglePrecision ? 1 : 0)) * 2) + (Sequential ? 1 : 0)) * Aspects) + (int)Aspect) * (MaxMagnitude + 1) + Magnitude;

    /// <summary>The class of a problem.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="shape">MatMul: m, n, k. Gram of A A^T and factorizations: rows, columns of A. TriangularSolve: n, right sides. Tensor operations: the lengths.</param>
    /// <param name="mode">The mode of a tensor operation; not read elsewhere.</param>
    /// <param name="singlePrecision">float rather than double.</param>
    /// <param name="sequential">One thread rather than several.</param>
    /// <exception cref="ArgumentException">The shape has not the numbers that the operation needs.</exception>
    public static ShapeClass Of(LinearAlgebraOperation operation, ReadOnlySpan<int> shape, int mode, bool singlePrecision, bool sequential)
    {
        if (operation >= LinearAlgebraOperation.Unfold)
        {
            double elements = 1;
            foreach (int length in shape)
            {
                elements *= length;
            }

            return OfTensor(operation, elements, shape.Length, mode, singlePrecision, sequential);
        }

        int needed = operation == LinearAlgebraOperation.MatMul ? 3 : 2;
        if (shape.Length != needed)
        {
            throw new ArgumentException($"{operation} has a shape of {needed} numbers, not {shape.Length}.", nameof(shape));
        }

        return operation == LinearAlgebraOperation.MatMul
            ? OfProduct(shape[0], shape[1], shape[2], singlePrecision, sequential)
            : OfMatrix(operation, shape[0], shape[1], singlePrecision, sequential);
    }

    /// <summary>"Svd f64, tall, n near 256, several threads".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Operation} {(SinglePrecision ? "f32" : "f64")}, {Text(Aspect)}, n near {1L << Magnitude}, {(Sequential ? "one thread" : "several threads")}");

    /// <summary>A form in words.</summary>
    public static string Text(ShapeAspect aspect) => aspect switch
    {
        ShapeAspect.FirstMode => "first mode",
        ShapeAspect.MiddleMode => "middle mode",
        ShapeAspect.LastMode => "last mode",
        ShapeAspect.Square => "square",
        ShapeAspect.Tall => "tall",
        ShapeAspect.Wide => "wide",
        ShapeAspect.Deep => "deep",
        ShapeAspect.Flat => "flat",
        _ => "vector",
    };

    internal static ShapeClass OfProduct(int m, int n, int k, bool singlePrecision, bool sequential)
    {
        double larger = Math.Max(m, n), smaller = Math.Min(m, n);
        ShapeAspect aspect = smaller == 1 ? ShapeAspect.Vector
            : k >= Elongated * larger ? ShapeAspect.Deep
            : m >= Elongated * n ? ShapeAspect.Tall
            : n >= Elongated * m ? ShapeAspect.Wide
            : smaller >= Elongated * k ? ShapeAspect.Flat
            : ShapeAspect.Square;
        return new(LinearAlgebraOperation.MatMul, singlePrecision, sequential, aspect, MagnitudeOf((double)m * n * k));
    }

    internal static ShapeClass OfMatrix(LinearAlgebraOperation operation, int rows, int columns, bool singlePrecision, bool sequential)
    {
        ShapeAspect aspect = rows >= Elongated * columns ? ShapeAspect.Tall : columns >= Elongated * rows ? ShapeAspect.Wide : ShapeAspect.Square;

        // A A^T and a triangular solve cost the square of the first side times the second.
        double least = operation is LinearAlgebraOperation.Gram or LinearAlgebraOperation.TriangularSolve ? rows : Math.Min(rows, columns);
        return new(operation, singlePrecision, sequential, aspect, MagnitudeOf((double)rows * columns * least));
    }

    internal static ShapeClass OfTensor(LinearAlgebraOperation operation, double elements, int rank, int mode, bool singlePrecision, bool sequential)
    {
        ShapeAspect aspect = mode <= 0 ? ShapeAspect.FirstMode : mode >= rank - 1 ? ShapeAspect.LastMode : ShapeAspect.MiddleMode;
        return new(operation == LinearAlgebraOperation.Fold ? LinearAlgebraOperation.Unfold : operation, singlePrecision, sequential, aspect, MagnitudeOf(elements));
    }

    private static int MagnitudeOf(double volume)
        => volume <= 1 ? 0 : Math.Min(MaxMagnitude, (int)((Math.Log2(volume) / 3) + 0.5));
}
