using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>
/// What is done to a row before its powers are sketched: r = scale (x - center), or, with an axis u, the homogeneous row h = (scale x, constant) without its part along u, r = h - (h.u) u. The row also
/// has two numbers: alpha = h.u (or 1), and rho = exp(-|r|^2 / 2) for Gaussian kernels (or 1).
/// </summary>
internal sealed record RowAdaptation(double Scale, double[]? Center, double[]? Axis, double Constant, bool Gaussian)
{
    public static RowAdaptation None { get; } = new(1, null, null, 0, false);

    /// <summary>The length of an adapted row.</summary>
    public int Dimension(int inputDimension) => Axis?.Length ?? inputDimension;

    /// <summary>Whether sparse rows stay sparse.</summary>
    public bool KeepsZeros => Center is null && Axis is null;

    /// <summary>Adapts a contiguous row of d numbers in place (there is room for one more).</summary>
    public unsafe void Apply<T>(int inputDimension, T* row, T[]? center, T[]? axis, out T alpha, out T rho)
        where T : unmanaged, INumberBase<T>
    {
        Span<T> x = new(row, inputDimension);
        if (center is not null)
        {
            TensorPrimitives.Subtract(x, center, x);
        }

        if (Scale != 1)
        {
            TensorPrimitives.Multiply(x, T.CreateTruncating(Scale), x);
        }

        alpha = rho = T.One;
        if (axis is not null)
        {
            if (axis.Length > inputDimension)
            {
                row[inputDimension] = T.CreateTruncating(Constant);
            }

            fixed (T* u = axis)
            {
                alpha = VectorKernels.Dot(axis.Length, row, u);
                VectorKernels.Axpy(axis.Length, -alpha, u, row);
            }
        }

        if (Gaussian)
        {
            rho = Radius(VectorKernels.Dot(inputDimension, row, row));
        }
    }

    /// <summary>exp(-s / 2)</summary>
    public static T Radius<T>(T squaredNorm)
        where T : unmanaged, INumberBase<T>
        => T.CreateTruncating(Math.Exp(-0.5 * double.CreateTruncating(squaredNorm)));
}
