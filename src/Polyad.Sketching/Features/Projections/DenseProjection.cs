using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>A projection by a stored d x m matrix: one matrix product.</summary>
internal sealed class DenseProjection<T> : Projection<T>
    where T : unmanaged, INumberBase<T>
{
    public DenseProjection(Tensor<T> weights)
        : base((int)weights.Lengths[0], (int)weights.Lengths[1])
        => Weights = weights;

    /// <summary>d x m.</summary>
    public Tensor<T> Weights { get; }

    /// <summary>Independent frequencies: column j depends on seed and j alone, so that more of them keep the earlier ones.</summary>
    public static DenseProjection<T> Independent(ShiftInvariantKernel kernel, int columns, int count, in FitContext context)
    {
        Tensor<T> rows = FreshMemory.Uninitialized<T>([count, columns]), weights = FreshMemory.Uninitialized<T>([columns, count]);
        kernel.DrawFrequencies(rows.AsMatrix(), context);
        rows.AsReadOnlyMatrix().Transpose.CopyTo(weights.AsMatrix());
        return new DenseProjection<T>(weights);
    }

    /// <summary>Blocks of orthonormal columns, uniform among all (Q of a normal matrix, the diagonal of R being positive), times lengths.</summary>
    public static DenseProjection<T> Orthogonal(int columns, ReadOnlySpan<double> lengths, in FitContext context)
    {
        int count = lengths.Length;
        Tensor<T> weights = FreshMemory.Uninitialized<T>([columns, count]);
        MatrixView<T> target = weights.AsMatrix();
        for (int first = 0; first < count; first += columns)
        {
            context.Report(first, count);
            int width = Math.Min(columns, count - first);
            T[] normal = new T[columns * width];
            context.Draws(DrawStream.Weights).Normal<T>(normal, (ulong)first * (ulong)columns);

            // By columns, so that a narrower block has the first columns of a wider one.
            QrResult<T> qr = LinearAlgebra.Qr(ReadOnlyMatrixView<T>.FromColumnMajor(normal, columns, width), context.Backend);
            qr.Q.AsReadOnlyMatrix().CopyTo(target.Slice(0, first, columns, width));
        }

        T[] factors = new T[count];
        for (int j = 0; j < count; j++)
        {
            factors[j] = T.CreateSaturating(lengths[j]);
        }

        FeatureMatrix.ForEachRow(target, 0.2, (_, row) => TensorPrimitives.Multiply(row, factors, row));
        return new DenseProjection<T>(weights);
    }

    public static DenseProjection<T> Read(FeatureMapReader reader, int columns, int count) => new(reader.Array<T>("weights", columns, count));

    public override void Apply(in FeatureRows<T> x, in MatrixView<T> products, ILinearAlgebraBackend backend) => x.Multiply(Weights.AsReadOnlyMatrix(), products, backend);

    public override void Write(FeatureMapWriter writer) => writer.Add("weights", Weights);
}
