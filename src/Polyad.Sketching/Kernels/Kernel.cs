using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace Polyad.Sketching;

/// <summary>
/// A kernel function k(x, y) of two rows, evaluated exactly for all pairs: what feature maps approximate, what <see cref="Nystroem{T}"/> samples, and what tests compare with.
/// Kernels of inner products and distances are matrix products on the engine; the others are vector loops over pairs.
/// </summary>
public abstract record Kernel
{
    /// <summary>Whether k(x + c, y + c) = k(x, y): then rows are centred first where that saves digits.</summary>
    public virtual bool IsTranslationInvariant => false;

    /// <summary>K[i, j] = k(x_i, x_j), symmetric to the bit.</summary>
    /// <param name="x">n x d, finite.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <returns>n x n.</returns>
    /// <exception cref="ArgumentException">A parameter is out of range, or the rows are empty or outside the kernel's domain.</exception>
    /// <exception cref="NonFiniteInputException">The rows hold NaN or infinity.</exception>
    /// <exception cref="OverflowException">A value leaves the range of <typeparamref name="T"/>.</exception>
    public Tensor<T> Matrix<T>(Tensor<T> x, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => Matrix((FeatureRows<T>)x, backend);

    /// <inheritdoc cref="Matrix{T}(Tensor{T}, ILinearAlgebraBackend)"/>
    public Tensor<T> Matrix<T>(in FeatureRows<T> x, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        x.Check(nameof(x));
        Tensor<T> k = FreshMemory.Uninitialized<T>([x.Rows, x.Rows]);
        new PreparedKernel<T>(this, x).Symmetric(k.AsMatrix(), backend ?? Backend.Current);
        return k;
    }

    /// <summary>K[i, j] = k(x_i, y_j).</summary>
    /// <param name="x">n x d, finite.</param>
    /// <param name="y">m x d, finite.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <returns>n x m.</returns>
    /// <inheritdoc cref="Matrix{T}(Tensor{T}, ILinearAlgebraBackend)"/>
    public Tensor<T> Matrix<T>(Tensor<T> x, Tensor<T> y, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
        => Matrix((FeatureRows<T>)x, (FeatureRows<T>)y, backend);

    /// <inheritdoc cref="Matrix{T}(Tensor{T}, Tensor{T}, ILinearAlgebraBackend)"/>
    public Tensor<T> Matrix<T>(in FeatureRows<T> x, in FeatureRows<T> y, ILinearAlgebraBackend? backend = null)
        where T : unmanaged, INumberBase<T>
    {
        x.Check(nameof(x));
        y.Check(nameof(y));
        if (x.Columns != y.Columns)
        {
            throw new ArgumentException($"A kernel takes rows of one length; given {x.Rows} x {x.Columns} and {y.Rows} x {y.Columns}.", nameof(y));
        }

        Tensor<T> k = FreshMemory.Uninitialized<T>([x.Rows, y.Rows]);
        new PreparedKernel<T>(this, y).Fill(x, k.AsMatrix(), backend ?? Backend.Current);
        return k;
    }

    /// <summary>k(x_i, x_i).</summary>
    /// <param name="x">n x d, finite.</param>
    /// <returns>n values.</returns>
    /// <inheritdoc cref="Matrix{T}(Tensor{T}, ILinearAlgebraBackend)"/>
    public T[] Diagonal<T>(in FeatureRows<T> x)
        where T : unmanaged, INumberBase<T>
    {
        x.Check(nameof(x));
        Check(x, nameof(x));
        T[] diagonal = new T[x.Rows];
        FillDiagonal(x, diagonal);
        return diagonal;
    }

    /// <summary>The value at two rows, in double precision: the definition.</summary>
    /// <param name="x">d numbers in the kernel's domain.</param>
    /// <param name="y">d numbers in the kernel's domain.</param>
    public double Value(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Tensor<double> k = Matrix(new FeatureRows<double>(new ReadOnlyMatrixView<double>(x, 1, x.Length)), new FeatureRows<double>(new ReadOnlyMatrixView<double>(y, 1, y.Length)));
        return k[0, 0];
    }

    /// <summary>Refuses parameters out of range, and rows outside the domain (negative ones for histogram kernels).</summary>
    /// <param name="x">Finite rows.</param>
    /// <param name="name">The argument to blame.</param>
    protected internal virtual void Check<T>(in FeatureRows<T> x, string name)
        where T : unmanaged, INumberBase<T>
    {
    }

    /// <summary>Fills k(x_i, y_j) for a batch of checked rows.</summary>
    /// <param name="x">n x d, dense or sparse.</param>
    /// <param name="y">m x d, dense.</param>
    /// <param name="k">n x m, of any strides; not cleared.</param>
    /// <param name="backend">The engine.</param>
    protected internal abstract void Fill<T>(in FeatureRows<T> x, in ReadOnlyMatrixView<T> y, in MatrixView<T> k, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Fills k(x_i, x_i) for checked rows.</summary>
    protected internal abstract void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal)
        where T : unmanaged, INumberBase<T>;

    /// <summary>Prints a kernel's parameters and nothing else.</summary>
    protected virtual bool PrintMembers(StringBuilder builder) => false;

    /// <summary>Writes kind and parameters.</summary>
    /// <exception cref="NotSupportedException">The kernel is code of the user.</exception>
    protected internal virtual void Write(FeatureMapWriter writer) => throw new NotSupportedException($"{GetType().Name} has no file form.");
}
