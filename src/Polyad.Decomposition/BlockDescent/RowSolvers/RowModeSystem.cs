using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A mode of which every row has a normal matrix of its own, as weights make it.</summary>
internal sealed unsafe class RowModeSystem<T>(int length, int rank, ILinearAlgebraBackend backend) : ModeSystem<T>(length, rank, backend)
    where T : unmanaged, INumberBase<T>
{
    private readonly int _packed = PackedSymmetric.Count(rank);
    private readonly T[] _shifted = new T[RowPanel<T>.Count(length) * RowPanel<T>.Lanes * PackedSymmetric.Count(rank)];
    private Tensor<T> _right = FreshMemory.Zeros<T>([0, rank]);
    private Tensor<T> _matrices = FreshMemory.Zeros<T>([0, rank]);

    public override Tensor<T> Right => _right;

    public override double MeanTrace => Traces().Mean;

    public override double LargestTrace => Traces().Largest;

    /// <summary>Takes the vectors m, I x R, and the packed matrices, I x R (R + 1) / 2.</summary>
    public void Take(Tensor<T> right, Tensor<T> matrices) => (_right, _matrices) = (right, matrices);

    public override void Minimise(Tensor<T> factor)
    {
        int lanes = RowPanel<T>.Lanes;
        fixed (T* h = DenseData.Elements(_matrices))
        fixed (T* m = DenseData.Elements(_right))
        fixed (T* f = DenseData.Elements(factor))
        {
            nint matrices = (nint)h, right = (nint)m, rows = (nint)f;
            WorkTeam.Run(RowPanel<T>.Count(Length), Threads((double)Length * Rank * Rank * Rank / 3), panel =>
            {
                using Scratch<T> room = Workspace.Rent<T>((nint)(_packed + Rank + 1) * lanes);
                T* g = room.Pointer, b = g + ((nint)_packed * lanes), singular = b + ((nint)Rank * lanes);
                int row = panel * lanes, count = Math.Min(lanes, Length - row);
                RowPanel<T>.Load((T*)matrices + ((nint)row * _packed), count, _packed, g);
                RowPanel<T>.Load((T*)right + ((nint)row * Rank), count, Rank, b);
                PanelCholesky<T>.Factor(g, Rank, T.Zero, singular);
                PanelCholesky<T>.Solve(g, Rank, b);
                RowPanel<T>.Store(b, count, Rank, (T*)rows + ((nint)row * Rank));
                for (int i = 0; i < count; i++)
                {
                    if (singular[i] != T.Zero)
                    {
                        MinimiseRow(row + i, new Span<T>((T*)rows + ((nint)(row + i) * Rank), Rank));
                    }
                }
            });
        }
    }

    public override void Shift(double shift)
    {
        int lanes = RowPanel<T>.Lanes;
        T add = T.CreateTruncating(shift);
        fixed (T* h = DenseData.Elements(_matrices))
        fixed (T* s = _shifted)
        {
            nint matrices = (nint)h, shifted = (nint)s;
            WorkTeam.Run(RowPanel<T>.Count(Length), Threads((double)Length * Rank * Rank * Rank / 3), panel =>
            {
                T* singular = stackalloc T[lanes];
                T* g = (T*)shifted + ((nint)panel * lanes * _packed);
                int row = panel * lanes;
                RowPanel<T>.Load((T*)matrices + ((nint)row * _packed), Math.Min(lanes, Length - row), _packed, g);
                PanelCholesky<T>.Factor(g, Rank, add, singular);
            });
        }
    }

    public override void SolveShifted(Span<T> columns)
    {
        int lanes = RowPanel<T>.Lanes;
        fixed (T* s = _shifted)
        fixed (T* c = columns)
        {
            nint shifted = (nint)s, right = (nint)c;
            WorkTeam.Run(RowPanel<T>.Count(Length), Threads(2.0 * Length * Rank * Rank), panel =>
            {
                using Scratch<T> room = Workspace.Rent<T>((nint)Rank * lanes);
                T* b = room.Pointer;
                int row = panel * lanes, count = Math.Min(lanes, Length - row);
                room.Clear();
                for (int r = 0; r < Rank; r++)
                {
                    new ReadOnlySpan<T>((T*)right + ((nint)r * Length) + row, count).CopyTo(new Span<T>(b + ((nint)r * lanes), lanes));
                }

                PanelCholesky<T>.Solve((T*)shifted + ((nint)panel * lanes * _packed), Rank, b);
                for (int r = 0; r < Rank; r++)
                {
                    new ReadOnlySpan<T>(b + ((nint)r * lanes), count).CopyTo(new Span<T>((T*)right + ((nint)r * Length) + row, count));
                }
            });
        }
    }

    public override double Curvature(int row, int r) => double.CreateTruncating(DenseData.Elements(_matrices)[(row * _packed) + PackedSymmetric.Index(r, r)]);

    public override double Product(int row, int r, ReadOnlySpan<T> x)
    {
        ReadOnlySpan<T> packed = DenseData.Elements(_matrices).Slice(row * _packed, _packed);
        double sum = 0;
        for (int s = 0; s < x.Length; s++)
        {
            sum += double.CreateTruncating(packed[PackedSymmetric.Index(r, s)]) * double.CreateTruncating(x[s]);
        }

        return sum;
    }

    public override void Matrix(int row, Span<double> matrix)
    {
        ReadOnlySpan<T> packed = DenseData.Elements(_matrices).Slice(row * _packed, _packed);
        for (int r = 0; r < Rank; r++)
        {
            for (int s = 0; s < Rank; s++)
            {
                matrix[(r * Rank) + s] = double.CreateTruncating(packed[PackedSymmetric.Index(r, s)]);
            }
        }
    }

    protected override void RunPanels<TWork>(TWork work, double flops)
    {
        int lanes = RowPanel<T>.Lanes;
        fixed (T* h = DenseData.Elements(_matrices))
        fixed (T* m = DenseData.Elements(_right))
        {
            nint matrices = (nint)h, right = (nint)m;
            WorkTeam.Run(RowPanel<T>.Count(Length), Threads(flops * Length * Rank * Rank), panel =>
            {
                using Scratch<T> room = Workspace.Rent<T>((nint)(_packed + (3 * Rank)) * lanes);
                T* x = room.Pointer, y = x + ((nint)Rank * lanes), b = y + ((nint)Rank * lanes), g = b + ((nint)Rank * lanes);
                int row = panel * lanes, count = Math.Min(lanes, Length - row);
                RowPanel<T>.Load((T*)right + ((nint)row * Rank), count, Rank, b);
                RowPanel<T>.Load((T*)matrices + ((nint)row * _packed), count, _packed, g);
                work.Run(new PanelKernel<T, RowCoefficients<T>>(new RowCoefficients<T>(g), b, Rank), row, count, x, y);
            });
        }
    }

    /// <summary>A row that does not determine all unknowns: least norm, by the pseudo-inverse.</summary>
    private void MinimiseRow(int row, Span<T> solution)
    {
        double[] matrix = new double[Rank * Rank];
        Matrix(row, matrix);
        Tensor<T> normal = Tensor.Create([.. matrix.Select(T.CreateTruncating)], [Rank, Rank]);
        Tensor<T> line = DenseData.Copy<T>(DenseData.Elements(_right).Slice(row * Rank, Rank), [1, Rank]);
        NormalEquations.Solve(Backend, normal, line);
        DenseData.Elements(line).CopyTo(solution);
    }

    private (double Mean, double Largest) Traces()
    {
        double sum = 0, largest = 0;
        for (int row = 0; row < Length; row++)
        {
            double trace = 0;
            for (int r = 0; r < Rank; r++)
            {
                trace += Curvature(row, r);
            }

            sum += trace;
            largest = Math.Max(largest, trace);
        }

        return (sum / Length, largest);
    }
}
