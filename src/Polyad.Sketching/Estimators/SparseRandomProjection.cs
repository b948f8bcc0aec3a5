using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Rows times a matrix with independent entries of which few are not 0 (Achlioptas 2003; Li, Hastie, Church 2006), with the parameters of scikit-learn's SparseRandomProjection: entries are +-1 / sqrt(p k) with probability
/// p / 2 each. The matrix is that of <see cref="SparseSignSketch{T}"/> with the seed of the fit.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SparseRandomProjection<T> : FeatureMap<T, SparseRandomProjection<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>k; null for the dimension that <see cref="Distortion"/> and the number of rows of the fit lead to.</summary>
    public int? NComponents { get; init; }

    /// <summary>eps, above 0 and below 1 (default 0.1).</summary>
    public double Distortion { get; init; } = 0.1;

    /// <summary>p, above 0 and at most 1; null for 1 / sqrt(d).</summary>
    public double? Density { get; init; }

    /// <summary>The matrix, k x d.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public CsrMatrix<T> Components => Fitted.Components;

    /// <summary>p.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public double FittedDensity => Fitted.Sketch.Density;

    private SparseState Fitted => (SparseState)State;

    /// <summary>The rows of least norm whose projection is given: y times the pseudo-inverse of the matrix, n x d. It is computed each time.</summary>
    /// <param name="y">n x k, finite.</param>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    /// <exception cref="ArgumentException">The rows have another length than k.</exception>
    public Tensor<T> InverseTransform(Tensor<T> y) => PseudoInverse.Rows(Fitted.Components.ToDense(), y, Backend ?? Polyad.Backend.Current);

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        int k = JohnsonLindenstrauss.Dimension(NComponents, x.Rows, x.Columns, Distortion);
        return new SparseState(new(k, x.Columns, Density ?? 1 / Math.Sqrt(x.Columns), context.Seed));
    }

    /// <inheritdoc/>
    protected override FeatureState<T> PartialFitCore(FeatureState<T>? previous, in FeatureRows<T> x, in FitContext context) => previous ?? FitCore(x, context);

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.SparseProjection);
        writer.Set("components", Fitted.OutputDimension);
        writer.Set("columns", Fitted.InputDimension);
        writer.Set("density", Fitted.Sketch.Density);
        writer.Set("seed", Fitted.Sketch.State.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        int k = reader.WholeNumber("components", 1), d = reader.WholeNumber("columns", 1);
        double density = reader.Number("density", double.Epsilon, 1);
        return ulong.TryParse(reader.Text("seed"), System.Globalization.CultureInfo.InvariantCulture, out ulong seed)
            ? new SparseRandomProjection<T> { NComponents = k, Density = density }.Restore(new SparseState(new(k, d, density, seed)))
            : throw reader.Wrong("the seed is no number of 64 bits");
    }

    private sealed class SparseState : FeatureState<T>
    {
        private readonly CsrMatrix<T> _turned;

        public SparseState(SparseSignSketch<T> sketch)
            : base(sketch.Columns, sketch.Rows)
        {
            CsrMatrix<T> signs = sketch.ToSparse();
            T[] values = new T[signs.NonZeros];
            TensorPrimitives.Multiply(signs.Values, T.CreateTruncating(sketch.IsometryScale), values);
            Sketch = sketch;
            Components = new(signs.Rows, signs.Columns, signs.RowPointers, signs.ColumnIndices, values);
            _turned = Components.Transpose();
        }

        public SparseSignSketch<T> Sketch { get; }

        public CsrMatrix<T> Components { get; }

        public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
        {
            if (x.IsSparse)
            {
                x.Owned().Multiply(T.One, _turned, T.Zero, features);
            }
            else
            {
                _turned.TransposeMultiply(T.One, x.Dense.Transpose, T.Zero, features.Transpose);
            }
        }
    }
}
