namespace Polyad.MathNet;

/// <content>Cholesky: the lower triangle is read, the strict upper one of the factor is zeroed.</content>
internal sealed partial class EngineProvider<T>
{
    public void CholeskyFactor(T[] a, int order)
    {
        ProviderArguments.Room(a, order, order, nameof(a));
        using Rented<T> input = Rented<T>.CopyOf(a.AsSpan(0, order * order));
        Factor(input.Span, order, a);
    }

    public void CholeskySolve(T[] a, int orderA, T[] b, int columnsB)
    {
        ArgumentNullException.ThrowIfNull(a);
        ProviderArguments.Matrix(b, orderA, columnsB, nameof(b));
        ProviderArguments.Different(a, b);
        ProviderArguments.Room(a, orderA, orderA, nameof(a));
        using Rented<T> factor = new((long)orderA * orderA);
        Factor(a.AsSpan(0, orderA * orderA), orderA, factor.Span);
        SolveFactored(factor.Span, orderA, View(b, orderA, columnsB));
    }

    public void CholeskySolveFactored(T[] a, int orderA, T[] b, int columnsB)
    {
        ArgumentNullException.ThrowIfNull(a);
        ProviderArguments.Matrix(b, orderA, columnsB, nameof(b));
        ProviderArguments.Different(a, b);
        ProviderArguments.Room(a, orderA, orderA, nameof(a));
        SolveFactored(a, orderA, View(b, orderA, columnsB));
    }

    private void Factor(ReadOnlySpan<T> a, int order, Span<T> factor)
    {
        using ThreadLimit threads = ThreadLimit.FromControl();
        try
        {
            engine.Cholesky(ReadOnlyView(a, order, order), View(factor, order, order), Unchecked);
        }
        catch (NotPositiveDefiniteException e)
        {
            throw new ArgumentException("Matrix must be positive definite.", e);
        }
    }

    private void SolveFactored(ReadOnlySpan<T> factor, int order, in MatrixView<T> b)
    {
        using ThreadLimit threads = ThreadLimit.FromControl();
        ReadOnlyMatrixView<T> l = ReadOnlyView(factor, order, order);
        SolveTriangle(Triangle.Lower, unitDiagonal: false, l, b);
        SolveTriangle(Triangle.Upper, unitDiagonal: false, l.Transpose, b);
    }
}
