using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Features of a dot-product kernel f(x.y) = sum of a_n (x.y)^n, or of a Gaussian or polynomial kernel written as one: the weighted sketches of the powers of a row, side by side (Kar and Karnick 2012; Wacker,
/// Kanagawa, Filippone 2022). Made by <see cref="RandomMaclaurin"/>, <see cref="OptimizedMaclaurin"/> and <see cref="PolynomialFeatures"/>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class MaclaurinSketch<T> : RowSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private const int RowBlock = 256;

    private readonly MaclaurinPart<T>[] _parts;
    private readonly RowAdaptation _adaptation;
    private readonly T[]? _center;
    private readonly T[]? _axis;

    internal MaclaurinSketch(int inputDimension, int outputDimension, ulong seed, RowAdaptation adaptation, IEnumerable<MaclaurinPart<T>> parts)
        : base(inputDimension, outputDimension, seed)
    {
        _parts = [.. parts];
        _adaptation = adaptation;
        _center = adaptation.Center is null ? null : Array.ConvertAll(adaptation.Center, T.CreateTruncating);
        _axis = adaptation.Axis is null ? null : Array.ConvertAll(adaptation.Axis, T.CreateTruncating);
    }

    /// <summary>The degrees and how many features each has. Features come in this order; those past the last are zero.</summary>
    public IReadOnlyList<(int Degree, int Features)> Parts => [.. _parts.Select(part => (part.Degree, part.Features))];

    internal override void Fill(RowSource<T> rows, MatrixBlock<T> features, ILinearAlgebraBackend backend)
    {
        int block = Math.Min(RowBlock, features.Rows), width = _adaptation.Dimension(InputDimension);
        bool sparse = rows.IsSparse && _adaptation.KeepsZeros;
        using Scratch<T> scratch = Workspace.Rent<T>(sparse ? 0 : (nint)block * width);
        using Scratch<T> numbers = Workspace.Rent<T>(2 * (nint)block);
        for (int first = 0; first < features.Rows; first += block)
        {
            int count = Math.Min(block, features.Rows - first);
            RowSource<T> part = rows.Slice(first, count);
            MatrixBlock<T> target = features.Slice(first, 0, count, features.Columns);
            T* alpha = numbers.Pointer;
            T* rho = alpha + block;
            if (sparse)
            {
                FillSparse(part, target, alpha, rho, backend);
                continue;
            }

            T* adapted = scratch.Pointer;
            WorkTeam.Run(count, Parallelism.Current.ThreadsForBytes(4.0 * count * width * sizeof(T)), r =>
            {
                T* row = adapted + ((nint)r * width);
                part.CopyRow(r, row);
                _adaptation.Apply(InputDimension, row, _center, _axis, out alpha[r], out rho[r]);
            });
            FillParts(new RowSource<T>(MatrixBlock<T>.RowMajor(adapted, count, width)), target, alpha, rho, backend);
        }

        CheckOverflow(features);
    }

    /// <summary>Rows that only change their scale: their entries do, and they stay sparse.</summary>
    private void FillSparse(RowSource<T> rows, MatrixBlock<T> features, T* alpha, T* rho, ILinearAlgebraBackend backend)
    {
        rows.Row(0, out _, out int* columns, out T* values);
        using Scratch<T> scaled = Workspace.Rent<T>((nint)rows.Entries);
        TensorPrimitives.Multiply(new ReadOnlySpan<T>(values, (int)rows.Entries), T.CreateTruncating(_adaptation.Scale), scaled.Span);
        using Scratch<int> pointers = Workspace.Rent<int>((nint)rows.Rows + 1);
        int at = 0;
        for (int r = 0; r < rows.Rows; r++)
        {
            rows.Row(r, out int count, out _, out _);
            pointers.Pointer[r] = at;
            ReadOnlySpan<T> entries = new(scaled.Pointer + at, count);
            alpha[r] = T.One;
            rho[r] = _adaptation.Gaussian ? RowAdaptation.Radius(TensorPrimitives.Dot(entries, entries)) : T.One;
            at += count;
        }

        pointers.Pointer[rows.Rows] = at;
        FillParts(new RowSource<T>(rows.Rows, rows.Columns, pointers.Pointer, columns, scaled.Pointer), features, alpha, rho, backend);
    }

    private void FillParts(RowSource<T> rows, MatrixBlock<T> features, T* alpha, T* rho, ILinearAlgebraBackend backend)
    {
        int column = 0;
        foreach (MaclaurinPart<T> part in _parts)
        {
            MatrixBlock<T> target = features.Slice(0, column, features.Rows, part.Features);
            part.Sketch?.Fill(rows, target, backend);
            double root = Math.Sqrt(part.Coefficient);
            for (int r = 0; r < rows.Rows; r++)
            {
                double weight = root * double.CreateTruncating(rho[r]) * Math.Pow(double.CreateTruncating(alpha[r]), part.AlphaPower);
                MatrixBlock<T> line = target.Slice(r, 0, 1, part.Features);
                if (part.Sketch is null)
                {
                    line[0, 0] = T.CreateTruncating(weight);
                }
                else
                {
                    Scale(line, T.CreateTruncating(weight));
                }
            }

            column += part.Features;
        }

        features.Slice(0, column, features.Rows, features.Columns - column).Clear();
    }

    private static void Scale(MatrixBlock<T> line, T weight)
    {
        if (line.ColumnStride == 1)
        {
            Managed.VectorKernels.Scale(line.Columns, weight, line.Data);
            return;
        }

        for (int t = 0; t < line.Columns; t++)
        {
            line[0, t] *= weight;
        }
    }
}
