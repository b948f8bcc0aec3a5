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
    private const int BatchRows = 512;

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

        _sketch = new PolySketch<double>(Math.Min(rows.Dimension, ShortRow), _degree - 1, dimension, SketchStream.Seed(seed, 1));
        _powers = rows.Dimension <= ShortRow ? _sketch.Apply(rows.ByRow, backend) : ApplyShort(_sketch, rows, seed, backend);
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

    /// <summary>The sketches of projected rows, which are dense: a batch at a time.</summary>
    private static Tensor<double> ApplyShort(PolySketch<double> sketch, PowerRows rows, ulong seed, ILinearAlgebraBackend? backend)
    {
        // Coordinate i goes to one place of each of the blocks.
        int[] places = new int[checked(rows.Dimension * NonZeros)];
        double[] signs = new double[places.Length];
        SketchStream.Of(seed, StreamRole.Leaf, 0).Integers(places, ShortRow / NonZeros);
        SketchStream.Of(seed, StreamRole.LeafSign, 0).Signs(signs.AsSpan());
        TensorPrimitives.Multiply(signs, 1 / Math.Sqrt(NonZeros), signs);
        Tensor<double> powers = Tensor.CreateFromShapeUninitialized<double>([rows.Rows, sketch.OutputDimension]);
        double[] batch = new double[Math.Min(rows.Rows, BatchRows) * ShortRow];
        for (int first = 0; first < rows.Rows; first += BatchRows)
        {
            int start = first, count = Math.Min(BatchRows, rows.Rows - first);
            Array.Clear(batch);
            WorkTeam.Run(count, Parallelism.Current.ThreadsForFlops(2.0 * NonZeros * rows.ByRow.NonZeros * count / rows.Rows), r =>
            {
                ReadOnlySpan<int> pointers = rows.ByRow.RowPointers, columns = rows.ByRow.ColumnIndices;
                ReadOnlySpan<double> values = rows.ByRow.Values;
                Span<double> sum = batch.AsSpan(r * ShortRow, ShortRow);
                for (int p = pointers[start + r]; p < pointers[start + r + 1]; p++)
                {
                    int at = columns[p] * NonZeros;
                    for (int b = 0; b < NonZeros; b++)
                    {
                        sum[(b * (ShortRow / NonZeros)) + places[at + b]] += signs[at + b] * values[p];
                    }
                }
            });
            sketch.Apply(new ReadOnlyMatrixView<double>(batch, count, ShortRow), powers.AsMatrix().Slice(first, 0, count, sketch.OutputDimension), backend);
        }

        return powers;
    }
}
