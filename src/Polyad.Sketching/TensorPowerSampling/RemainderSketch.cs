using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Sketches of all powers of the rows but the highest: what stands for the coordinates that are not drawn yet. Long rows are first projected, once for all factors, by a sparse sign matrix; its time is that of the entries,
/// and all that depends on q works on the short rows. The factors' projections are so correlated, as in Woodruff and Zandieh 2022: only their common part sees the data.
/// </summary>
internal sealed class RemainderSketch
{
    private const int ShortRow = 1024;
    private const int NonZeros = 4;

    private readonly Tensor<double>? _powers;
    private readonly PolySketch<double>? _sketch;
    private readonly int _rows;
    private readonly int _degree;

    public RemainderSketch(PowerRows rows, int dimension, ulong seed, ILinearAlgebraBackend? backend)
    {
        (_rows, _degree) = (rows.Rows, rows.Degree);
        if (_degree == 1)
        {
            return;
        }

        CsrMatrix<double> data = rows.Dimension <= ShortRow
            ? new CsrMatrix<double>(rows.Rows, rows.Dimension, rows.Pointers, rows.Columns, rows.Values)
            : Project(rows, seed);
        _sketch = new PolySketch<double>(data.Columns, _degree - 1, dimension, SketchStream.Seed(seed, 1));
        _powers = _sketch.Apply(data, backend);
    }

    /// <summary>
    /// n x k numbers whose entry (j, c) is a random combination of the sketch of x_j^(degree): the mean over c of products of two rows' numbers estimates (x_i.x_j)^degree. All ones for degree 0.
    /// </summary>
    public Tensor<double> Combine(int degree, int count, ulong seed, ILinearAlgebraBackend? backend)
    {
        if (degree == 0)
        {
            Tensor<double> ones = Tensor.CreateFromShape<double>([_rows, count]);
            ones.Fill(1);
            return ones;
        }

        Range columns = _sketch!.DegreeColumns(degree);
        (int first, int width) = columns.GetOffsetAndLength(_sketch.OutputDimension);
        Tensor<double> weights = SketchStream.Of(seed, StreamRole.Weight, degree).Normal<double>(width, count);
        return LinearAlgebra.MatMul(_powers!.AsReadOnlyMatrix().Slice(0, first, _rows, width), weights.AsReadOnlyMatrix(), backend);
    }

    private static CsrMatrix<double> Project(PowerRows rows, ulong seed)
    {
        int block = ShortRow / NonZeros;
        int[][] places = new int[NonZeros][];
        double[][] signs = new double[NonZeros][];
        for (int b = 0; b < NonZeros; b++)
        {
            (places[b], signs[b]) = (new int[rows.Dimension], new double[rows.Dimension]);
            SketchStream.Of(seed, StreamRole.Leaf, b).Integers(places[b], block);
            SketchStream.Of(seed, StreamRole.LeafSign, b).Signs(signs[b].AsSpan());
        }

        double scale = 1 / Math.Sqrt(NonZeros);
        int[] pointers = new int[rows.Rows + 1];
        List<int> columns = [];
        List<double> values = [];
        double[] sum = new double[ShortRow];
        for (int j = 0; j < rows.Rows; j++)
        {
            Array.Clear(sum);
            for (int p = rows.Pointers[j]; p < rows.Pointers[j + 1]; p++)
            {
                int i = rows.Columns[p];
                double value = scale * rows.Values[p];
                for (int b = 0; b < NonZeros; b++)
                {
                    sum[(b * block) + places[b][i]] += signs[b][i] * value;
                }
            }

            for (int c = 0; c < ShortRow; c++)
            {
                if (sum[c] != 0)
                {
                    columns.Add(c);
                    values.Add(sum[c]);
                }
            }

            pointers[j + 1] = columns.Count;
        }

        return new CsrMatrix<double>(rows.Rows, ShortRow, pointers, [.. columns], [.. values]);
    }
}
