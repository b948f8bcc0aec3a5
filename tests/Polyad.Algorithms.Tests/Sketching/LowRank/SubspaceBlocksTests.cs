using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching.LowRank;

public sealed class SubspaceBlocksTests
{
    private const int M = 900, N = 700, Rank = 64;

    /// <summary>What an iteration needs beside its result is scratch of the pool, whatever the number of blocks and of power iterations; objects of a step (a sketch, its state) are small.</summary>
    [Theory]
    [InlineData(1, 8)]
    [InlineData(4, 8)]
    [InlineData(4, 32)]
    public void A_decomposition_allocates_no_more_than_its_factors(int power, int block)
    {
        Tensor<double> a = new CounterRandom(1).Normal<double>(M, N);
        const int Factors = sizeof(double) * Rank * (M + N), Objects = 64 << 10;
        Assert.InRange(Allocated(() => new QbDecomposition { BlockSize = block, PowerIterations = power }.Fit(a, Rank)), 1, Factors + Objects);

        // The probes' images are the one other block: the bound is of them.
        Assert.InRange(Allocated(() => new RangeFinder { BlockSize = block, PowerIterations = power }.FitToTolerance(a, 1e-3, Rank)), 1, (sizeof(double) * M * (Rank + 10)) + Objects);
    }

    [Fact]
    public void Eigenpairs_allocate_what_is_small_beside_a_block()
    {
        // Order n, k pairs of a basis of w vectors: n k numbers of the result, and matrices of w^2.
        const int Order = 1200, K = 20, W = 30;
        Tensor<double> a = Spectra.Symmetric(Order, [.. Enumerable.Range(1, 40).Select(static i => 1.0 / i)]);
        Assert.InRange(Allocated(() => new RandomizedEigen { PowerIterations = 3 }.Fit(a, K)), 1, (sizeof(double) * ((Order * K) + (8 * W * W))) + (64 << 10));
    }

    /// <summary>Three entries beside 50000 x 50000: min(m, n) columns of it would be 20 GB, the basis of three is found in the room of a few blocks.</summary>
    [Fact]
    public void A_tolerance_on_a_large_sparse_matrix_takes_the_memory_of_the_rank_that_is_found()
    {
        const int Order = 50_000;
        CsrMatrix<double> a = CsrMatrix<double>.FromTriplets(Order, Order, [7, 400, 49_999], [3, 49_000, 12], [3.0, -2, 1]);
        QbResult<double> qb = new QbDecomposition { BlockSize = 2 }.FitToTolerance(a, 1e-6);
        Assert.True(qb.Converged);
        Assert.Equal([Order, 4], qb.Q.Lengths);
        Assert.Equal([4, Order], qb.B.Lengths);
        RangeResult<double> range = new RangeFinder { BlockSize = 1 }.FitToTolerance(a, 1e-9);
        Assert.True(range.Converged);
        Assert.Equal([Order, 3], range.Basis.Lengths);
    }

    /// <summary>Twenty blocks outgrow the first room twice; every block is orthogonal to those before.</summary>
    [Fact]
    public void A_basis_that_outgrows_its_room_keeps_its_columns()
    {
        Tensor<double> a = Spectra.Matrix(120, 80, Spectra.Values("linear", 80));
        QbResult<double> qb = new QbDecomposition { BlockSize = 2 }.FitToTolerance(a, 0.4), most = new QbDecomposition { BlockSize = 2 }.Fit(a, (int)qb.Q.Lengths[1]);
        Assert.InRange(qb.Q.Lengths[1], 33, 79);
        Assert.Equal(most.Q.ToArray(), qb.Q.ToArray());
        Assert.Equal(most.B.ToArray(), qb.B.ToArray());
        RangeResult<double> range = new RangeFinder { BlockSize = 2 }.FitToTolerance(a, 1e-9, maxRank: 50);
        Assert.Equal(50, range.Basis.Lengths[1]);
        Assert.InRange(Spectra.Unorthogonality(range.Basis), 0, 500 * (1.0 / (1L << 52)));
    }

    [Fact]
    public void A_product_in_code_that_is_not_finite_is_refused_by_every_way_to_a_tolerance()
    {
        Tensor<double> a = Spectra.Matrix(30, 20, [3, 2, 1]), bad = Spectra.Matrix(30, 20, [3, 2, 1]);
        bad[3, 2] = double.NaN;
        Assert.Throws<NonFiniteInputException>(() => new RangeFinder().FitToTolerance(Spectra.Code(bad), 1e-3));
        Assert.Throws<NonFiniteInputException>(() => new RangeFinder().ErrorBound(Spectra.Code(bad), new RangeFinder().Fit(a, 2).Basis));
        Assert.Throws<NonFiniteInputException>(() => new QbDecomposition().Fit(Spectra.Code(bad), 3));

        // Finite one way, not finite the other: the last product is looked at too.
        LinearOperator<double> half = LinearOperator.FromProducts<double>(
            30, 20,
            (in ReadOnlyMatrixView<double> x, in MatrixView<double> y) => Backend.Current.MatMul(1, a.AsReadOnlyMatrix(), x, 0, y),
            (in ReadOnlyMatrixView<double> x, in MatrixView<double> y) => Backend.Current.MatMul(1, bad.AsReadOnlyMatrix().Transpose, x, 0, y));
        Assert.Throws<NonFiniteInputException>(() => new QbDecomposition { PowerIterations = 0 }.Fit(half, 3));
    }

    [Fact]
    public void A_cancelled_search_does_not_begin_with_a_product()
    {
        int products = 0;
        MatrixProduct<double> count = (in ReadOnlyMatrixView<double> x, in MatrixView<double> y) => products++;
        LinearOperator<double> a = LinearOperator.FromProducts(30, 20, count, count);
        Assert.Throws<OperationCanceledException>(() => new RangeFinder().FitToTolerance(a, 1e-3, cancellationToken: new CancellationToken(canceled: true)));
        Assert.Equal(0, products);
    }

    /// <summary>Of the second run on one thread: the first compiles and fills the pool.</summary>
    private static long Allocated(Action action)
    {
        using IDisposable one = Parallelism.Use(1);
        action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
