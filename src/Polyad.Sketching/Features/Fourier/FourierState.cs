using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>A projection whose products are angles: pairs of cosine and sine, or cosines with offsets.</summary>
internal sealed class FourierState<T>(Projection<T> projection, T[]? offsets)
    : FeatureState<T>(projection.Columns, checked(offsets is null ? 2 * projection.Count : projection.Count))
    where T : unmanaged, INumberBase<T>
{
    /// <summary>What an element costs, in nanoseconds.</summary>
    private const double Cost = 0.9;

    public Projection<T> Projection => projection;

    public T[]? Offsets => offsets;

    /// <summary>Offsets uniform in [0, 2 pi); offset i depends on seed and i alone.</summary>
    public static T[] DrawOffsets(int count, in FitContext context)
    {
        T[] offsets = new T[count];
        context.Draws(DrawStream.Offsets).Uniform<T>(offsets);
        TensorPrimitives.Multiply<T>(offsets, T.CreateChecked(2 * Math.PI), offsets);
        return offsets;
    }

    public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
    {
        int count = projection.Count;
        T scale = T.CreateChecked(Math.Sqrt(2.0 / OutputDimension));
        MatrixView<T> angles = features.Slice(0, 0, x.Rows, count);
        projection.Apply(x, angles, backend);
        if (offsets is null)
        {
            FeatureMatrix.ForEachRow(features, Cost / 2, (_, row) => SineCosine.Pairs<T>(row[..count], row[..count], row[count..], scale));
        }
        else
        {
            FeatureMatrix.ForEachRow(angles, Cost, (_, row) => SineCosine.Cosines<T>(row, offsets, scale));
        }
    }

    public void Write(FeatureMapWriter writer)
    {
        projection.Write(writer);
        if (offsets is not null)
        {
            writer.Add<T>("offsets", offsets);
        }
    }
}
