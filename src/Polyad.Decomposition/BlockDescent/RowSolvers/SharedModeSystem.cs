using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A mode whose rows share one normal matrix.</summary>
internal sealed unsafe class SharedModeSystem<T> : ModeSystem<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly Tensor<T> _shifted;
    private readonly Tensor<T> _cholesky;
    private Tensor<T> _right;

    public SharedModeSystem(int length, int rank, ILinearAlgebraBackend backend)
        : base(length, rank, backend)
    {
        Normal = FreshMemory.Zeros<T>([rank, rank]);
        _shifted = FreshMemory.Zeros<T>([rank, rank]);
        _cholesky = FreshMemory.Zeros<T>([rank, rank]);
        _right = FreshMemory.Zeros<T>([0, rank]);
    }

    /// <summary>G, R x R; to be filled before the system is used.</summary>
    public Tensor<T> Normal { get; }

    public override Tensor<T> Right => _right;

    public override double MeanTrace
    {
        get
        {
            double trace = 0;
            for (int r = 0; r < Rank; r++)
            {
                trace += Curvature(0, r);
            }

            return trace;
        }
    }

    public override double LargestTrace => MeanTrace;

    /// <summary>Takes the vectors m, I x R.</summary>
    public void Take(Tensor<T> right) => _right = right;

    public override void Minimise(Tensor<T> factor)
    {
        DenseData.Elements(_right).CopyTo(DenseData.Elements(factor));
        NormalEquations.Solve(Backend, Normal, factor);
    }

    public override void Shift(double shift)
    {
        Span<T> shifted = DenseData.Elements(_shifted);
        DenseData.Elements(Normal).CopyTo(shifted);
        for (int r = 0; r < Rank; r++)
        {
            shifted[r * (Rank + 1)] += T.CreateTruncating(shift);
        }

        Backend.Cholesky(_shifted.AsReadOnlyMatrix(), _cholesky.AsMatrix());
    }

    public override void SolveShifted(Span<T> columns)
    {
        MatrixView<T> right = new(columns, Rank, Length);
        Backend.TriangularSolve(Triangle.Lower, false, _cholesky.AsReadOnlyMatrix(), right);
        Backend.TriangularSolve(Triangle.Upper, false, _cholesky.AsReadOnlyMatrix().Transpose, right);
    }

    public override double Curvature(int row, int r) => double.CreateTruncating(DenseData.Elements(Normal)[r * (Rank + 1)]);

    public override double Product(int row, int r, ReadOnlySpan<T> x)
    {
        ReadOnlySpan<T> line = DenseData.Elements(Normal).Slice(r * Rank, Rank);
        double sum = 0;
        for (int s = 0; s < line.Length; s++)
        {
            sum += double.CreateTruncating(line[s]) * double.CreateTruncating(x[s]);
        }

        return sum;
    }

    public override void Matrix(int row, Span<double> matrix)
    {
        ReadOnlySpan<T> normal = DenseData.Elements(Normal);
        for (int i = 0; i < normal.Length; i++)
        {
            matrix[i] = double.CreateTruncating(normal[i]);
        }
    }

    protected override void RunPanels<TWork>(TWork work, double flops)
    {
        int lanes = RowPanel<T>.Lanes;
        fixed (T* g = DenseData.Elements(Normal))
        fixed (T* m = DenseData.Elements(_right))
        {
            nint normal = (nint)g, right = (nint)m;
            WorkTeam.Run(RowPanel<T>.Count(Length), Threads(flops * Length * Rank * Rank), panel =>
            {
                using Scratch<T> room = Workspace.Rent<T>(3 * (nint)Rank * lanes);
                T* x = room.Pointer, y = x + ((nint)Rank * lanes), b = y + ((nint)Rank * lanes);
                int row = panel * lanes, count = Math.Min(lanes, Length - row);
                RowPanel<T>.Load((T*)right + ((nint)row * Rank), count, Rank, b);
                work.Run(new PanelKernel<T, SharedCoefficients<T>>(new SharedCoefficients<T>((T*)normal, Rank), b, Rank), row, count, x, y);
            });
        }
    }
}
