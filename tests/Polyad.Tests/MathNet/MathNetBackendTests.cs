using System.Numerics.Tensors;
using MathNet.Numerics;
using Polyad.MathNet;
using Xunit;

namespace Polyad.Tests.MathNetContract;

/// <summary>What is particular to the engine mathnet; that its answers are right is the conformance suite's business.</summary>
public sealed class MathNetBackendTests
{
    private const double Eps = 2.220446049250313e-16;

    [Fact]
    public void It_is_known_by_id_and_describes_itself_truthfully()
    {
        MathNetBackend.Register();
        BackendInfo info = Backend.Probe().Single(engine => engine.Id == "mathnet");
        Assert.True(info.Available);
        Assert.Equal("passed", info.SelfTest);
        Assert.StartsWith(typeof(Control).Assembly.GetName().Version!.ToString(2), info.Version, StringComparison.Ordinal);
        Assert.Contains("TriangularSolve", info.ManagedSymbols);
        Assert.Contains("Svd", info.NativeSymbols);
        ILinearAlgebraBackend engine = Backend.Get("mathnet");
        Assert.Same(MathNetBackend.Shared, engine);
        Assert.Equal(OperationSource.Native, engine.SourceOf(LinearAlgebraOperation.MatMul));
        Assert.Equal(OperationSource.Managed, engine.SourceOf(LinearAlgebraOperation.TriangularSolve));
        foreach (LinearAlgebraOperation operation in Enum.GetValues<LinearAlgebraOperation>())
        {
            IReadOnlyList<string> listed = engine.SourceOf(operation) switch
            {
                OperationSource.Native => info.NativeSymbols,
                OperationSource.Composed => info.ComposedSymbols,
                _ => info.ManagedSymbols,
            };
            Assert.Contains(operation.ToString(), listed);
        }
    }

    [Fact]
    public void A_tall_matrix_costs_thin_memory_though_math_net_knows_full_factors_alone()
    {
        const int m = 40_000, n = 3;
        double[] a = ProviderSample.Random<double>(m, n, 1), s = new double[n], u = new double[m * n], vt = new double[n * n], values = new double[n];
        ReadOnlyMatrixView<double> view = ReadOnlyMatrixView<double>.FromColumnMajor(a, m, n);
        MathNetBackend.Shared.Svd(view, MatrixView<double>.FromColumnMajor(u, m, n), s, MatrixView<double>.FromColumnMajor(vt, n, n));
        MathNetBackend.Shared.SingularValues(view, values);
        double[] expected = new double[n];
        ManagedBackend.Shared.SingularValues(view, expected);
        Assert.True(ProviderSample.Distance(expected, s) <= 30 * m * Eps * expected[0]);
        Assert.True(ProviderSample.Distance(expected, values) <= 30 * m * Eps * expected[0]);
    }

    [Fact]
    public void A_matrix_of_ones_keeps_orthonormal_vectors()
    {
        const int m = 130, n = 67;
        Tensor<double> ones = Tensor.CreateFromShape<double>([m, n]), u = Tensor.CreateFromShape<double>([m, n]), vt = Tensor.CreateFromShape<double>([n, n]), gram = Tensor.CreateFromShape<double>([n, n]);
        ones.AsMatrix().Fill(1);
        MathNetBackend.Shared.Svd(ones.AsReadOnlyMatrix(), u.AsMatrix(), new double[n], vt.AsMatrix());
        foreach (Tensor<double> factor in new[] { u, vt })
        {
            ManagedBackend.Shared.Gram(1.0, factor.AsReadOnlyMatrix().Transpose, 0, gram.AsMatrix());
            Assert.Equal(n, Enumerable.Range(0, n).Sum(i => gram[[i, i]]), 30 * m * Eps * n);
            Assert.True(Math.Abs(Tensor.Norm<double>(gram) - Math.Sqrt(n)) <= 30 * m * Eps * n);
        }
    }

    [Fact]
    public void A_matrix_larger_than_an_array_is_refused_with_its_size()
    {
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => { using CallArrays arrays = new(new ArrayShelf()); arrays.Create<double>(100_000, 100_000); });
        Assert.Contains("100000 x 100000", e.Message, StringComparison.Ordinal);
    }
}
