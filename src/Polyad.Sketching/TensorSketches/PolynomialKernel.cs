using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The polynomial kernel k(x, y) = (gamma x.y + constant)^degree. It is the inner product of p-fold tensor powers: with the rows (sqrt(gamma) x, sqrt(constant)) it is their
/// p-th tensor power's. A number alone is the homogeneous kernel (x.y)^degree.
/// </summary>
public readonly record struct PolynomialKernel
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

    /// <summary>The length of the rows (sqrt(gamma) x, sqrt(constant)): one more than that of x where there is a constant.</summary>
    internal int Homogeneous(int inputDimension) => checked(inputDimension + (Constant > 0 ? 1 : 0));

    /// <summary>The homogeneous kernel of a degree.</summary>
    public static implicit operator PolynomialKernel(int degree) => new(degree);

    /// <summary>The kernel's value for an inner product.</summary>
    public double Evaluate(double inner) => Math.Pow((Gamma * inner) + Constant, Degree);

    /// <summary>The exact kernel matrix of the rows of x and of y: m x n. 2 m n d flops.</summary>
    /// <param name="x">m x d.</param>
    /// <param name="y">n x d.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The widths differ.</exception>
    public Tensor<T> Gram<T>(in ReadOnlyMatrixView<T> x, in ReadOnlyMatrixView<T> y, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        Defined();
        Tensor<T> gram = LinearAlgebra.MatMul(x, y.Transpose, backend);
        Span<T> values = LinearAlgebra.Elements(gram);
        T gamma = T.CreateTruncating(Gamma), constant = T.CreateTruncating(Constant);
        for (int i = 0; i < values.Length; i++)
        {
            T inner = (gamma * values[i]) + constant, power = inner;
            for (int k = 1; k < Degree; k++)
            {
                power *= inner;
            }

            values[i] = power;
        }

        return gram;
    }

    /// <summary>Refuses the default value, which has degree 0.</summary>
    internal void Defined()
    {
        if (Degree < 1)
        {
            throw new ArgumentException("The polynomial kernel has degree 0: make it with its constructor.");
        }
    }
}
