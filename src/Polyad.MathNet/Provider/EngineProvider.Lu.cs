namespace Polyad.MathNet;

/// <content>LU with partial pivoting; pivots are 0-based row swaps. A singular matrix is factored all the same, and solving with it divides by zero.</content>
internal sealed partial class EngineProvider<T>
{
    public void LUFactor(T[] data, int order, int[] ipiv)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(ipiv);
        ProviderArguments.Matrix(data, order, order, nameof(data));
        ProviderArguments.Length(ipiv, order, nameof(ipiv));
        using Rented<T> input = Rented<T>.CopyOf(data);
        using ThreadLimit threads = ThreadLimit.FromControl();
        engine.Lu(ReadOnlyView(input.Span, order, order), View(data, order, order), ipiv, Unchecked);
    }

    public void LUInverse(T[] a, int order)
    {
        ProviderArguments.Matrix(a, order, order, nameof(a));
        using Rented<T> factors = new(a.Length);
        using Rented<int> pivots = new(order);
        using ThreadLimit threads = ThreadLimit.FromControl();
        engine.Lu(ReadOnlyView(a, order, order), View(factors.Span, order, order), pivots.Span, Unchecked);
        InvertFactored(factors.Span, order, pivots.Span, a);
    }

    public void LUInverseFactored(T[] a, int order, int[] ipiv)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(ipiv);
        ProviderArguments.Matrix(a, order, order, nameof(a));
        ProviderArguments.Length(ipiv, order, nameof(ipiv));
        using Rented<T> factors = Rented<T>.CopyOf(a);
        using ThreadLimit threads = ThreadLimit.FromControl();
        InvertFactored(factors.Span, order, ipiv, a);
    }

    public void LUSolve(int columnsOfB, T[] a, int order, T[] b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ProviderArguments.Matrix(a, order, order, nameof(a));
        ProviderArguments.Matrix(b, order, columnsOfB, nameof(b));
        ProviderArguments.Different(a, b);
        using Rented<T> factors = new(a.Length);
        using Rented<int> pivots = new(order);
        using ThreadLimit threads = ThreadLimit.FromControl();
        engine.Lu(ReadOnlyView(a, order, order), View(factors.Span, order, order), pivots.Span, Unchecked);
        SolveFactored(factors.Span, order, pivots.Span, View(b, order, columnsOfB));
    }

    public void LUSolveFactored(int columnsOfB, T[] a, int order, int[] ipiv, T[] b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(ipiv);
        ArgumentNullException.ThrowIfNull(b);
        ProviderArguments.Matrix(a, order, order, nameof(a));
        ProviderArguments.Length(ipiv, order, nameof(ipiv));
        ProviderArguments.Matrix(b, order, columnsOfB, nameof(b));
        ProviderArguments.Different(a, b);
        using ThreadLimit threads = ThreadLimit.FromControl();
        SolveFactored(a, order, ipiv, View(b, order, columnsOfB));
    }

    private void InvertFactored(ReadOnlySpan<T> factors, int order, ReadOnlySpan<int> pivots, Span<T> inverse)
    {
        inverse.Clear();
        for (int i = 0; i < order; i++)
        {
            inverse[i + (i * order)] = T.One;
        }

        SolveFactored(factors, order, pivots, View(inverse, order, order));
    }

    private void SolveFactored(ReadOnlySpan<T> factors, int order, ReadOnlySpan<int> pivots, in MatrixView<T> b)
    {
        for (int j = 0; j < b.Columns; j++)
        {
            for (int i = 0; i < pivots.Length; i++)
            {
                if (pivots[i] != i)
                {
                    (b[i, j], b[pivots[i], j]) = (b[pivots[i], j], b[i, j]);
                }
            }
        }

        ReadOnlyMatrixView<T> lu = ReadOnlyView(factors, order, order);
        SolveTriangle(Triangle.Lower, unitDiagonal: true, lu, b);
        SolveTriangle(Triangle.Upper, unitDiagonal: false, lu, b);
    }
}
