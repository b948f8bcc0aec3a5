using System.Numerics;

namespace Polyad.Conformance;

/// <summary>What must hold of a factorization, whatever the matrix: LAPACK's ratios, exact structure, orderings, signs, and memory left alone.</summary>
internal static class FactorizationChecks
{
    public static void Check<T>(CaseLog log, Dense a, Layout layout, Layout target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (log.Operation)
        {
            case LinearAlgebraOperation.Cholesky:
                Cholesky<T>(log.Engine, a, layout, target);
                break;
            case LinearAlgebraOperation.Lu:
                Lu<T>(log.Engine, a, layout, target);
                break;
            case LinearAlgebraOperation.Qr:
                OrthogonalChecks.Qr<T>(log.Engine, a, layout, target);
                break;
            case LinearAlgebraOperation.QrR:
                OrthogonalChecks.QrR<T>(log.Engine, a, layout, target);
                break;
            case LinearAlgebraOperation.SymmetricEigen:
                SpectralChecks.SymmetricEigen<T>(log.Engine, a, layout, target);
                break;
            case LinearAlgebraOperation.SymmetricEigenvalues:
                SpectralChecks.SymmetricEigenvalues<T>(log.Engine, a, layout);
                break;
            case LinearAlgebraOperation.Svd:
                SpectralChecks.Svd<T>(log.Engine, a, layout, target);
                break;
            case LinearAlgebraOperation.SingularValues:
                SpectralChecks.SingularValues<T>(log.Engine, a, layout);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(log), log.Operation, "Not a factorization.");
        }
    }

    /// <summary>The lower triangle of a symmetric matrix; the other one holds NaN, since it must not be read.</summary>
    public static LayoutedMatrix<T> LowerOnly<T>(Dense a, Layout layout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LayoutedMatrix<T> result = new(a.Rows, a.Columns, layout);
        result.Set((i, j) => j > i ? double.NaN : a[i, j]);
        return result;
    }

    /// <summary>Zeros must be zeros (of either sign), not small numbers.</summary>
    public static void AssertZeroBelowDiagonal(Dense r)
    {
        for (int i = 0; i < r.Rows; i++)
        {
            for (int j = 0; j < Math.Min(i, r.Columns); j++)
            {
                if (r[i, j] != 0)
                {
                    Assert.Fail($"entry ({i}, {j}) below the diagonal is {r[i, j]:R}, not zero");
                }
            }
        }
    }

    private static void Cholesky<T>(ILinearAlgebraBackend engine, Dense a, Layout layout, Layout target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LayoutedMatrix<T> av = LowerOnly<T>(a, layout), lv = new LayoutedMatrix<T>(a.Rows, a.Rows, target).Remember();
        engine.Cholesky<T>(av.View, lv.View);
        Dense l = lv.ToDense();
        int power = a.Exponent() / 2 * 2;
        Dense scaled = l.ScaleByPower(-power / 2);
        Reference.AssertLess(LapackRatios.Residual(a.ScaleByPower(-power), Reference.Multiply(scaled, scaled.Transpose()), Precision.Of<T>().Ulp), LapackRatios.Threshold, "||A - L L^T|| / (||A|| n ulp)");
        AssertZeroBelowDiagonal(l.Transpose());
        for (int i = 0; i < l.Rows; i++)
        {
            Assert.True(l[i, i] > 0, $"L({i}, {i}) is {l[i, i]}, not positive");
        }

        av.AssertUnchanged("a");
        lv.AssertOutsideUntouched("l");
    }

    private static void Lu<T>(ILinearAlgebraBackend engine, Dense a, Layout layout, Layout target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = a.Rows, n = a.Columns, k = Math.Min(m, n);
        LayoutedMatrix<T> av = LayoutedMatrix<T>.Of(a, layout), fv = new LayoutedMatrix<T>(m, n, target).Remember();
        int[] pivots = new int[k];
        int zero = engine.Lu<T>(av.View, fv.View, pivots);
        Dense f = fv.ToDense();
        int power = a.Exponent();
        Dense lower = Dense.From(m, k, (i, j) => i == j ? 1 : i > j ? f[i, j] : 0), upper = Dense.From(k, n, (i, j) => j >= i ? f[i, j] : 0).ScaleByPower(-power);
        int[] rows = [.. Enumerable.Range(0, m)];
        int firstZero = -1;
        for (int i = 0; i < k; i++)
        {
            Assert.InRange(pivots[i], i, m - 1);
            (rows[i], rows[pivots[i]]) = (rows[pivots[i]], rows[i]);
            firstZero = firstZero < 0 && f[i, i] == 0 ? i : firstZero;
        }

        Assert.Equal(firstZero, zero);
        foreach (double entry in lower.Data)
        {
            Assert.True(Math.Abs(entry) <= 1, $"a multiplier is {entry}: the pivot was not the largest of its column");
        }

        Dense permuted = Dense.From(m, n, (i, j) => a[rows[i], j]).ScaleByPower(-power);
        Reference.AssertLess(LapackRatios.Residual(permuted, Reference.Multiply(lower, upper), Precision.Of<T>().Ulp), LapackRatios.Threshold, "||P A - L U|| / (||A|| n ulp)");
        av.AssertUnchanged("a");
        fv.AssertOutsideUntouched("lu");
    }
}
