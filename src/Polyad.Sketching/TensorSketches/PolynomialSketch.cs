using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// A random linear map S of tensors of p factors to D numbers, applied without forming the tensor: to p-th powers of rows (<see cref="RowSketch{T}.Apply(in FeatureRows{T}, ILinearAlgebraBackend?)"/>), whose
/// features estimate a polynomial kernel, and to products of different vectors (<see cref="ApplyProduct"/>), whose features estimate the product of the inner products. Estimates are unbiased;
/// <see cref="VarianceModel"/> tells how far they spread.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract unsafe class PolynomialSketch<T> : RowSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private protected PolynomialSketch(SketchFamily family, int inputDimension, in PolynomialKernel kernel, int outputDimension, ulong seed)
        : base(inputDimension, outputDimension, seed)
    {
        kernel.Defined();
        family.CheckDimension(outputDimension);
        (Family, Kernel) = (family, kernel);
    }

    /// <summary>The kind of sketch, which with kernel, dimensions and seed makes this one.</summary>
    public SketchFamily Family { get; }

    /// <summary>The kernel that the features estimate.</summary>
    public PolynomialKernel Kernel { get; }

    /// <summary>p, the number of factors.</summary>
    public int Degree => Kernel.Degree;

    /// <summary>
    /// Whether the features are D/2 complex numbers: D/2 real parts, then D/2 imaginary parts. The real inner product of two such rows is the real part of the complex one (complex-to-real sketch,
    /// Wacker, Ohana, Filippone 2022), of lower variance than D features of a real sketch.
    /// </summary>
    public bool IsComplex => Family.IsComplex;

    /// <summary>The complex features of n rows: n x D/2. The kernel is the mean of z(x) conj(z(y)).</summary>
    /// <param name="rows">n x d, finite.</param>
    /// <param name="backend">The engine of matrix products; null for the current one.</param>
    /// <exception cref="InvalidOperationException">The sketch is real.</exception>
    /// <inheritdoc cref="RowSketch{T}.Apply(in FeatureRows{T}, ILinearAlgebraBackend?)" path="/exception"/>
    public Tensor<Complex> ApplyComplex(in FeatureRows<T> rows, ILinearAlgebraBackend? backend = null)
    {
        if (!IsComplex)
        {
            throw new InvalidOperationException($"{Family.Name} has real features; complex ones come from a complex sketch.");
        }

        Tensor<T> parts = Apply(rows, backend);
        int half = OutputDimension / 2;
        Tensor<Complex> features = FreshMemory.Uninitialized<Complex>([rows.Rows, half]);
        Span<Complex> target = LinearAlgebra.Elements(features);
        Span<T> source = LinearAlgebra.Elements(parts);
        for (int i = 0; i < rows.Rows; i++)
        {
            Span<T> line = source.Slice(i * OutputDimension, OutputDimension);
            for (int t = 0; t < half; t++)
            {
                target[(i * half) + t] = new Complex(double.CreateTruncating(line[t]), double.CreateTruncating(line[half + t]));
            }
        }

        return features;
    }

    /// <summary>Sketches x1_i (x) x2_i (x) ... (x) xp_i for every row i: n x D. Each factor is taken as (sqrt(gamma) x, sqrt(constant)).</summary>
    /// <param name="factors">p matrices of n x d, finite.</param>
    /// <param name="backend">The engine of matrix products; null for the current one.</param>
    /// <exception cref="ArgumentException">There are not p matrices of one shape with d columns.</exception>
    /// <exception cref="NonFiniteInputException">A factor holds NaN or infinity.</exception>
    /// <exception cref="OverflowException">A feature is too large for the element type.</exception>
    public Tensor<T> ApplyProduct(ReadOnlySpan<Tensor<T>> factors, ILinearAlgebraBackend? backend = null)
    {
        if (factors.Length != Degree)
        {
            throw new ArgumentException($"A product of degree {Degree} has {Degree} factors; given {factors.Length}.", nameof(factors));
        }

        Tensor<T>[] dense = factors.ToArray();
        for (int k = 0; k < dense.Length; k++)
        {
            new FeatureRows<T>(dense[k].AsReadOnlyMatrix()).Check(nameof(factors));
            CheckShape((int)dense[k].Lengths[0], (int)dense[k].Lengths[1]);
            if (dense[k].Lengths[0] != dense[0].Lengths[0])
            {
                throw new ArgumentException($"The factors have {dense[0].Lengths[0]} and {dense[k].Lengths[0]} rows.", nameof(factors));
            }
        }

        Tensor<T> features = FreshMemory.Uninitialized<T>([dense[0].Lengths[0], OutputDimension]);
        ProductOf(dense, new RowSource<T>[Degree], 0, features, backend ?? Backend.Current);
        return features;
    }

    internal sealed override void Fill(RowSource<T> rows, MatrixBlock<T> features, ILinearAlgebraBackend backend)
        => FillProduct(new HomogeneousRows<T>([rows], Kernel), features, backend);

    /// <summary>Fills the features of checked factors.</summary>
    internal abstract void FillProduct(HomogeneousRows<T> rows, MatrixBlock<T> features, ILinearAlgebraBackend backend);

    /// <summary>Pins the factors one after the other, then fills.</summary>
    private void ProductOf(Tensor<T>[] factors, RowSource<T>[] sources, int next, Tensor<T> features, ILinearAlgebraBackend backend)
    {
        if (next == factors.Length)
        {
            MatrixView<T> target = features.AsMatrix();
            fixed (T* origin = target)
            {
                FillProduct(new HomogeneousRows<T>(sources, Kernel), Managed.Pinned.Block(target, origin), backend);
            }

            return;
        }

        ReadOnlyMatrixView<T> view = factors[next].AsReadOnlyMatrix();
        fixed (T* origin = view)
        {
            sources[next] = new RowSource<T>(Managed.Pinned.Block(view, origin));
            ProductOf(factors, sources, next + 1, features, backend);
        }
    }
}
