using System.Numerics.Tensors;

namespace Polyad.Conformance;

/// <summary>What every engine refuses at the door, before any work.</summary>
public sealed class RefusalTests
{
    public static TheoryData<string> Engines => [.. ConformanceRuns.Engines];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Wrong_shapes_are_refused_with_the_shapes_in_the_message(string id)
    {
        ILinearAlgebraBackend engine = Backend.Get(id);
        Refused("3 x 5", () => engine.MatMul<double>(1, new double[3, 5], new double[4, 6], 0, new double[3, 6]));
        Refused("4 x 6", () => engine.MatMul<double>(1, new double[3, 5], new double[4, 6], 0, new double[3, 6]));
        Refused("2 x 6", () => engine.MatMul<double>(1, new double[3, 5], new double[5, 6], 0, new double[2, 6]));
        Refused("3 x 5", () => engine.Gram<double>(1, new double[3, 5], 0, new double[3, 5]));
        Refused("3 x 5", () => engine.TriangularSolve<double>(Triangle.Lower, false, new double[3, 5], new double[3, 2]));
        Refused("4 x 2", () => engine.TriangularSolve<double>(Triangle.Lower, false, new double[3, 3], new double[4, 2]));
        Refused("3 x 5", () => engine.Cholesky<double>(new double[3, 5], new double[3, 3]));
        Refused("5 x 3", () => engine.Lu<double>(new double[3, 5], new double[5, 3], new int[3]));
        Refused("3 elements", () => engine.Lu<double>(new double[3, 5], new double[3, 5], new int[2]));
        Refused("5 x 4", () => engine.Qr<double>(new double[5, 3], new double[5, 4], new double[4, 3]));
        Refused("5 x 3", () => engine.Qr<double>(new double[5, 3], new double[5, 3], new double[5, 3]));
        Refused("5 x 3", () => engine.QrR<double>(new double[5, 3], new double[5, 3]));
        Refused("3 x 5", () => engine.SymmetricEigen<double>(new double[3, 5], new double[3], new double[3, 3]));
        Refused("3 elements", () => engine.SymmetricEigenvalues<double>(new double[3, 3], new double[4]));
        Refused("5 x 4", () => engine.Svd<double>(new double[5, 3], new double[5, 4], new double[3], new double[3, 3]));
        Refused("2 x 3", () => engine.Svd<double>(new double[5, 3], new double[5, 3], new double[3], new double[2, 3]));
        Refused("3 elements", () => engine.SingularValues<double>(new double[5, 3], new double[5]));
        Refused(null, () => engine.Unfold<double>(X(), 1, new double[3, 7]));
        Refused(null, () => engine.Unfold<double>(X(), 3, new double[3, 8]));
        Refused(null, () => engine.Unfold<double>(X(), -1, new double[3, 8]));
        Refused(null, () => engine.Fold<double>(new double[3, 7], 1, Y()));
        Refused(null, () => engine.ModeProduct<double>(X(), new double[5, 4], 1, Tensor.CreateFromShape<double>([2, 5, 4]).AsTensorSpan()));
        Refused(null, () => engine.ModeProduct<double>(X(), new double[5, 3], 1, Y()));
        Refused(null, () => engine.ModeGram<double>(X(), 1, new double[4, 4]));
        Refused(null, () => engine.Mttkrp<double>(X(), [Factor(2, 2), Factor(3, 2)], 1, new double[3, 2]));
        Refused(null, () => engine.Mttkrp<double>(X(), [Factor(2, 2), Factor(3, 2), Factor(5, 2)], 1, new double[3, 2]));
        Refused(null, () => engine.Mttkrp<double>(X(), [Factor(2, 2), Factor(3, 2), Factor(4, 2)], 1, new double[3, 3]));

        static TensorSpan<double> Y() => Tensor.CreateFromShape<double>([2, 3, 4]).AsTensorSpan();
        static ReadOnlyTensorSpan<double> X() => Y();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Other_element_types_are_refused(string id)
    {
        ILinearAlgebraBackend engine = Backend.Get(id);
        Assert.Throws<NotSupportedException>(() => engine.MatMul<decimal>(1, new decimal[2, 2], new decimal[2, 2], 0, new decimal[2, 2]));
        Assert.Throws<NotSupportedException>(() => engine.Gram(1, new int[2, 2], 0, new int[2, 2]));
        Assert.Throws<NotSupportedException>(() => engine.TriangularSolve<int>(Triangle.Lower, false, new int[2, 2], new int[2, 2]));
        Assert.Throws<NotSupportedException>(() => engine.Cholesky<decimal>(new decimal[2, 2], new decimal[2, 2]));
        Assert.Throws<NotSupportedException>(() => engine.Lu<decimal>(new decimal[2, 2], new decimal[2, 2], new int[2]));
        Assert.Throws<NotSupportedException>(() => engine.Qr<Half>(new Half[2, 2], new Half[2, 2], new Half[2, 2]));
        Assert.Throws<NotSupportedException>(() => engine.QrR<int>(new int[2, 2], new int[2, 2]));
        Assert.Throws<NotSupportedException>(() => engine.SymmetricEigen<decimal>(new decimal[2, 2], new decimal[2], new decimal[2, 2]));
        Assert.Throws<NotSupportedException>(() => engine.SymmetricEigenvalues<decimal>(new decimal[2, 2], new decimal[2]));
        Assert.Throws<NotSupportedException>(() => engine.Svd<decimal>(new decimal[2, 2], new decimal[2, 2], new decimal[2], new decimal[2, 2]));
        Assert.Throws<NotSupportedException>(() => engine.SingularValues<int>(new int[2, 2], new int[2]));
        Assert.Throws<NotSupportedException>(() => engine.Unfold<int>(Tensor.CreateFromShape<int>([2, 2]).AsReadOnlyTensorSpan(), 0, new int[2, 2]));
        Assert.Throws<NotSupportedException>(() => engine.Fold<int>(new int[2, 2], 0, Tensor.CreateFromShape<int>([2, 2]).AsTensorSpan()));
        Assert.Throws<NotSupportedException>(() => engine.ModeProduct<int>(Tensor.CreateFromShape<int>([2, 2]).AsReadOnlyTensorSpan(), new int[2, 2], 0, Tensor.CreateFromShape<int>([2, 2]).AsTensorSpan()));
        Assert.Throws<NotSupportedException>(() => engine.ModeGram<int>(Tensor.CreateFromShape<int>([2, 2]).AsReadOnlyTensorSpan(), 0, new int[2, 2]));
        Assert.Throws<NotSupportedException>(() => engine.Mttkrp<int>(
            Tensor.CreateFromShape<int>([2, 2]).AsReadOnlyTensorSpan(), [Tensor.CreateFromShape<int>([2, 2]), Tensor.CreateFromShape<int>([2, 2])], 0, new int[2, 2]));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Outputs_that_share_an_element_with_an_input_or_each_other_are_refused(string id)
    {
        ILinearAlgebraBackend engine = Backend.Get(id);
        double[] buffer = new double[1000];
        Refused(null, () => engine.MatMul<double>(1, At(0, 3, 3), new double[3, 3], 0, At(8, 3, 3)));
        Refused(null, () => engine.MatMul<double>(1, new double[3, 3], At(0, 3, 3), 0, At(0, 3, 3)));
        Refused(null, () => engine.Gram<double>(1, At(0, 3, 3), 0, At(8, 3, 3)));
        Refused(null, () => engine.TriangularSolve<double>(Triangle.Lower, true, At(0, 3, 3), At(8, 3, 3)));
        Refused(null, () => engine.Cholesky<double>(At(0, 3, 3), At(0, 3, 3)));
        Refused(null, () => engine.Lu<double>(At(0, 3, 3), At(8, 3, 3), new int[3]));
        Refused(null, () => engine.Qr<double>(new double[3, 3], At(0, 3, 3), At(8, 3, 3)));
        Refused(null, () => engine.Qr<double>(At(0, 3, 3), At(8, 3, 3), new double[3, 3]));
        Refused(null, () => engine.QrR<double>(At(0, 3, 3), At(8, 3, 3)));
        Refused(null, () => engine.SymmetricEigen<double>(At(0, 3, 3), new double[3], At(8, 3, 3)));
        Refused(null, () => engine.SymmetricEigen<double>(new double[3, 3], buffer.AsSpan(5, 3), At(0, 3, 3)));
        Refused(null, () => engine.SymmetricEigenvalues<double>(At(0, 3, 3), buffer.AsSpan(8, 3)));
        Refused(null, () => engine.Svd<double>(At(0, 3, 3), At(8, 3, 3), new double[3], new double[3, 3]));
        Refused(null, () => engine.Svd<double>(new double[3, 3], At(0, 3, 3), new double[3], At(8, 3, 3)));
        Refused(null, () => engine.Svd<double>(new double[3, 3], At(0, 3, 3), buffer.AsSpan(8, 3), new double[3, 3]));
        Refused(null, () => engine.SingularValues<double>(At(0, 3, 3), buffer.AsSpan(8, 3)));
        Refused(null, () => engine.Unfold<double>(new ReadOnlyTensorSpan<double>(buffer.AsSpan(0, 24), [2, 3, 4], []), 1, At(20, 3, 8)));
        Refused(null, () => engine.Fold<double>(At(20, 3, 8), 1, new TensorSpan<double>(buffer.AsSpan(0, 24), [2, 3, 4], [])));
        Refused(null, () => engine.ModeProduct<double>(new ReadOnlyTensorSpan<double>(buffer.AsSpan(0, 24), [2, 3, 4], []), new double[3, 3], 1, new TensorSpan<double>(buffer.AsSpan(20, 24), [2, 3, 4], [])));
        Refused(null, () => engine.ModeGram<double>(new ReadOnlyTensorSpan<double>(buffer.AsSpan(0, 24), [2, 3, 4], []), 1, At(20, 3, 3)));
        Refused(null, () => engine.Mttkrp<double>(
            new ReadOnlyTensorSpan<double>(buffer.AsSpan(0, 24), [2, 3, 4], []), [Factor(2, 2), Factor(3, 2), Factor(4, 2)], 1, At(20, 3, 2)));

        MatrixView<double> At(int start, int rows, int columns) => new(buffer.AsSpan(start), rows, columns);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Disjoint_blocks_of_one_buffer_are_accepted(string id)
    {
        ILinearAlgebraBackend engine = Backend.Get(id);
        double[,] board = new double[6, 6];
        MatrixView<double> all = board;
        all.Fill(1);
        engine.MatMul<double>(1, all.Slice(0, 0, 3, 3), all.Slice(3, 3, 3, 3), 0, all.Slice(0, 3, 3, 3));
        Assert.Equal(3, board[2, 5]);
        Assert.Equal(1, board[3, 3]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Factorizations_refuse_NaN_and_infinity_before_they_write(string id)
    {
        ILinearAlgebraBackend engine = Backend.Get(id);
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            foreach (LinearAlgebraOperation operation in ConformanceRuns.Factorizations)
            {
                double[,] a = Matrix(bad), first = Filled(), second = Filled();
                NonFiniteInputException thrown = Assert.Throws<NonFiniteInputException>(() => NamedFactorization.Run(engine, operation, a, first, second, default));
                Assert.Contains("(5, 2)", thrown.Message, StringComparison.Ordinal);
                Assert.All(first.Cast<double>().Concat(second.Cast<double>()), x => Assert.Equal(7, x));
            }
        }

        static double[,] Matrix(double bad)
        {
            double[,] a = new double[20, 20];
            for (int i = 0; i < 20; i++)
            {
                a[i, i] = i + 1;
            }

            a[5, 2] = bad;
            return a;
        }

        static double[,] Filled()
        {
            double[,] a = new double[20, 20];
            a.AsMatrix().Fill(7);
            return a;
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Factorizations_of_NaN_and_infinity_end_when_the_check_is_switched_off(string id)
    {
        ILinearAlgebraBackend engine = Backend.Get(id);
        FactorizationOptions unchecked_ = new() { CheckFinite = false };
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity })
        {
            foreach (int n in new[] { 3, 20, 120 })
            {
                foreach (LinearAlgebraOperation operation in ConformanceRuns.Factorizations)
                {
                    double[,] a = new double[n, n];
                    for (int i = 0; i < n; i++)
                    {
                        a[i, i] = i + 1;
                    }

                    a[n - 1, 0] = bad;
                    Task work = Task.Run(() => NamedFactorization.Run(engine, operation, a, new double[n, n], new double[n, n], unchecked_), TestContext.Current.CancellationToken);
                    Task ended = await Task.WhenAny(work, Task.Delay(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
                    Assert.True(ended == work, $"{operation} of a {n} x {n} matrix with {bad} did not end in 30 s");
                    Assert.True(work.Exception is null || work.Exception.InnerException is NonConvergenceException or NotPositiveDefiniteException, $"{operation}, n = {n}, {bad}: {work.Exception?.InnerException}");
                }
            }
        }
    }

    private static void Refused(string? part, Action call)
    {
        ArgumentException thrown = Assert.ThrowsAny<ArgumentException>(call);
        if (part is not null)
        {
            Assert.Contains(part, thrown.Message, StringComparison.Ordinal);
        }
    }

    private static Tensor<double> Factor(nint rows, nint columns) => Tensor.CreateFromShape<double>([rows, columns]);
}
