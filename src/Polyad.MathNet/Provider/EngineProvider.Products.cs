using Transpose = MathNet.Numerics.Providers.LinearAlgebra.Transpose;

namespace Polyad.MathNet;

/// <content>Matrix products.</content>
internal sealed partial class EngineProvider<T>
{
    public void MatrixMultiply(T[] x, int rowsX, int columnsX, T[] y, int rowsY, int columnsY, T[] result)
        => MatrixMultiplyWithUpdate(Transpose.DontTranspose, Transpose.DontTranspose, T.One, x, rowsX, columnsX, y, rowsY, columnsY, T.Zero, result);

    public void MatrixMultiplyWithUpdate(
        Transpose transposeA, Transpose transposeB, T alpha, T[] a, int rowsA, int columnsA, T[] b, int rowsB, int columnsB, T beta, T[] c)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(c);
        (int m, int k) = transposeA == Transpose.DontTranspose ? (rowsA, columnsA) : (columnsA, rowsA);
        (int kb, int n) = transposeB == Transpose.DontTranspose ? (rowsB, columnsB) : (columnsB, rowsB);
        ProviderArguments.Product(m, k, a.Length, kb, n, b.Length, c.Length);

        // The result may be written over an operand: the product then reads a copy.
        bool overA = ReferenceEquals(a, c), overB = ReferenceEquals(b, c);
        using Rented<T> kept = overA || overB ? Rented<T>.CopyOf(c) : new(0);
        ReadOnlySpan<T> sa = overA ? kept.Span : a, sb = overB ? kept.Span : b;
        ReadOnlyMatrixView<T> va = ReadOnlyView(sa, rowsA, columnsA), vb = ReadOnlyView(sb, rowsB, columnsB);
        using ThreadLimit threads = ThreadLimit.FromControl(2.0 * m * n * k);
        engine.MatMul(
            alpha, transposeA == Transpose.DontTranspose ? va : va.Transpose, transposeB == Transpose.DontTranspose ? vb : vb.Transpose, beta,
            T.IsZero(beta) ? FreshView(c, m, n) : View(c, m, n));
    }
}
