using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad;

public sealed unsafe partial class CsrMatrix<T>
{
    /// <summary>C = A B for dense B. 2 entries n flops.</summary>
    /// <param name="b">columns x n.</param>
    /// <exception cref="ArgumentException">The rows of B differ from the columns of A.</exception>
    public Tensor<T> Multiply(in ReadOnlyMatrixView<T> b)
    {
        Tensor<T> product = FreshMemory.Zeros<T>([Rows, b.Columns]);
        Multiply(T.One, b, T.Zero, product.AsMatrix());
        return product;
    }

    /// <summary>C = A^T B for dense B. 2 entries n flops.</summary>
    /// <param name="b">rows x n.</param>
    /// <exception cref="ArgumentException">The rows of B differ from those of A.</exception>
    public Tensor<T> TransposeMultiply(in ReadOnlyMatrixView<T> b)
    {
        Tensor<T> product = FreshMemory.Zeros<T>([Columns, b.Columns]);
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
        fixed (T* from = b, to = c, values = _values)
        fixed (int* pointers = _pointers, columns = _columns)
        {
            MatrixBlock<T> source = Pinned.Block(b, from), target = Pinned.Block(c, to);
            if (Begin(beta, target) is not { } last)
            {
                return;
            }

            SparseRows<T> all = new(Rows, pointers, columns, values, last ? T.One : alpha);
            double flops = 2.0 * NonZeros * source.Columns;
            if (source.ColumnStride == 1 && target.ColumnStride == 1 && source.Columns > 1)
            {
                int parts = Math.Min(Rows, 256);
                WorkTeam.Run(parts, Parallelism.Current.ThreadsForFlops(flops), part =>
                {
                    (int first, int end) = WorkTeam.Range(Rows, parts, part, 1);
                    SparseRowKernels.Gather(all.Slice(first, end - first), source, target.Slice(first, 0, end - first, target.Columns));
                });
            }
            else
            {
                // One column of B at a time, its rows in parts when there are few columns.
                int rowParts = source.Columns >= 64 ? 1 : Math.Min(Rows, 64);
                WorkTeam.Run(source.Columns * rowParts, Parallelism.Current.ThreadsForFlops(flops), part =>
                {
                    (int first, int end) = WorkTeam.Range(Rows, rowParts, part % rowParts, 1);
                    MatrixBlock<T> column = target.Slice(first, part / rowParts, end - first, 1);
                    SparseRowKernels.Gather(all.Slice(first, end - first), source.Data + (part / rowParts * source.ColumnStride), source.RowStride, column.Data, column.RowStride);
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
        fixed (T* from = b, to = c, values = _values)
        fixed (int* pointers = _pointers, columns = _columns)
        {
            MatrixBlock<T> source = Pinned.Block(b, from), target = Pinned.Block(c, to);
            if (Begin(beta, target) is not { } last)
            {
                return;
            }

            SparseRows<T> all = new(Rows, pointers, columns, values, last ? T.One : alpha);
            ScatterProduct.Run(all, source, target);
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
}
