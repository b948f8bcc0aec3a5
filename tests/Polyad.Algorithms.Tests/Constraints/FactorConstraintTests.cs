using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Decomposition;

/// <summary>Each proximal operator against its definition: brute force over every candidate where there are finitely many, the conditions of optimality elsewhere.</summary>
public class FactorConstraintTests
{
    private const double Rounding = 1e-12;

    public static TheoryData<FactorConstraint> All =>
    [
        FactorConstraint.None, FactorConstraint.NonNegative, FactorConstraint.Box(-0.5, 0.7), FactorConstraint.L1(0.3), FactorConstraint.L1(0.3, true), FactorConstraint.L2(0.8),
        FactorConstraint.L2(0.8, true), FactorConstraint.L2Squared(0.6), FactorConstraint.L2Squared(0.6, true), FactorConstraint.Simplex(), FactorConstraint.Simplex(2.5), FactorConstraint.L1Ball(1.5),
        FactorConstraint.L2Ball(), FactorConstraint.L2Ball(0.7, true), FactorConstraint.HardSparsity(3), FactorConstraint.HardSparsity(2, true), FactorConstraint.HardSparsity(3, false, true),
        FactorConstraint.HardSparsity(2, true, true), FactorConstraint.Smooth(2), FactorConstraint.Smooth(3, 2), FactorConstraint.Monotone(), FactorConstraint.Monotone(true),
        FactorConstraint.Monotone(false, true), FactorConstraint.Monotone(true, true), FactorConstraint.Unimodal(), FactorConstraint.Unimodal(true), FactorConstraint.Orthonormal,
    ];

    public static TheoryData<FactorConstraint> Convex => [.. All.Select(static row => row.Data).Where(static constraint => constraint.IsConvex)];

