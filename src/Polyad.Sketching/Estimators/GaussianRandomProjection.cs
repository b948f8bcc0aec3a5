using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Rows times a matrix of independent normal entries of variance 1 / k, with the parameters of scikit-learn's GaussianRandomProjection: distances are kept as <see cref="JohnsonLindenstrauss"/> has it. The matrix is that
/// of <see cref="GaussianSketch{T}"/> with the seed of the fit.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GaussianRandomProjection<T> : FeatureMap<T, GaussianRandomProjection<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>k; null for the dimension that <see cref="Distortion"/> and the number of rows of the fit lead to.</summary>
    public int? NComponents { get; init; }

    /// <summary>eps, above 0 and below 1 (default 0.1).</summary>
    public double Distortion { get; init; } = 0.1;

    /// <summary>The matrix, k x d.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public Tensor<T> Components => Fitted.Components;

    private CentredProjection<T> Fitted => (CentredProjection<T>)State;

    /// <summary>The rows of least norm whose projection is given: y times the pseudo-inverse of the matrix, n x d. It is computed each time.</summary>
    /// <param name="y">n x k, finite.</param>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    /// <exception cref="ArgumentException">The rows have another length than k.</exception>
    public Tensor<T> InverseTransform(Tensor<T> y) => PseudoInverse.Rows(Fitted.Components, y, Backend ?? Polyad.Backend.Current);

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        int k = JohnsonLindenstrauss.Dimension(NComponents, x.Rows, x.Columns, Distortion);
        GaussianSketch<T> sketch = new(k, x.Columns, context.Seed);
        Tensor<T> components = sketch.ToDense();
        Span<T> elements = LinearAlgebra.Elements(components);
        TensorPrimitives.Multiply(elements, T.CreateTruncating(sketch.IsometryScale), elements);
        return new CentredProjection<T>(components);
    }

    /// <inheritdoc/>
    protected override FeatureState<T> PartialFitCore(FeatureState<T>? previous, in FeatureRows<T> x, in FitContext context) => previous ?? FitCore(x, context);

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.GaussianProjection);
        writer.Add("components", Fitted.Components);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        Tensor<T> components = reader.Array<T>("components", -1, -1);
        return new GaussianRandomProjection<T> { NComponents = (int)components.Lengths[0] }.Restore(new CentredProjection<T>(components));
    }
}
