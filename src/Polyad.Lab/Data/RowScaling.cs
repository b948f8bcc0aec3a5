using System.Numerics.Tensors;

namespace Polyad.Lab;

/// <summary>What experiments do to rows first; the data sets stay as they are.</summary>
internal static class RowScaling
{
    /// <summary>The first rows, each divided by its length.</summary>
    public static Tensor<double> UnitRows(this LabRows data, int rows)
    {
        Tensor<double> unit = First(data, rows);
        MatrixView<double> view = unit.AsMatrix();
        for (int i = 0; i < view.Rows; i++)
        {
            double norm = 0;
            for (int j = 0; j < view.Columns; j++)
            {
                norm += view[i, j] * view[i, j];
            }

            norm = norm > 0 ? Math.Sqrt(norm) : 1;
            for (int j = 0; j < view.Columns; j++)
            {
                view[i, j] /= norm;
            }
        }

        return unit;
    }

    /// <summary>A copy of the first rows; of all where there are fewer.</summary>
    public static Tensor<double> First(this LabRows data, int rows)
    {
        ReadOnlyMatrixView<double> all = data.Features.AsReadOnlyMatrix();
        return all.Slice(0, 0, Math.Min(rows, all.Rows), all.Columns).ToTensor();
    }
}
