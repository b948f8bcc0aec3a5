using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad;

public sealed unsafe partial class CsrMatrix<T>
{
    /// <summary>Bytes of the lines of C that one part of a scattering product keeps in the second-level cache.</summary>
    private const int ScatterBytes = 256 << 10;

    /// <summary>Rows of a strided operand that are brought into lines at a time.</summary>
    private const int TileRows = 128;

    /// <summary>C = A B for dense B. 2 entries n flops.</summary>
    /// <param name="b">columns x n.</param>
    /// <exception cref="ArgumentException">The rows of B differ from the columns of A.</exception>
    public Tensor<T> Multiply(in ReadOnlyMatrixView<T> b)
    {
        Tensor<T> product = Tensor.CreateFromShape<T>([Rows, b.Columns]);
        Multiply(T.One, b, T.Zero, product.AsMatrix());
        return product;
    }

    /// <summary>C = A^T B for dense B. 2 entries n flops.</summary>
    /// <param name="b">rows x n.</param>
    /// <exception cref="ArgumentException">The rows of B differ from those of A.</exception>
    public Tensor<T> TransposeMultiply(in ReadOnlyMatrixView<T> b)
    {
        Tensor<T> product = Tensor.CreateFromShape<T>([Columns, b.Columns]);
        TransposeMultiply(T.One, b, T.Zero, product.AsMatrix());
        return product;
    }

