using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;
using Polyad.Transforms;

namespace Polyad.Sketching;

/// <summary>
/// The product of independent projections: feature t is D^(-1/2) times the product over the factors i of w_it . x_i, with weights of random signs or normal numbers, real or complex (Kar and Karnick 2012;
/// complex: Wacker, Kanagawa, Filippone 2022; complex-to-real: Wacker, Ohana, Filippone 2022). A sketch with more features begins, up to its scale, with the same ones. 2 p d D flops per row in matrix products;
/// on sparse rows 2 p entries D.
/// </summary>
/// <remarks>Weights of up to 256 MiB are kept after the first use; larger ones are drawn again, block by block, at every use.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class ProductSketch<T> : PolynomialSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private const double KeptBytes = 256 << 20;
    private const int ColumnBlock = 512;
    private const int RowBlock = 512;

    private readonly ProjectionWeights _weights;
    private readonly int _dimension;
    private readonly int _outputs;
    private readonly Lazy<T[][]>? _kept;

    /// <summary>Defines a sketch; its weights are drawn when they are needed.</summary>
    /// <param name="inputDimension">d, at least 1.</param>
    /// <param name="kernel">The kernel; a number is the degree of the homogeneous one.</param>
    /// <param name="outputDimension">D, at least 1; even for a complex sketch.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="weights">The law of the weights.</param>
    /// <param name="complex">Complex weights and features [Re, Im] of D/2 complex numbers.</param>
    /// <exception cref="ArgumentException">A dimension is out of range, or odd for a complex sketch.</exception>
    public ProductSketch(int inputDimension, PolynomialKernel kernel, int outputDimension, ulong seed = 0, ProjectionWeights weights = ProjectionWeights.Rademacher, bool complex = true)
        : base(SketchFamily.Product(weights, complex), inputDimension, kernel, outputDimension, seed)
    {
        _weights = weights;
        _dimension = kernel.Homogeneous(inputDimension);
        _outputs = complex ? outputDimension / 2 : outputDimension;
        double elements = (double)_dimension * outputDimension;
        if (elements <= Array.MaxLength && elements * Degree * sizeof(T) <= KeptBytes)
        {
            _kept = new Lazy<T[][]>(DrawAll);
        }
    }

    internal override void FillProduct(HomogeneousRows<T> rows, MatrixBlock<T> features, ILinearAlgebraBackend backend)
    {
        if (features.ColumnStride != 1)
        {
            using Scratch<T> copy = Workspace.Rent<T>((nint)features.Rows * features.Columns);
            MatrixBlock<T> dense = MatrixBlock<T>.RowMajor(copy.Pointer, features.Rows, features.Columns);
            FillProduct(rows, dense, backend);
            BlockCopy.Run(dense, features);
            return;
        }

        if (rows[0].IsSparse)
        {
            FillSparse(rows, features);
        }
        else
        {
            int width = _kept is null ? Math.Min(_outputs, ColumnBlock) : _outputs;
            using Scratch<T> weights = Workspace.Rent<T>(_kept is null ? (IsComplex ? 2 : 1) * (nint)_dimension * width : 0);
            for (int first = 0; first < _outputs; first += width)
            {
                FillColumns(rows, features, first, Math.Min(width, _outputs - first), weights.Pointer, backend);
            }
        }

        CheckOverflow(features);
    }

    private void FillColumns(HomogeneousRows<T> rows, MatrixBlock<T> features, int first, int count, T* drawn, ILinearAlgebraBackend backend)
    {
        int n = features.Rows, d = rows[0].Columns, chunk = Math.Min(n, RowBlock);
        using Scratch<T> scratch = Workspace.Rent<T>((IsComplex ? 2 : 1) * (nint)chunk * count);
        MatrixBlock<T> real = MatrixBlock<T>.RowMajor(scratch.Pointer, chunk, count), imaginary = MatrixBlock<T>.RowMajor(scratch.Pointer + (IsComplex ? (nint)chunk * count : 0), chunk, count);
        T scale = T.CreateTruncating(1 / Math.Sqrt(_outputs));
        for (int k = 0; k < Degree; k++)
        {
            fixed (T* kept = _kept is null ? null : _kept.Value[k])
            {
                if (kept == null)
                {
                    Draw(k, first, count, drawn);
                }

                MatrixBlock<T> wr = MatrixBlock<T>.RowMajor(kept == null ? drawn : kept, _dimension, count);
                MatrixBlock<T> wi = MatrixBlock<T>.RowMajor(wr.Data + (IsComplex ? (nint)_dimension * count : 0), _dimension, count);
                for (int row = 0; row < n; row += chunk)
                {
                    int part = Math.Min(chunk, n - row);
                    MatrixBlock<T> x = rows[k].Dense.Slice(row, 0, part, d), zr = features.Slice(row, first, part, count), zi = IsComplex ? features.Slice(row, _outputs + first, part, count) : zr;
                    if (k == 0)
                    {
                        Project(rows, scale, x, wr, zr, backend);
                        if (IsComplex)
                        {
                            Project(rows, scale, x, wi, zi, backend);
                        }

                        continue;
                    }

                    Project(rows, T.One, x, wr, real.Slice(0, 0, part, count), backend);
                    if (IsComplex)
                    {
                        Project(rows, T.One, x, wi, imaginary.Slice(0, 0, part, count), backend);
                    }

                    Multiply(real, imaginary, zr, zi);
                }
            }
        }
    }

    /// <summary>y = scale (sqrt(gamma) x, sqrt(c)) w</summary>
    private static void Project(HomogeneousRows<T> rows, T scale, MatrixBlock<T> x, MatrixBlock<T> w, MatrixBlock<T> y, ILinearAlgebraBackend backend)
    {
        backend.MatMul(scale * rows.Scale, x.AsReadOnlyView(), w.Slice(0, 0, x.Columns, w.Columns).AsReadOnlyView(), T.Zero, y.AsView());
        if (rows.HasConstant)
        {
            T constant = scale * rows.Constant;
            T* line = w.Data + ((nint)x.Columns * w.RowStride);
            WorkTeam.Run(y.Rows, Parallelism.Current.ThreadsForBytes((double)y.Rows * y.Columns * sizeof(T)), i => VectorKernels.Axpy(y.Columns, constant, line, y.Data + (i * y.RowStride)));
        }
    }

    /// <summary>z *= y for the rows of z.</summary>
    private void Multiply(MatrixBlock<T> real, MatrixBlock<T> imaginary, MatrixBlock<T> zr, MatrixBlock<T> zi)
        => WorkTeam.Run(zr.Rows, Parallelism.Current.ThreadsForBytes((double)zr.Rows * zr.Columns * sizeof(T)), i =>
        {
            T* yr = real.Data + (i * real.RowStride);
            T* yi = imaginary.Data + (i * imaginary.RowStride);
            MultiplyRow(zr.Columns, yr, yi, zr.Data + (i * zr.RowStride), zi.Data + (i * zi.RowStride));
        });

    private void MultiplyRow(int n, T* yr, T* yi, T* zr, T* zi)
    {
        if (IsComplex)
        {
            ComplexProduct.Run(n, zr, zi, yr, yi, zr, zi);
        }
        else
        {
            TensorPrimitives.Multiply(new ReadOnlySpan<T>(zr, n), new ReadOnlySpan<T>(yr, n), new Span<T>(zr, n));
        }
    }

    /// <summary>Sparse rows: sums of rows of weights.</summary>
    private void FillSparse(HomogeneousRows<T> rows, MatrixBlock<T> features)
    {
        T[][]? kept = _kept?.Value;
        T scale = T.CreateTruncating(1 / Math.Sqrt(_outputs));
        WorkTeam.Run(features.Rows, Parallelism.Current.ThreadsForFlops(2.0 * Degree * rows[0].Entries * OutputDimension), i =>
        {
            using Scratch<T> scratch = Workspace.Rent<T>(2 * (nint)OutputDimension);
            T* y = scratch.Pointer;
            T* drawn = y + OutputDimension;
            T* z = features.Data + (i * features.RowStride);
            for (int k = 0; k < Degree; k++)
            {
                new Span<T>(y, OutputDimension).Clear();
                rows[k].Row(i, out int count, out int* columns, out T* values);
                for (int p = 0; p < count; p++)
                {
                    Add(k, columns[p], rows.Scale * values[p], kept?[k], drawn, y);
                }

                if (rows.HasConstant)
                {
                    Add(k, _dimension - 1, rows.Constant, kept?[k], drawn, y);
                }

                if (k == 0)
                {
                    TensorPrimitives.Multiply(new ReadOnlySpan<T>(y, OutputDimension), scale, new Span<T>(z, OutputDimension));
                }
                else
                {
                    MultiplyRow(_outputs, y, y + _outputs, z, z + _outputs);
                }
            }
        });
    }

    /// <summary>Adds a multiple of the weights [Re, Im] of a coordinate.</summary>
    private void Add(int factor, int coordinate, T value, T[]? kept, T* drawn, T* y)
    {
        if (kept is null)
        {
            new WeightMatrix<T>(Seed, factor, _weights, IsComplex).Row(coordinate, 0, new Span<T>(drawn, _outputs), IsComplex ? new Span<T>(drawn + _outputs, _outputs) : default);
            VectorKernels.Axpy(OutputDimension, value, drawn, y);
            return;
        }

        fixed (T* weights = kept)
        {
            VectorKernels.Axpy(_outputs, value, weights + ((nint)coordinate * _outputs), y);
            if (IsComplex)
            {
                VectorKernels.Axpy(_outputs, value, weights + (((nint)_dimension + coordinate) * _outputs), y + _outputs);
            }
        }
    }

    private T[][] DrawAll()
    {
        T[][] all = new T[Degree][];
        for (int k = 0; k < Degree; k++)
        {
            all[k] = new T[(IsComplex ? 2 : 1) * _dimension * _outputs];
            fixed (T* target = all[k])
            {
                Draw(k, 0, _outputs, target);
            }
        }

        return all;
    }

    /// <summary>The weights of some features of a factor: d x count real parts, then d x count imaginary ones.</summary>
    private void Draw(int factor, int first, int count, T* target)
    {
        WeightMatrix<T> weights = new(Seed, factor, _weights, IsComplex);
        nint size = (nint)_dimension * count;
        bool complex = IsComplex;
        WorkTeam.Run(_dimension, Parallelism.Current.ThreadsForFlops(20.0 * size), j =>
            weights.Row(j, first, new Span<T>(target + ((nint)j * count), count), complex ? new Span<T>(target + size + ((nint)j * count), count) : default));
    }
}
