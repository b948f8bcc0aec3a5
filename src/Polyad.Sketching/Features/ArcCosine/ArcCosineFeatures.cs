using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Random features sqrt(2/D) step(w'x) (w'x)^n of the arc-cosine kernel of order n (Cho and Saul 2009), w standard normal: unbiased (but for
/// <see cref="ProjectionSampling.StructuredOrthogonal"/>). With independent w the variance is (2 k_2n - k_n^2) / D, k_2n the kernel of twice the order. Order 1 is a layer of random rectifiers.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ArcCosineFeatures<T> : FeatureMap<T, ArcCosineFeatures<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>n = 0, 1 or 2 (default 1).</summary>
    public int Order { get; init; } = 1;

    /// <summary>D, at least 1 (default 1024).</summary>
    public int Dimension { get; init; } = 1024;

    /// <summary>How the vectors w are drawn (default independent).</summary>
    public ProjectionSampling Sampling { get; init; }

    /// <inheritdoc/>
    public override bool IsDataOblivious => true;

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        Check();
        return new ArcCosineState(Projections.Draw<T>(new GaussianKernel(0.5), Sampling, x.Columns, Dimension, context), Order);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.ArcCosine);
        writer.Set("order", Order);
        writer.Set("dimension", Dimension);
        writer.Set("sampling", Sampling.ToString());
        writer.Set("columns", InputDimension);
        ((ArcCosineState)State).Projection.Write(writer);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        ArcCosineFeatures<T> map = new()
        {
            Order = reader.WholeNumber("order", 0, 2),
            Dimension = reader.WholeNumber("dimension", 1),
            Sampling = reader.Choice<ProjectionSampling>("sampling"),
        };
        return map.Restore(new ArcCosineState(Projections.Read<T>(reader, map.Sampling, reader.WholeNumber("columns", 1), map.Dimension), map.Order));
    }

    private void Check()
    {
        Hyperparameter.Between(Order, 0, 2);
        Hyperparameter.AtLeast(Dimension, 1);
        Hyperparameter.Defined(Sampling);
    }

    private sealed class ArcCosineState(Projection<T> projection, int order) : FeatureState<T>(projection.Columns, projection.Count)
    {
        public Projection<T> Projection => projection;

        public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
        {
            projection.Apply(x, features, backend);
            T scale = T.CreateChecked(Math.Sqrt(2.0 / OutputDimension));
            FeatureMatrix.ForEachRow(features, 0.3, (_, row) =>
            {
                if (order == 0)
                {
                    ElementMath.Step(row, scale);
                    return;
                }

                ElementMath.AtLeastZero(row);
                if (order == 2)
                {
                    TensorPrimitives.Multiply<T>(row, row, row);
                }

                TensorPrimitives.Multiply(row, scale, row);
            });
        }
    }
}
