using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Sketches of all powers of the rows but the highest: what stands for the coordinates that are not drawn yet. Long rows are first projected, once for all factors, by a sparse sign matrix; its time is that of the entries,
/// and all that depends on q works on the short rows. The factors' projections are so correlated, as in Woodruff and Zandieh 2022: only their common part sees the data.
/// </summary>
internal sealed unsafe class RemainderSketch : IDisposable
{
    private const int ShortRow = 1024;
    private const int NonZeros = 4;
    private const int BatchRows = 512;

    private Scratch<double> _powers;
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
        _powers = Workspace.Rent<double>(_rows * (nint)_sketch.OutputDimension);
        try
        {
            MatrixView<double> powers = new(_powers.Span, _rows, _sketch.OutputDimension);
            if (rows.Dimension <= ShortRow)
            {
                _sketch.Apply(rows.ByRow, powers, backend);
            }
            else
            {
                ApplyShort(_sketch, rows, powers, seed, backend);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
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
        ReadOnlyMatrixView<double> powers = new(_powers.Span, _rows, _sketch.OutputDimension);
        return LinearAlgebra.MatMul(powers.Slice(0, first, _rows, width), weights.AsReadOnlyMatrix(), backend);
    }

    public void Dispose() => _powers.Dispose();

    /// <summary>The sketches of projected rows, which are dense: a batch at a time.</summary>
    private static void ApplyShort(PolySketch<double> sketch, PowerRows rows, in MatrixView<double> powers, ulong seed, ILinearAlgebraBackend? backend)
    {
        // Coordinate i goes to one place of each of the blocks.
        int numbers = checked(rows.Dimension * NonZeros);
        using Scratch<int> placeRoom = Workspace.Rent<int>(numbers);
        using Scratch<double> signRoom = Workspace.Rent<double>(numbers), batchRoom = Workspace.Rent<double>(Math.Min(rows.Rows, BatchRows) * ShortRow);
        int* places = placeRoom.Pointer;
        double* signs = signRoom.Pointer, batch = batchRoom.Pointer;
        SketchStream.Of(seed, StreamRole.Leaf, 0).Integers(placeRoom.Span, ShortRow / NonZeros);
        SketchStream.Of(seed, StreamRole.LeafSign, 0).Signs(signRoom.Span);
        TensorPrimitives.Multiply(signRoom.Span, 1 / Math.Sqrt(NonZeros), signRoom.Span);
        for (int first = 0; first < rows.Rows; first += BatchRows)
        {
            int start = first, count = Math.Min(BatchRows, rows.Rows - first);
            batchRoom.Clear();
            WorkTeam.Run(count, Parallelism.Current.ThreadsForFlops(2.0 * NonZeros * rows.ByRow.NonZeros * count / rows.Rows), r =>
            {
                ReadOnlySpan<int> pointers = rows.ByRow.RowPointers, columns = rows.ByRow.ColumnIndices;
                ReadOnlySpan<double> values = rows.ByRow.Values;
                double* sum = batch + (r * ShortRow);
                for (int p = pointers[start + r]; p < pointers[start + r + 1]; p++)
                {
                    int at = columns[p] * NonZeros;
                    for (int b = 0; b < NonZeros; b++)
                    {
                        sum[(b * (ShortRow / NonZeros)) + places[at + b]] += signs[at + b] * values[p];
                    }
                }
            });
            sketch.Apply(new ReadOnlyMatrixView<double>(batchRoom.Span, count, ShortRow), powers.Slice(first, 0, count, sketch.OutputDimension), backend);
        }
    }
}
