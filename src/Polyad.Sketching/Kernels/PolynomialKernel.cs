using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The polynomial kernel k(x, y) = (gamma x.y + constant)^degree. It is the inner product of p-fold tensor powers: with the rows (sqrt(gamma) x, sqrt(constant)) it is their
/// p-th tensor power's. A number alone is the homogeneous kernel (x.y)^degree.
/// </summary>
public sealed record PolynomialKernel : Kernel
{
    /// <summary>The most factors that a sketch serves.</summary>
    public const int MaxDegree = 256;

    /// <summary>A kernel.</summary>
    /// <param name="degree">p, from 1 to <see cref="MaxDegree"/>.</param>
    /// <param name="gamma">The factor of the inner product, finite and positive.</param>
    /// <param name="constant">What is added to it, finite and not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public PolynomialKernel(int degree, double gamma = 1, double constant = 0)
    {
        if (degree is < 1 or > MaxDegree)
        {
            throw new ArgumentOutOfRangeException(nameof(degree), degree, $"The degree of a polynomial kernel must be between 1 and {MaxDegree}; given {degree}.");
        }

        if (!double.IsFinite(gamma) || gamma <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(gamma), gamma, $"gamma must be finite and positive; given {gamma}.");
        }

        if (!double.IsFinite(constant) || constant < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(constant), constant, $"The constant of a polynomial kernel must be finite and at least 0, or the kernel is not positive; given {constant}.");
        }

        (Degree, Gamma, Constant) = (degree, gamma, constant);
    }

    /// <summary>p.</summary>
    public int Degree { get; }

    /// <summary>The factor of the inner product.</summary>
    public double Gamma { get; }

    /// <summary>What is added to the scaled inner product.</summary>
    public double Constant { get; }

    /// <summary>The homogeneous kernel of a degree.</summary>
    public static implicit operator PolynomialKernel(int degree) => new(degree);

    /// <summary>The kernel's value for an inner product.</summary>
    public double Evaluate(double inner) => Math.Pow((Gamma * inner) + Constant, Degree);

    /// <inheritdoc/>
    protected internal override void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
    {
        RowGeometry.InnerProducts(x, y, k, backend);
        FeatureMatrix.ForEachRow(k, 0.5, k.Columns, (_, row, room) => Evaluate(row, room));
    }

    /// <inheritdoc/>
    protected internal override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal)
    {
        RowGeometry.SquaredLengths(x).CopyTo(diagonal);
        Evaluate(diagonal, new T[diagonal.Length]);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        KernelFile.Write(writer, KernelFile.Polynomial);
        writer.Set("degree", Degree);
        writer.Set("gamma", Gamma);
        writer.Set("constant", Constant);
    }

    private void Evaluate<T>(Span<T> inner, Span<T> work)
        where T : unmanaged, INumberBase<T>
    {
        TensorPrimitives.Multiply(inner, T.CreateTruncating(Gamma), inner);
        TensorPrimitives.Add(inner, T.CreateTruncating(Constant), inner);
        ElementMath.Power(inner, Degree, work);
    }
}

/// <summary>What sketches ask of a kernel before they know that there is one.</summary>
internal static class PolynomialKernelArgument
{
    /// <summary>The kernel; null is refused.</summary>
    public static PolynomialKernel Defined(this PolynomialKernel? kernel) => kernel ?? throw new ArgumentNullException(nameof(kernel));

    /// <summary>The length of the rows (sqrt(gamma) x, sqrt(constant)): one more than that of x where there is a constant.</summary>
    public static int Homogeneous(this PolynomialKernel? kernel, int inputDimension)
        => checked(inputDimension + (kernel.Defined().Constant > 0 ? 1 : 0));
}
