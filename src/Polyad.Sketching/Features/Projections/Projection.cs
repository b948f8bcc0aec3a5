using System.Numerics;

namespace Polyad.Sketching;

/// <summary>The product of rows with m random vectors. Never changes.</summary>
internal abstract class Projection<T>(int columns, int count)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>d.</summary>
    public int Columns { get; } = columns;

    /// <summary>m.</summary>
    public int Count { get; } = count;

    /// <summary>Fills x_i'w_j: n x m.</summary>
    public abstract void Apply(in FeatureRows<T> x, in MatrixView<T> products, ILinearAlgebraBackend backend);

    /// <summary>Writes the arrays.</summary>
    public abstract void Write(FeatureMapWriter writer);
}

/// <summary>Drawing and reading of projections.</summary>
internal static class Projections
{
    /// <summary>Draws m frequencies of a kernel.</summary>
    public static Projection<T> Draw<T>(ShiftInvariantKernel kernel, ProjectionSampling sampling, int columns, int count, in FitContext context)
        where T : unmanaged, INumberBase<T>
    {
        if (sampling == ProjectionSampling.Independent)
        {
            return DenseProjection<T>.Independent(kernel, columns, count, context);
        }

        if (kernel is not IsotropicKernel isotropic)
        {
            throw new ArgumentException($"The frequencies of {kernel} have no uniform directions: only ProjectionSampling.Independent draws them, not {sampling}.", nameof(kernel));
        }

        // Fast transforms work on rows padded to a power of two.
        bool padded = sampling != ProjectionSampling.Orthogonal;
        double[] lengths = new double[count];
        isotropic.DrawLengths(columns, padded ? StructuredRows.Padded(columns) : columns, lengths, context);
        return sampling switch
        {
            ProjectionSampling.Orthogonal => DenseProjection<T>.Orthogonal(columns, lengths, context),
            ProjectionSampling.StructuredOrthogonal => HadamardProjection<T>.Draw(columns, lengths, context),
            _ => FastfoodProjection<T>.Draw(columns, lengths, context),
        };
    }

    /// <summary>Reads what <see cref="Projection{T}.Write"/> wrote.</summary>
    public static Projection<T> Read<T>(FeatureMapReader reader, ProjectionSampling sampling, int columns, int count)
        where T : unmanaged, INumberBase<T>
        => sampling switch
        {
            ProjectionSampling.StructuredOrthogonal => HadamardProjection<T>.Read(reader, columns, count),
            ProjectionSampling.Fastfood => FastfoodProjection<T>.Read(reader, columns, count),
            _ => DenseProjection<T>.Read(reader, columns, count),
        };
}
