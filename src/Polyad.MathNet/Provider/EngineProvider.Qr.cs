using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Polyad.MathNet;

/// <content>
/// QR with the diagonal of R not negative and zeros below it. <c>tau</c>, which may be longer than min(m, n), is neither read nor written: Q is always formed.
/// </content>
internal sealed partial class EngineProvider<T>
{
    public void QRFactor(T[] a, int rowsA, int columnsA, T[] q, T[] tau)
    {
        CheckFactor(a, rowsA, columnsA, tau);
        ProviderArguments.Matrix(q, rowsA, rowsA, nameof(q));
        using Rented<T> input = Rented<T>.CopyOf(a);
        using ThreadLimit threads = ThreadLimit.FromControl(4.0 * rowsA * rowsA * columnsA);
        engine.Qr(ReadOnlyView(input.Span, rowsA, columnsA), FreshView(q, rowsA, rowsA), View(a, rowsA, columnsA), Unchecked);
    }

    public void ThinQRFactor(T[] a, int rowsA, int columnsA, T[] r, T[] tau)
    {
        CheckFactor(a, rowsA, columnsA, tau);
        ProviderArguments.Matrix(r, columnsA, columnsA, nameof(r));
        ProviderArguments.NotWide(rowsA, columnsA);
        using Rented<T> input = Rented<T>.CopyOf(a);
        using ThreadLimit threads = ThreadLimit.FromControl(4.0 * rowsA * columnsA * columnsA);
        engine.Qr(ReadOnlyView(input.Span, rowsA, columnsA), View(a, rowsA, columnsA), FreshView(r, columnsA, columnsA), Unchecked);
    }

    public void QRSolve(T[] a, int rows, int columns, T[] b, int columnsB, T[] x, QRMethod method = QRMethod.Full)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(x);
        ProviderArguments.Matrix(a, rows, columns, nameof(a));
        ProviderArguments.Matrix(b, rows, columnsB, nameof(b));
        ProviderArguments.Matrix(x, columns, columnsB, nameof(x));
        ProviderArguments.NotWide(rows, columns);

        // Least squares needs the first columns of Q alone, whichever factorization was asked for.
        using Rented<T> q = new((long)rows * columns), r = new((long)columns * columns);
        using ThreadLimit threads = ThreadLimit.FromControl(4.0 * rows * columns * (columns + columnsB));
        engine.Qr(ReadOnlyView(a, rows, columns), View(q.Span, rows, columns), View(r.Span, columns, columns), Unchecked);
        LeastSquares(ReadOnlyView(q.Span, rows, columns), ReadOnlyView(r.Span, columns, columns), b, columnsB, x);
    }

    public void QRSolveFactored(
        T[] q, T[] r, int rowsA, int columnsA, T[] tau, T[] b, int columnsB, T[] x, QRMethod method = QRMethod.Full)
    {
        ArgumentNullException.ThrowIfNull(r);
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(x);
        ProviderArguments.NotWide(rowsA, columnsA);
        int inner = method == QRMethod.Full ? rowsA : columnsA;
        ProviderArguments.Matrix(r, inner, columnsA, nameof(r));
        ProviderArguments.Matrix(q, rowsA, inner, nameof(q));
        ProviderArguments.Matrix(b, rowsA, columnsB, nameof(b));
        ProviderArguments.Matrix(x, columnsA, columnsB, nameof(x));
        using ThreadLimit threads = ThreadLimit.FromControl(2.0 * rowsA * columnsA * columnsB);
        LeastSquares(
            ReadOnlyView(q, rowsA, inner).Slice(0, 0, rowsA, columnsA), ReadOnlyView(r, inner, columnsA).Slice(0, 0, columnsA, columnsA), b, columnsB, x);
    }

    /// <summary>R x = Q^T b; x may be b.</summary>
    private void LeastSquares(in ReadOnlyMatrixView<T> q, in ReadOnlyMatrixView<T> r, T[] b, int columnsB, T[] x)
    {
        bool over = ReferenceEquals(b, x);
        using Rented<T> kept = over ? Rented<T>.CopyOf(b) : new(0);
        ReadOnlySpan<T> right = over ? kept.Span : b;
        MatrixView<T> solution = View(x, r.Rows, columnsB);
        engine.MatMul(T.One, q.Transpose, ReadOnlyView(right, q.Rows, columnsB), T.Zero, solution);
        SolveTriangle(Triangle.Upper, unitDiagonal: false, r, solution);
    }

    private static void CheckFactor(T[] a, int rows, int columns, T[] tau)
    {
        ProviderArguments.Matrix(a, rows, columns, nameof(a));
        ArgumentNullException.ThrowIfNull(tau);
        if (tau.Length < Math.Min(rows, columns))
        {
            throw new ArgumentException("The given array is too small. It must be at least min(m,n) long.", nameof(tau));
        }
    }
}
