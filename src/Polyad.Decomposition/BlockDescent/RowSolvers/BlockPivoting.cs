namespace Polyad.Decomposition;

/// <summary>
/// min x^T G x / 2 - c^T x over x &gt;= 0, exactly: block principal pivoting with a fall-back to one exchange at a time (Judice, Pires 1994; Kim, Park 2011). It guesses which unknowns are positive,
/// solves for these, and exchanges all that contradict the guess. One instance serves many problems of the same size, one after the other.
/// </summary>
internal sealed class BlockPivoting(int rank)
{
    private const int FullExchanges = 3;
    private const int DescentCycles = 5000;

    private readonly double[] _factor = new double[rank * rank];
    private readonly double[] _x = new double[rank];
    private readonly int[] _set = new int[rank];
    private readonly bool[] _positive = new bool[rank];
    private readonly bool[] _wrong = new bool[rank];

    /// <summary>Solves one problem. Where the exchanges do not end (a G that is singular to rounding can make them cycle) the solution comes from coordinate descent.</summary>
    /// <param name="g">R x R, row-major, symmetric positive semidefinite.</param>
    /// <param name="c">R numbers.</param>
    /// <param name="x">In: the guess, by its positive entries. Out: the solution.</param>
    public void Solve(ReadOnlySpan<double> g, ReadOnlySpan<double> c, Span<double> x)
    {
        if (!Exchange(g, c, x))
        {
            Descend(g, c, x);
        }
    }

    private bool Exchange(ReadOnlySpan<double> g, ReadOnlySpan<double> c, Span<double> x)
    {
        for (int i = 0; i < rank; i++)
        {
            _positive[i] = x[i] > 0;
        }

        int fewest = rank + 1, left = FullExchanges;
        for (int step = 0; step < 20 + (10 * rank); step++)
        {
            SolvePositive(g, c);
            int wrong = Contradictions(g, c, out int last);
            if (wrong == 0)
            {
                _x.CopyTo(x);
                return true;
            }

            bool all = wrong < fewest || left-- > 0;
            if (wrong < fewest)
            {
                (fewest, left) = (wrong, FullExchanges);
            }

            for (int i = 0; i < rank; i++)
            {
                _positive[i] ^= all ? _wrong[i] : i == last;
            }
        }

        return false;
    }

    /// <summary>Cycles of exact coordinate minimisation until one changes nothing beyond rounding.</summary>
    private void Descend(ReadOnlySpan<double> g, ReadOnlySpan<double> c, Span<double> x)
    {
        for (int cycle = 0; cycle < DescentCycles; cycle++)
        {
            double moved = 0, size = 0;
            for (int i = 0; i < rank; i++)
            {
                double slope = c[i], curvature = g[(i * rank) + i];
                for (int k = 0; k < rank; k++)
                {
                    slope -= g[(i * rank) + k] * x[k];
                }

                double next = curvature > 0 ? Math.Max(x[i] + (slope / curvature), 0) : x[i];
                moved += curvature * (next - x[i]) * (next - x[i]);
                size += curvature * next * next;
                x[i] = next;
            }

            if (moved <= DenseData.Epsilon<double>() * DenseData.Epsilon<double>() * size)
            {
                return;
            }
        }
    }

    /// <summary>Cholesky on the guessed set; an unknown whose pivot is rounding depends on those before it and is left out.</summary>
    private void SolvePositive(ReadOnlySpan<double> g, ReadOnlySpan<double> c)
    {
        int count = 0;
        Array.Clear(_x);
        for (int i = 0; i < rank; i++)
        {
            if (!_positive[i])
            {
                continue;
            }

            Span<double> line = _factor.AsSpan(count * rank, rank);
            double pivot = g[(i * rank) + i], value = c[i];
            for (int a = 0; a < count; a++)
            {
                double element = g[(i * rank) + _set[a]];
                ReadOnlySpan<double> other = _factor.AsSpan(a * rank, a);
                for (int b = 0; b < a; b++)
                {
                    element -= line[b] * other[b];
                }

                line[a] = element / _factor[(a * rank) + a];
                pivot -= line[a] * line[a];
                value -= line[a] * _x[_set[a]];
            }

            if (pivot <= 16 * rank * DenseData.Epsilon<double>() * g[(i * rank) + i])
            {
                _positive[i] = false;
                continue;
            }

            line[count] = Math.Sqrt(pivot);
            _x[i] = value / line[count];
            _set[count++] = i;
        }

        for (int a = count - 1; a >= 0; a--)
        {
            double value = _x[_set[a]];
            for (int b = a + 1; b < count; b++)
            {
                value -= _factor[(b * rank) + a] * _x[_set[b]];
            }

            _x[_set[a]] = value / _factor[(a * rank) + a];
        }
    }

    /// <summary>Marks positive unknowns that came out negative and zero ones whose gradient is negative, beyond rounding.</summary>
    private int Contradictions(ReadOnlySpan<double> g, ReadOnlySpan<double> c, out int last)
    {
        int count = 0;
        last = -1;
        for (int i = 0; i < rank; i++)
        {
            double gradient = -c[i], size = Math.Abs(c[i]);
            for (int k = 0; k < rank; k++)
            {
                double term = g[(i * rank) + k] * _x[k];
                gradient += term;
                size += Math.Abs(term);
            }

            _wrong[i] = _positive[i] ? _x[i] < 0 : gradient < -8 * rank * DenseData.Epsilon<double>() * size;
            if (_wrong[i])
            {
                count++;
                last = i;
            }
        }

        return count;
    }
}
