using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching.Operators;

/// <summary>What a sketch does to lengths: exact cases, and the distortion of subspaces.</summary>
public sealed class SketchIsometryTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 16)]
    [InlineData(11, 16)]
    [InlineData(64, 192)]
    [InlineData(33, 128)]
    public void Whole_Hadamard_sketches_are_exactly_orthogonal_up_to_their_scale(int columns, int rows)
    {
        Tensor<double> s = new SrhtSketch<double>(rows, columns, 7).ToDense(), gram = LinearAlgebra.Gram(s.AsReadOnlyMatrix().Transpose);
        for (int i = 0; i < columns; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                Assert.Equal(i == j ? rows : 0, gram[i, j]);
            }
        }
    }

    [Fact]
    public void Coordinates_keep_their_length_exactly_where_columns_have_one_number_of_signs()
    {
        foreach (string family in new[] { "rademacher", "srht", "countsketch", "sjlt" })
        {
            SketchOperator<double> s = Families.Create<double>(family, 16, 40, 7);
            Tensor<double> gram = LinearAlgebra.Gram(s.ToDense().AsReadOnlyMatrix().Transpose);
            Assert.All(Enumerable.Range(0, 40), j => Assert.Equal(1 / (s.IsometryScale * s.IsometryScale), gram[j, j], 1e-13));
        }
    }

    /// <summary>
    /// The recipe of RandBLAS: N = ceil(((sqrt(2 log(1/p)) + 1) / tau)^2) and D = ceil(((1 + tau) / delta)^2 N) keep all singular values of S Q / sqrt(D) within delta of 1, but for a probability p for each side.
    /// It is a theorem for normal entries; other distributions that embed as well are held to it.
    /// </summary>
    [Theory]
    [InlineData("gaussian", 1)]
    [InlineData("gaussian", 0.75)]
    [InlineData("uniform", 0.75)]
    [InlineData("rademacher", 0.75)]
    [InlineData("srht", 0.75)]
    [InlineData("sjlt8", 0.75)]
    [InlineData("sparse-sign", 0.75)]
    public void Subspaces_are_embedded_within_the_distortion_promised(string family, double delta)
    {
        const double Tau = 1, P = 1e-3;
        int n = (int)Math.Ceiling(Math.Pow((Math.Sqrt(2 * Math.Log(1 / P)) + 1) / Tau, 2)), d = (int)Math.Ceiling(Math.Pow((1 + Tau) / delta, 2) * n), m = 2048;
        Tensor<double> incoherent = LinearAlgebra.Qr(new CounterRandom(3).Normal<double>(m, n)).Q, coherent = Tensor.CreateFromShape<double>([m, n]);
        for (int j = 0; j < n; j++)
        {
            coherent[17 * j, j] = 1;
        }

        for (ulong seed = 0; seed < 5; seed++)
        {
            SketchOperator<double> s = family switch
            {
                "sjlt8" => new SparseJohnsonLindenstrauss<double>(d, m, 8, seed),
                "sparse-sign" => new SparseSignSketch<double>(d, m, 0.1, seed),
                _ => Families.Create<double>(family, d, m, seed),
            };
            foreach (Tensor<double> q in new[] { incoherent, coherent })
            {
                double[] values = LinearAlgebra.SingularValues(s.Sketch(q)).ToArray();
                Assert.InRange(values[0], 1, 1 + delta);
                Assert.InRange(values[^1], 1 - delta, 1);
            }
        }
    }

    /// <summary>E ||(S Q)^T S Q - I||_F^2 = (N^2 + N) / D - small for a count sketch, so D = (N^2 + N) / (p delta^2) embeds but for a probability p (Nelson, Nguyen 2013).</summary>
    [Fact]
    public void Count_sketches_need_the_square_of_the_dimension()
    {
        const int N = 4, D = 20 * 100;
        Tensor<double> q = Tensor.CreateFromShape<double>([5000, N]);
        for (int j = 0; j < N; j++)
        {
            q[j, j] = 1;
        }

        int failed = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            double[] values = LinearAlgebra.SingularValues(new SparseJohnsonLindenstrauss<double>(D, 5000, 1, seed).Sketch(q)).ToArray();
            failed += values[^1] < 0.5 ? 1 : 0;
        }

        // Two of four unit vectors meet in a bucket with probability 6 / 2000: 0.6 of 200 expected; more than 5 have a probability below 1e-4.
        Assert.InRange(failed, 0, 5);
    }

    /// <summary>Leverage scores as weights embed a subspace that uniform draws miss (Drineas, Mahoney, Muthukrishnan 2006): all singular values within 1/2 with D = 8 N log(2 N / 0.01) rows.</summary>
    [Fact]
    public void Leverage_scores_find_the_rows_that_uniform_draws_miss()
    {
        const int N = 10, M = 5000;
        Tensor<double> a = new CounterRandom(3).Normal<double>(M, N);
        for (int j = 0; j < N; j++)
        {
            a[j * 400, j] = 1e4;
        }

        Tensor<double> q = LinearAlgebra.Qr(a).Q;
        double[] scores = [.. Enumerable.Range(0, M).Select(i => Enumerable.Range(0, N).Sum(j => q[i, j] * q[i, j]))];
        int d = (int)(8 * N * Math.Log(2 * N / 0.01));
        for (ulong seed = 0; seed < 5; seed++)
        {
            double[] weighted = LinearAlgebra.SingularValues(new RowSamplingSketch<double>(d, scores, seed).Sketch(q)).ToArray();
            Assert.InRange(weighted[0], 1, 1.5);
            Assert.InRange(weighted[^1], 0.5, 1);
            Assert.InRange(LinearAlgebra.SingularValues(new RowSamplingSketch<double>(d, M, state: seed).Sketch(q)).ToArray()[^1], 0, 0.5);
        }
    }
}