    /// <summary>
    /// C = alpha A B + beta C for dense B and C of any strides; each row of C is a sum of rows of B in the order of the entries. With beta = 0 C is not read, and alpha is multiplied in last.
    /// 2 entries n flops; threads share the rows of A, or the columns of a strided B.
    /// </summary>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="b">columns x n.</param>
    /// <param name="beta">Scale of what C holds.</param>
    /// <param name="c">rows x n.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or B and C overlap.</exception>
    public void Multiply(T alpha, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
    {
        CheckProduct(transposed: false, b, c);
        fixed (T* from = b, to = c, entries = _values)
        {
            MatrixBlock<T> source = Pinned.Block(b, from), target = Pinned.Block(c, to);
            if (Begin(beta, target) is not { } last)
            {
                return;
            }

            T* values = entries;
            T factor = last ? T.One : alpha;
            double flops = 2.0 * NonZeros * source.Columns;
            if (source.ColumnStride == 1 && target.ColumnStride == 1 && source.Columns > 1)
            {
                int parts = Math.Min(Rows, 256);
                WorkTeam.Run(parts, Parallelism.Current.ThreadsForFlops(flops), part =>
                {
                    (int first, int end) = WorkTeam.Range(Rows, parts, part, 1);
                    for (int i = first; i < end; i++)
                    {
                        for (int p = _pointers[i]; p < _pointers[i + 1]; p++)
                        {
                            VectorKernels.Axpy(source.Columns, factor * values[p], source.Data + (_columns[p] * source.RowStride), target.Data + (i * target.RowStride));
                        }
                    }
                });
            }
            else
            {
                // One column of B at a time, its rows in parts when there are few columns.
                int rowParts = source.Columns >= 64 ? 1 : Math.Min(Rows, 64);
                WorkTeam.Run(source.Columns * rowParts, Parallelism.Current.ThreadsForFlops(flops), part =>
                {
                    (int first, int end) = WorkTeam.Range(Rows, rowParts, part % rowParts, 1);
                    Gather(factor, values, source.Data + (part / rowParts * source.ColumnStride), source.RowStride, target.Data + (part / rowParts * target.ColumnStride), target.RowStride, first, end);
                });
            }

            if (last)
            {
                BlockScale.Run(target, alpha);
            }
        }
    }

    /// <summary>
    /// C = alpha A^T B + beta C for dense B and C of any strides; each row of B is added to rows of C in order. With beta = 0 C is not read, and alpha is multiplied in last.
    /// 2 entries n flops; threads share the columns of B.
    /// </summary>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="b">rows x n.</param>
    /// <param name="beta">Scale of what C holds.</param>
    /// <param name="c">columns x n.</param>
    /// <exception cref="ArgumentException">Shapes do not match, or B and C overlap.</exception>
    public void TransposeMultiply(T alpha, in ReadOnlyMatrixView<T> b, T beta, in MatrixView<T> c)
    {
        CheckProduct(transposed: true, b, c);
        fixed (T* from = b, to = c, entries = _values)
        {
            MatrixBlock<T> source = Pinned.Block(b, from), target = Pinned.Block(c, to);
            if (Begin(beta, target) is not { } last)
            {
                return;
            }

            T* values = entries;
            T factor = last ? T.One : alpha;
            int n = source.Columns, line = 64 / sizeof(T);
            bool lines = source.ColumnStride == 1 && target.ColumnStride == 1;

            // A part owns some columns of C, so that rows of A are added in their order. Its lines should stay in the cache.
            int width = lines ? Math.Clamp(ScatterBytes / sizeof(T) / Math.Max(Columns, 1) / line, 4, 32) * line : line;
            WorkTeam.Run((n + width - 1) / width, Parallelism.Current.ThreadsForFlops(2.0 * NonZeros * n), part =>
            {
                int first = part * width, count = Math.Min(width, n - first);
                MatrixBlock<T> rows = source.Slice(0, first, source.Rows, count), sums = target.Slice(0, first, target.Rows, count);
                if (lines)
                {
                    Scatter(factor, values, rows, 0, sums);
                    return;
                }

                using Scratch<T> scratch = Workspace.Rent<T>(((nint)Columns + TileRows) * count);
                MatrixBlock<T> dense = MatrixBlock<T>.RowMajor(scratch.Pointer, Columns, count), tile = MatrixBlock<T>.RowMajor(scratch.Pointer + ((nint)Columns * count), TileRows, count);
                BlockCopy.Run(sums, dense);
                for (int i = 0; i < Rows; i += TileRows)
                {
                    MatrixBlock<T> some = tile.Slice(0, 0, Math.Min(TileRows, Rows - i), count);
                    BlockCopy.Run(rows.Slice(i, 0, some.Rows, count), some);
                    Scatter(factor, values, some, i, dense);
                }

                BlockCopy.Run(dense, sums);
            });

            if (last)
            {
                BlockScale.Run(target, alpha);
            }
        }
    }

    /// <summary>
    /// C = alpha A B + beta C for sparse B and dense C of any strides. With beta = 0 C is not read, and alpha is multiplied in last.
    /// Two flops for each pair of an entry of A and one in the row of B that it names; threads share the rows of A.
    /// </summary>
    /// <param name="alpha">Scale of the product.</param>
    /// <param name="b">columns x n.</param>
    /// <param name="beta">Scale of what C holds.</param>
    /// <param name="c">rows x n.</param>
    /// <exception cref="ArgumentException">Shapes do not match.</exception>
    public void Multiply(T alpha, CsrMatrix<T> b, T beta, in MatrixView<T> c)
    {
        ArgumentNullException.ThrowIfNull(b);
        if (b.Rows != Columns)
        {
            throw new ArgumentException($"Cannot multiply a sparse {Rows} x {Columns} by a sparse {b.Rows} x {b.Columns}: the inner sizes differ.", nameof(b));
        }

        Arguments.Shape(c, Rows, b.Columns);
        fixed (T* to = c)
        {
            MatrixBlock<T> target = Pinned.Block(c, to);
            if (Begin(beta, target) is not { } last)
            {
                return;
            }

            T factor = last ? T.One : alpha;
            int parts = Math.Min(Rows, 256);
            double pairs = (double)NonZeros * Math.Max(1, b.NonZeros / Math.Max(b.Rows, 1));
            WorkTeam.Run(parts, Parallelism.Current.ThreadsForFlops(8 * pairs), part =>
            {
                (int first, int end) = WorkTeam.Range(Rows, parts, part, 1);
                for (int i = first; i < end; i++)
                {
                    T* row = target.Data + (i * target.RowStride);
                    for (int p = _pointers[i]; p < _pointers[i + 1]; p++)
                    {
                        T value = factor * _values[p];
                        for (int q = b._pointers[_columns[p]]; q < b._pointers[_columns[p] + 1]; q++)
                        {
                            ref T sum = ref row[b._columns[q] * target.ColumnStride];
                            sum = T.MultiplyAddEstimate(value, b._values[q], sum);
                        }
                    }
                }
            });

            if (last)
            {
                BlockScale.Run(target, alpha);
            }
        }
    }

    private void CheckProduct(bool transposed, in ReadOnlyMatrixView<T> b, in MatrixView<T> c)
    {
        (int rows, int inner) = transposed ? (Columns, Rows) : (Rows, Columns);
        if (b.Rows != inner)
        {
            throw new ArgumentException($"Cannot multiply {(transposed ? "the transpose of " : "")}a sparse {Rows} x {Columns} by {b.Rows} x {b.Columns}: the inner sizes differ.", nameof(b));
        }

        Arguments.Shape(c, rows, b.Columns);
        Arguments.Disjoint<T>(b, c, nameof(b), nameof(c));
    }

    /// <summary>Scales C by beta. Null when nothing is left to do; else whether alpha shall be multiplied in after the sums: sums of signed numbers then have the same bits everywhere.</summary>
    private bool? Begin(T beta, in MatrixBlock<T> c)
    {
        BlockScale.Run(c, beta);
        return NonZeros == 0 || c.IsEmpty ? null : T.IsZero(beta);
    }

    private void Gather(T factor, T* values, T* x, nint xStride, T* y, nint yStride, int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            T sum = y[i * yStride];
            for (int p = _pointers[i]; p < _pointers[i + 1]; p++)
            {
                sum = T.MultiplyAddEstimate(factor * values[p], x[_columns[p] * xStride], sum);
            }

            y[i * yStride] = sum;
        }
    }

    /// <summary>Adds the rows of a block, which are rows <paramref name="first"/> and on of B, to the rows of C that the entries name. Rows are contiguous.</summary>
    private void Scatter(T factor, T* values, in MatrixBlock<T> rows, int first, in MatrixBlock<T> sums)
    {
        int count = rows.Columns;
        for (int i = 0; i < rows.Rows; i++)
        {
            T* line = rows.Data + (i * rows.RowStride);
            for (int p = _pointers[first + i]; p < _pointers[first + i + 1]; p++)
            {
                T* sum = sums.Data + (_columns[p] * sums.RowStride);
                if (count == 1)
                {
                    *sum = T.MultiplyAddEstimate(factor * values[p], *line, *sum);
                }
                else
                {
                    VectorKernels.Axpy(count, factor * values[p], line, sum);
                }
            }
        }
    }
}
