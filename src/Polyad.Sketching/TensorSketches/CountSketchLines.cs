using System.Numerics;

namespace Polyad.Sketching;

/// <summary>The count sketch of a batch of rows in lines.</summary>
internal static unsafe class CountSketchLines
{
    /// <summary>y_place(j) += s_j x_j for all coordinates, ascending, of dense and of sparse rows alike.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="size">Lines of y.</param>
    /// <param name="places">The line of each coordinate.</param>
    /// <param name="signs">The sign, or weight, of each coordinate.</param>
    /// <param name="y">Overwritten.</param>
    public static void Fill<T>(HomogeneousRows<T> rows, int factor, int first, int count, int size, int* places, T* signs, T* y)
        where T : unmanaged, INumberBase<T>
    {
        int lanes = LaneSketch<T>.Lanes;
        new Span<T>(y, checked(size * lanes)).Clear();
        ref readonly RowSource<T> source = ref rows[factor];
        if (!source.IsSparse)
        {
            using Scratch<T> staged = Workspace.Rent<T>((nint)rows.Dimension * lanes);
            rows.CopyLanes(factor, first, count, staged.Pointer, lanes);
            LineKernels.Scatter(rows.Dimension, places, signs, staged.Pointer, y);
            return;
        }

        int last = rows.Dimension - 1;
        for (int r = 0; r < count; r++)
        {
            source.Row(first + r, out int entries, out int* columns, out T* values);
            for (int p = 0; p < entries; p++)
            {
                int j = columns[p];
                y[((nint)places[j] * lanes) + r] += signs[j] * (rows.Scale * values[p]);
            }

            if (rows.HasConstant)
            {
                y[((nint)places[last] * lanes) + r] += signs[last] * rows.Constant;
            }
        }
    }
}
