using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// What stands for the coordinates that are not drawn yet: for each power of the rows but the highest, a few random combinations of its sketch, the same at all stages. Long rows are first projected, once for all factors, by a
/// sparse sign matrix; its time is that of the entries, and all that depends on q works on the short rows. The factors' projections are so correlated, as in Woodruff and Zandieh 2022: only their common part sees the data.
/// Single precision is enough, as for <see cref="ProbeLanes"/>.
/// </summary>
internal sealed unsafe class RemainderSketch : IDisposable
{
    private const int NonZeros = 4;
    private const int Block = 256;
    private const int ShortRow = NonZeros * Block;
    private const int BatchRows = 128;

    private readonly int _rows;
    private readonly int _lanes;
    private readonly LaneBuffer _combined;

    /// <param name="rows">The rows.</param>
    /// <param name="dimension">Features of the sketch of a power.</param>
    /// <param name="count">k, how many combinations.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    public RemainderSketch(PowerRows rows, int dimension, int count, ulong seed, ILinearAlgebraBackend? backend)
    {
        (_rows, _lanes) = (rows.Rows, ProbeLanes.Padded(count));
        _combined = new LaneBuffer(rows.Degree * (nint)_rows * _lanes);
        try
        {
            _combined.Slice(0, _rows * _lanes).Fill(1);
            if (rows.Degree > 1)
            {
                Combine(rows, dimension, count, seed, backend ?? Backend.Current);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// Lanes of a row whose entry c is a random combination of the sketch of x_j^(degree): the mean over c of products of two rows' numbers estimates (x_i.x_j)^degree. All ones for degree 0.
    /// </summary>
    public ReadOnlySpan<float> Lanes(int degree, int row) => _combined.Slice(((degree * (nint)_rows) + row) * _lanes, _lanes);

    public void Dispose() => _combined.Dispose();

    private void Combine(PowerRows rows, int dimension, int count, ulong seed, ILinearAlgebraBackend engine)
    {
        int width = Math.Min(rows.Dimension, ShortRow), top = rows.Degree - 1;

        // The transforms of long leaves would lead the time: a factor is hashed to the length of a node first.
        TreeOptions tree = new(LeafNonZeros: width > 2 * dimension ? 1 : 0);
        PolySketch<float> sketch = new(width, top, dimension, SketchStream.Seed(seed, 1), tree);
        Tensor<float>[] weights = [.. Enumerable.Range(1, top).Select(degree => SketchStream.Of(seed, StreamRole.Weight, degree).Normal<float>(dimension, count))];
        using Scratch<ulong> words = Workspace.Rent<ulong>(rows.Dimension);
        SketchStream.Of(seed, StreamRole.Leaf, 0).Words(words.Span);
        using Scratch<float> batch = Workspace.Rent<float>(Math.Min(_rows, BatchRows) * width), room = Workspace.Rent<float>(Math.Min(_rows, BatchRows) * (nint)sketch.OutputDimension);
        for (int first = 0; first < _rows; first += BatchRows)
        {
            int size = Math.Min(BatchRows, _rows - first);
            Shorten(rows, first, size, width, words.Pointer, batch.Pointer);
            MatrixView<float> powers = new(room.Span, size, sketch.OutputDimension);
            sketch.Apply(new ReadOnlyMatrixView<float>(batch.Span, size, width), powers, engine);
            ReadOnlyMatrixView<float> sketched = powers;
            for (int degree = 1; degree <= top; degree++)
            {
                Span<float> lanes = _combined.Slice(((degree * (nint)_rows) + first) * _lanes, size * _lanes);
                lanes.Clear();
                engine.MatMul(1, sketched.Slice(0, sketch.DegreeColumns(degree).Start.Value, size, dimension), weights[degree - 1].AsReadOnlyMatrix(), 0, new MatrixView<float>(lanes, size, _lanes).Slice(0, 0, size, count));
            }
        }
    }

    /// <summary>Dense rows of at most <see cref="ShortRow"/> numbers: the rows themselves, or their projections.</summary>
    private static void Shorten(PowerRows rows, int first, int count, int width, ulong* words, float* batch)
    {
        new Span<float>(batch, count * width).Clear();
        WorkTeam.Run(count, Parallelism.Current.ThreadsForFlops(2.0 * NonZeros * rows.NonZeros * count / rows.Rows), r =>
        {
            SparseLine line = rows.Row(first + r);
            ReadOnlySpan<int> columns = line.Places;
            ReadOnlySpan<double> values = line.Values;
            float* row = batch + (r * width);
            for (int p = 0; p < columns.Length; p++)
            {
                if (rows.Dimension <= ShortRow)
                {
                    row[columns[p]] = (float)values[p];
                    continue;
                }

                // A coordinate goes to one place of each block, of 16 bits of its word: 8 for the place, one for the sign.
                float value = (float)(values[p] * 0.5);
                ulong word = words[columns[p]];
                for (int b = 0; b < NonZeros; b++)
                {
                    uint field = (uint)(word >> (16 * b));
                    row[(b * Block) + (int)(field % Block)] += BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) ^ ((field & Block) << 23));
                }
            }
        });
    }
}
