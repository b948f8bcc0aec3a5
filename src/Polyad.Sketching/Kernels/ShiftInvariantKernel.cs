using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// A kernel of x - y with k(x, x) = 1: by Bochner's theorem the characteristic function of a distribution of frequencies, which <see cref="RandomFourierFeatures{T}"/> draws from.
/// </summary>
public abstract record ShiftInvariantKernel : Kernel
{
    /// <inheritdoc/>
    public sealed override bool IsTranslationInvariant => true;

    /// <summary>Draws independent frequencies.</summary>
    /// <param name="frequencies">m x d; row i receives a frequency that depends on seed and i alone.</param>
    /// <param name="context">The seed.</param>
    protected internal abstract void DrawFrequencies<T>(in MatrixView<T> frequencies, in FitContext context)
        where T : unmanaged, INumberBase<T>;

    /// <inheritdoc/>
    protected internal sealed override void FillDiagonal<T>(in FeatureRows<T> x, Span<T> diagonal) => diagonal.Fill(T.One);
}

/// <summary>
/// A kernel of |x - y| alone. The directions of its frequencies are uniform and independent of their lengths: they may be drawn orthogonal, or by fast transforms.
/// </summary>
public abstract record IsotropicKernel : ShiftInvariantKernel
{
    /// <inheritdoc/>
    protected internal sealed override void DrawFrequencies<T>(in MatrixView<T> frequencies, in FitContext context)
    {
        double[] lengths = new double[frequencies.Rows];
        DrawLengths(frequencies.Columns, frequencies.Columns, lengths, context);
        T[] row = new T[frequencies.Columns];
        for (int i = 0; i < frequencies.Rows; i++)
        {
            context.Draws(DrawStream.Weights).Normal<T>(row, (ulong)i * (ulong)row.Length);
            double length = Math.Sqrt(double.CreateChecked(TensorPrimitives.SumOfSquares<T>(row)));
            TensorPrimitives.Multiply(row, T.CreateSaturating(lengths[i] / length), row);
            new ReadOnlyMatrixView<T>(row, 1, row.Length).CopyTo(frequencies.Slice(i, 0, 1, row.Length));
        }
    }

    /// <summary>Draws the lengths of frequencies.</summary>
    /// <param name="columns">d, the length of the rows.</param>
    /// <param name="space">The dimension of the frequencies: d, or more where rows are padded with zeros.</param>
    /// <param name="lengths">Receives m lengths; length i depends on seed and i alone.</param>
    /// <param name="context">The seed; its streams from 2^33 on are the kernel's.</param>
    protected internal abstract void DrawLengths(int columns, int space, Span<double> lengths, in FitContext context);
}
