using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// A dense matrix that is preconditioned by its Gram matrix in single precision, of which the Cholesky triangle R is exact but for rounding: the columns of A R^-1 are orthonormal up to the precision times the
/// square of the condition number, so that LSQR in double gains several digits in a step. There is no sketch. m n^2 flops, and one reading of A in parts that stay in the cache.
/// </summary>
internal sealed unsafe class GramSystem : PreconditionedSystem<double>
{
    /// <summary>Columns up to which the product A^T A in single precision is cheaper than a sketch and the steps that it would save.</summary>
    public const int MostColumns = 768;

    /// <summary>Numbers of A that are made single at a time.</summary>
    private const int PartLength = 1 << 20;

    /// <summary>How far from orthonormal the columns of A R^-1 may be.</summary>
    private const double LargestDistance = 0.1;

    private readonly Lsqr<double> _lsqr;

    private GramSystem(DenseOperator<double> a, Tensor<float> r, double[] norms, int rightSides, ILinearAlgebraBackend engine)
    {
        Preconditioner = new TriangularPreconditioner<double>(SinglePrecisionSystem.Widen(r));
        ColumnNorms = norms;
        _lsqr = new(a, Preconditioner, rightSides, engine);
    }

    public override RightPreconditioner<double> Preconditioner { get; }

    public override double[] ColumnNorms { get; }

    /// <summary>Null where single precision would not do.</summary>
    public static GramSystem? TryCreate(DenseOperator<double> a, int rightSides, ILinearAlgebraBackend engine, CancellationToken cancellationToken)
    {
        int n = a.Columns;
        Tensor<float> gram = Gram(a, engine, cancellationToken), lower;
        double[] norms = [.. Enumerable.Range(0, n).Select(i => Math.Sqrt(gram[i, i]))];
        if (!norms.All(static d => d is > 1e-15 and < 1e15))
        {
            return null;
        }

        try
        {
            lower = LinearAlgebra.Cholesky(gram.AsReadOnlyMatrix(), engine);
        }
        catch (NotPositiveDefiniteException)
        {
            return null;
        }

        // An error eps d_i d_j of entry (i, j), of any sign, makes one of about eps sum_i d_i^2 ||row i of R^-1||^2 in R^-T A^T A R^-1.
        Tensor<float> r = lower.AsReadOnlyMatrix().Transpose.ToTensor();
        double sum = norms.Zip(new TriangularPreconditioner<float>(r).RowNorms(engine), static (length, row) => length * length * row * row).Sum();
        return LinearAlgebra.Epsilon<float>() * sum <= LargestDistance ? new(a, r, norms, rightSides, engine) : null;
    }

    public override void Guess(Tensor<double> r, Tensor<double> y) => LinearAlgebra.Elements(y).Clear();

    public override int Correct(
        Tensor<double> r, Tensor<double> g, double[] gradients, double[] limits, int most, Tensor<double> y, Action<double>? report, CancellationToken cancellationToken)
        => _lsqr.Run(r, g, limits, most, y, report, cancellationToken);

    private static Tensor<float> Gram(DenseOperator<double> a, ILinearAlgebraBackend engine, CancellationToken cancellationToken)
    {
        int m = a.Rows, n = a.Columns, height = Math.Min(m, Math.Max(n, PartLength / n));
        Tensor<float> gram = FreshMemory.Zeros<float>([n, n]);
        using Scratch<float> scratch = Workspace.Rent<float>((nint)height * n);
        for (int first = 0; first < m; first += height)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(height, m - first);
            SinglePrecisionSystem.Narrow(a.View.Slice(first, 0, count, n), scratch.Pointer);
            engine.Gram(1f, new ReadOnlyMatrixView<float>(new ReadOnlySpan<float>(scratch.Pointer, count * n), count, n).Transpose, first == 0 ? 0f : 1f, gram.AsMatrix());
        }

        return gram;
    }
}