    [Theory]
    [MemberData(nameof(All))]
    public void No_other_matrix_has_a_lower_proximal_objective(FactorConstraint constraint)
    {
        // Competitors: points of the set (proximal points of other matrices), near and far.
        CounterRandom random = new(11);
        for (ulong trial = 0; trial < 5; trial++)
        {
            Tensor<double> v = random.WithStream(trial).Normal<double>(7, 3), x = constraint.Apply(v, 0.7);
            double best = Objective(constraint, x, v, 0.7);
            for (ulong other = 0; other < 60; other++)
            {
                double far = Math.Pow(10, -(double)(other % 6));
                Tensor<double> noise = random.WithStream(1000 + (100 * trial) + other).Normal<double>(7, 3);
                Tensor<double> y = constraint.Apply(Sum(other % 2 == 0 ? x : v, far, noise), 0.7);
                Assert.True(Objective(constraint, y, v, 0.7) >= best - Rounding, constraint.Name);
                if (constraint.Scale == ConstraintScale.Penalized && constraint.IsSymmetric)
                {
                    Assert.True(Objective(constraint, Sum(x, far, noise), v, 0.7) >= best - Rounding, constraint.Name);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Sets_are_projected_to_themselves_and_cones_keep_their_scale(FactorConstraint constraint)
    {
        Tensor<double> v = new CounterRandom(12).Normal<double>(9, 2), x = constraint.Apply(v);
        if (constraint.Scale != ConstraintScale.Penalized)
        {
            Assert.True(Distance(x, constraint.Apply(x)) < Rounding, constraint.Name);
            Assert.Equal(0, constraint.Penalty(x));
        }

        if (constraint.Scale == ConstraintScale.Free)
        {
            Assert.True(Distance(Sum(x, 7, x), constraint.Apply(Sum(v, 7, v))) < Rounding, constraint.Name);
        }

        if (constraint.IsSymmetric)
        {
            Assert.True(Distance(Sum(x, -2, x), constraint.Apply(Sum(v, -2, v))) < Rounding, constraint.Name);
        }

        float[] single = constraint.Apply(Tensor.Create([.. v.ToArray().Select(static value => (float)value)], v.Lengths)).ToArray();
        for (int i = 0; i < single.Length; i++)
        {
            Assert.Equal(x.ToArray()[i], single[i], 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Convex))]
    public void A_convex_proximal_operator_is_firmly_nonexpansive(FactorConstraint constraint)
    {
        for (ulong trial = 0; trial < 40; trial++)
        {
            Tensor<double> v = new CounterRandom(13, trial).Normal<double>(8, 1), w = new CounterRandom(14, trial).Normal<double>(8, 1);
            Tensor<double> d = Sum(constraint.Apply(v), -1, constraint.Apply(w));
            Assert.True(TensorAlgebra.Inner(d, d) <= TensorAlgebra.Inner(d, Sum(v, -1, w)) + Rounding, constraint.Name);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Monotone_and_unimodal_columns_are_the_nearest_of_all(bool decreasing, bool nonNegative)
    {
        for (ulong trial = 0; trial < 60; trial++)
        {
            double[] v = Draw(15, trial, 8);
            (double monotone, double unimodal) = (double.MaxValue, double.MaxValue);

            // The fit is constant on blocks, at their means: every way to cut eight places into blocks.
            for (int cuts = 0; cuts < 128; cuts++)
            {
                double[] x = BlockMeans(v, cuts, nonNegative);
                double distance = SquareDistance(x, v);
                bool rises = Enumerable.Range(1, 7).All(i => decreasing ? x[i] <= x[i - 1] : x[i] >= x[i - 1]);
                int peak = Array.IndexOf(x, x.Max());
                bool onePeak = Enumerable.Range(1, 7).All(i => i <= peak ? x[i] >= x[i - 1] : x[i] <= x[i - 1]);
                monotone = rises ? Math.Min(monotone, distance) : monotone;
                unimodal = onePeak ? Math.Min(unimodal, distance) : unimodal;
            }

            Assert.Equal(monotone, SquareDistance(Column(FactorConstraint.Monotone(decreasing, nonNegative), v), v), Rounding);
            double[] found = Column(FactorConstraint.Unimodal(nonNegative), v);
            int top = Array.IndexOf(found, found.Max());
            Assert.All(Enumerable.Range(1, 7), i => Assert.True(i <= top ? found[i] >= found[i - 1] : found[i] <= found[i - 1]));
            Assert.Equal(unimodal, SquareDistance(found, v), Rounding);
        }
    }

    [Fact]
    public void Hard_sparsity_keeps_the_best_support_and_the_first_on_ties()
    {
        for (ulong trial = 0; trial < 40; trial++)
        {
            double[] v = Draw(16, trial, 8);
            double least = Enumerable.Range(0, 256).Where(static s => int.PopCount(s) == 3)
                .Min(s => SquareDistance([.. v.Select((value, i) => (s >> i & 1) == 1 ? value : 0)], v));
            double[] x = Column(FactorConstraint.HardSparsity(3), v);
            Assert.Equal(3, x.Count(static value => value != 0));
            Assert.Equal(least, SquareDistance(x, v), Rounding);
        }

        Assert.Equal([1, -1, 0, 0], Column(FactorConstraint.HardSparsity(2), [1, -1, 1, 0.5]));
        Assert.Equal([0, 1, 0], Column(FactorConstraint.HardSparsity(2, true, true), [-3, -1, -2]));
        Assert.Equal([0.6, 0, 0.8], Column(FactorConstraint.HardSparsity(2, true, true), [3, -9, 4]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Smoothing_solves_its_linear_system(int order)
    {
        const int n = 9;
        double[] v = Draw(17, 0, n), x = Column(FactorConstraint.Smooth(2.5, order), v, 0.4);
        double[] stencil = order == 1 ? [-1, 1] : [1, -2, 1], left = [.. x];
        double penalty = 0;
        for (int row = 0; row + order < n; row++)
        {
            double difference = stencil.Select((s, k) => s * x[row + k]).Sum();
            penalty += difference * difference;
            for (int k = 0; k <= order; k++)
            {
                left[row + k] += 0.4 * 2.5 * stencil[k] * difference;
            }
        }

        Assert.True(Math.Sqrt(SquareDistance(left, v)) < Rounding);
        Assert.Equal(0.5 * 2.5 * penalty, FactorConstraint.Smooth(2.5, order).Penalty(Tensor.Create(x, [n, 1])), Rounding);
        Assert.Equal([1.5], Column(FactorConstraint.Smooth(3, order), [1.5]));
    }

    [Fact]
    public void The_border_of_the_l1_ball_is_taken_however_its_sum_rounds()
    {
        for (ulong trial = 0; trial < 2000; trial++)
        {
            double[] v = Draw(19, trial, 8), border = Column(FactorConstraint.L1Ball(1.5), v);
            Assert.True(Math.Sqrt(SquareDistance(border, Column(FactorConstraint.L1Ball(1.5), border))) < Rounding);
        }
    }

    [Fact]
    public void Closed_forms_hold()
    {
        Near([2, 0, -1], Column(FactorConstraint.L1(1), [3, -0.5, -2]));
        Near([2, 0, 0], Column(FactorConstraint.L1(1, true), [3, -0.5, -2]));
        Near([2.4, -3.2], Column(FactorConstraint.L2(1), [3, -4]));
        Near([0, 0], Column(FactorConstraint.L2(5), [3, -4]));
        Near([2, 0], Column(FactorConstraint.L2(1, true), [3, -4]));
        Near([1.5, -2], Column(FactorConstraint.L2Squared(1), [3, -4]));
        Near([0.75, 0.25, 0], Column(FactorConstraint.Simplex(), [1, 0.5, -3]));
        Near([1.5, -0.5, 0], Column(FactorConstraint.L1Ball(2), [3, -2, 0.5]));
        Near([0.25, -0.25], Column(FactorConstraint.L1Ball(2), [0.25, -0.25]));
        Near([0.6, -0.8], Column(FactorConstraint.L2Ball(), [3, -4]));
        Near([1, 0], Column(FactorConstraint.L2Ball(1, true), [3, -4]));
        Near([0, 0.5, 1], Column(FactorConstraint.Box(0, 1), [-2, 0.5, 7]));
        Assert.Equal(3.5, FactorConstraint.L1(0.5).Penalty(Tensor.Create([3.0, -4], [2, 1])));
        Assert.Equal(3.5, FactorConstraint.L2(0.5).Penalty(Tensor.Create([3.0, 2, -4, 0], [2, 2])));
        Assert.Equal(6.25, FactorConstraint.L2Squared(0.5).Penalty(Tensor.Create([3.0, -4], [2, 1])));
    }

    [Fact]
    public void The_nearest_orthonormal_matrix_is_the_polar_factor()
    {
        Tensor<double> v = new CounterRandom(18).Normal<double>(6, 3), x = FactorConstraint.Orthonormal.Apply(v);
        Assert.True(Planted.Unorthogonality(x) < Rounding);
        Tensor<double> h = LinearAlgebra.MatMul(x.AsReadOnlyMatrix().Transpose, v.AsReadOnlyMatrix());
        Assert.True(Distance(h, TensorAlgebra.Permute(h, [1, 0])) < Rounding);
        Assert.True(LinearAlgebra.SymmetricEigen(h).Values.ToArray()[0] > 0);
        Assert.Contains("2 x 3", Assert.Throws<ArgumentException>(() => FactorConstraint.Orthonormal.Apply(new CounterRandom(1).Normal<double>(2, 3))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FactorConstraint.L1(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FactorConstraint.L2(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => FactorConstraint.L2Squared(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => FactorConstraint.Simplex(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FactorConstraint.L1Ball(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FactorConstraint.L2Ball(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => FactorConstraint.HardSparsity(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FactorConstraint.Smooth(1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => FactorConstraint.Box(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FactorConstraint.Box(double.NaN, 1));
        Assert.Throws<ArgumentException>(() => FactorConstraint.NonNegative.Apply(Tensor.CreateFromShape<double>([2, 2, 2])));
        Assert.Throws<ArgumentOutOfRangeException>(() => FactorConstraint.NonNegative.Apply(Tensor.CreateFromShape<double>([2, 2]), 0));
        Assert.Throws<NotSupportedException>(() => FactorConstraint.NonNegative.Apply(Tensor.CreateFromShape<decimal>([2, 2])));
        Assert.Equal(0, FactorConstraint.L1(1).Penalty(Tensor.CreateFromShape<double>([0, 2])));
    }

    private static double[] Draw(ulong seed, ulong stream, int count)
    {
        double[] values = new double[count];
        new CounterRandom(seed, stream).Normal<double>(values);
        return values;
    }

    private static double[] Column(FactorConstraint constraint, double[] v, double t = 1) => constraint.Apply(Tensor.Create(v, [v.Length, 1]), t).ToArray();

    private static void Near(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.True(Math.Sqrt(SquareDistance(expected, found)) < Rounding, string.Join(", ", found));
    }

    private static double[] BlockMeans(double[] v, int cuts, bool nonNegative)
    {
        double[] x = new double[v.Length];
        for (int start = 0; start < v.Length;)
        {
            int end = start + 1;
            while (end < v.Length && (cuts >> (end - 1) & 1) == 0)
            {
                end++;
            }

            double mean = v[start..end].Average();
            Array.Fill(x, nonNegative ? Math.Max(mean, 0) : mean, start, end - start);
            start = end;
        }

        return x;
    }

    /// <summary>a + factor b</summary>
    private static Tensor<double> Sum(Tensor<double> a, double factor, Tensor<double> b)
        => Tensor.Create([.. a.ToArray().Zip(b.ToArray(), (x, y) => x + (factor * y))], a.Lengths);

    private static double Objective(FactorConstraint constraint, Tensor<double> x, Tensor<double> v, double t)
        => (t * constraint.Penalty(x)) + (0.5 * SquareDistance(x.ToArray(), v.ToArray()));

    private static double Distance(Tensor<double> a, Tensor<double> b) => Math.Sqrt(SquareDistance(a.ToArray(), b.ToArray()));

    private static double SquareDistance(double[] a, double[] b) => a.Zip(b, static (x, y) => (x - y) * (x - y)).Sum();
}
