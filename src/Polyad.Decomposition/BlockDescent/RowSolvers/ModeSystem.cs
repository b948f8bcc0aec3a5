using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// What a CP fit asks of one mode, the other factors being fixed: for every row x of the factor the quadratic f(x) = x^T G x / 2 - m^T x, whose sum over the rows is half the squared error
/// but for a constant. With all entries seen the rows share G, the normal matrix; with weights each row has its own. What solves these problems does not know which it is.
/// </summary>
internal abstract unsafe class ModeSystem<T>(int length, int rank, ILinearAlgebraBackend backend)
    where T : unmanaged, INumberBase<T>
{
    private readonly T[] _gradient = new T[length * rank];

    /// <summary>I, the rows of the factor.</summary>
    public int Length { get; } = length;

    /// <summary>R, the unknowns of a row.</summary>
    public int Rank { get; } = rank;

    /// <summary>I x R: the vectors m.</summary>
    public abstract Tensor<T> Right { get; }

    /// <summary>The mean over the rows of the trace of G.</summary>
    public abstract double MeanTrace { get; }

    /// <summary>The largest trace of G of any row: a bound of its eigenvalues.</summary>
    public abstract double LargestTrace { get; }

    protected ILinearAlgebraBackend Backend { get; } = backend;

    /// <summary>Overwrites the factor with the minimum, of least norm where it is not unique.</summary>
    public abstract void Minimise(Tensor<T> factor);

    /// <summary>Factors G + shift I for <see cref="SolveShifted"/>; the shift is above 0.</summary>
    public abstract void Shift(double shift);

    /// <summary>Overwrites right-hand sides, stored as R columns of I entries, with the solutions of (G + shift I) x = b.</summary>
    public abstract void SolveShifted(Span<T> columns);

    /// <summary>Lowers f over x &gt;= 0 from the given factor, which is overwritten. Hals and MultiplicativeUpdate never raise it.</summary>
    public void MinimiseNonNegative(Tensor<T> factor, in NonNegativeSettings settings)
    {
        if (settings.Method == NonNegativeMethod.Exact)
        {
            MinimiseExactly(DenseData.Elements(factor), settings.Penalty);
            return;
        }

        T low = settings.Method == NonNegativeMethod.MultiplicativeUpdate ? Floor(factor) : T.Zero;
        fixed (T* x = DenseData.Elements(factor))
        {
            RunPanels(new NonNegativeWork<T>(x, Rank, settings, low), 2.0 * settings.Cycles);
        }
    }

    /// <summary>G x - m for every row; lives until the next call.</summary>
    public ReadOnlySpan<T> Gradient(Tensor<T> factor)
    {
        fixed (T* x = DenseData.Elements(factor))
        fixed (T* y = _gradient)
        {
            RunPanels(new GradientWork<T>(x, y, Rank), 2);
        }

        return _gradient;
    }

    /// <summary>The sum of f over the rows.</summary>
    public double Value(Tensor<T> factor)
    {
        ReadOnlySpan<T> gradient = Gradient(factor), x = DenseData.Elements(factor), right = DenseData.Elements(Right);
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += double.CreateTruncating(x[i]) * (double.CreateTruncating(gradient[i]) - double.CreateTruncating(right[i]));
        }

        return 0.5 * sum;
    }

    /// <summary>G_rr of one row.</summary>
    public abstract double Curvature(int row, int r);

    /// <summary>(G x)_r of one row.</summary>
    public abstract double Product(int row, int r, ReadOnlySpan<T> x);

    /// <summary>G of one row, R x R, in double.</summary>
    public abstract void Matrix(int row, Span<double> matrix);

    /// <summary>Runs <paramref name="work"/> on every panel, on several threads where it pays: <paramref name="flops"/> floating-point operations for each entry of G.</summary>
    protected abstract void RunPanels<TWork>(TWork work, double flops)
        where TWork : struct, IPanelWork<T>;

    protected int Threads(double flops) => Backend.Parallelism.Min(Parallelism.Current).ThreadsForFlops(flops);

    private void MinimiseExactly(Span<T> factor, double penalty)
    {
        int parts = Math.Clamp(Length / 16, 1, 64);
        fixed (T* x = factor)
        fixed (T* m = DenseData.Elements(Right))
        {
            nint rows = (nint)x, right = (nint)m;
            WorkTeam.Run(parts, Threads((double)Length * Rank * Rank * Rank), part =>
            {
                BlockPivoting solver = new(Rank);
                double[] g = new double[Rank * Rank], c = new double[Rank], solution = new double[Rank];
                for (int i = (int)((long)Length * part / parts); i < (int)((long)Length * (part + 1) / parts); i++)
                {
                    Span<T> row = new((T*)rows + ((nint)i * Rank), Rank), from = new((T*)right + ((nint)i * Rank), Rank);
                    Matrix(i, g);
                    for (int r = 0; r < Rank; r++)
                    {
                        c[r] = double.CreateTruncating(from[r]) - penalty;
                        solution[r] = double.CreateTruncating(row[r]);
                    }

                    solver.Solve(g, c, solution);
                    for (int r = 0; r < Rank; r++)
                    {
                        row[r] = T.CreateTruncating(solution[r]);
                    }
                }
            });
        }
    }

    /// <summary>What a multiplicative update may not go below: the machine epsilon times the root mean square of the factor.</summary>
    private static T Floor(Tensor<T> factor)
    {
        double sum = 0;
        foreach (T value in DenseData.Elements(factor))
        {
            sum += Scalar.Square(value);
        }

        return T.CreateTruncating(Math.Max(DenseData.Epsilon<T>() * Math.Sqrt(sum / factor.FlattenedLength), typeof(T) == typeof(float) ? 1e-30 : 1e-290));
    }
}
