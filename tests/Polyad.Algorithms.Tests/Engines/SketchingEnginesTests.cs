using System.Numerics.Tensors;
using Polyad.Sketching.LowRank;
using Polyad.Sketching.Operators;
using Xunit;

namespace Polyad.Sketching;

/// <summary>Draws have the same bits on every engine that is here, and what is made of them differs by the rounding of its products alone.</summary>
public sealed class SketchingEnginesTests
{
    private const double Eps = 2.220446049250313e-16;

    /// <summary>Rows in the domain of every kernel.</summary>
    private static readonly Tensor<double> Rows = FeatureContractTests.SomeRows(150);

    /// <summary>60 x 45 with singular values 0.7^i: gaps that keep singular vectors to within a few hundred units of rounding.</summary>
    private static readonly Tensor<double> Matrix = Spectra.Matrix(60, 45, [.. Enumerable.Range(0, 45).Select(static i => Math.Pow(0.7, i))]);

    public static TheoryData<string> Engines => Decomposition.SubspaceModelsTests.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public void Operators_have_the_same_entries_and_discrete_ones_the_same_sums(string engine)
    {
        Tensor<double> columns = new CounterRandom(5).Normal<double>(90, 6), rows = Families.Transposed(columns);
        string[] discrete = [.. Families.Discrete.Select(static row => row.Data)];
        foreach (string family in Families.Names.Select(static row => row.Data))
        {
            SketchOperator<double> s = Families.Create<double>(family, 40, 90, 7);
            (Tensor<double> entries, Tensor<double> left, Tensor<double> right) = On("managed", () => (s.ToDense(), s.Sketch(columns), s.SketchRows(rows)));
            (Tensor<double> otherEntries, Tensor<double> otherLeft, Tensor<double> otherRight) = On(engine, () => (s.ToDense(), s.Sketch(columns), s.SketchRows(rows)));
            Assert.Equal(entries.ToArray(), otherEntries.ToArray());
            if (discrete.Contains(family))
            {
                Assert.Equal(left.ToArray(), otherLeft.ToArray());
                Assert.Equal(right.ToArray(), otherRight.ToArray());
            }
            else
            {
                // A sum of 90 terms in another order: 2 n eps of the sum of magnitudes, which is at most |S| |A|.
                double bound = 2 * 90 * Eps * s.IsometryScale * LinearAlgebra.Norm(entries) * LinearAlgebra.Norm(columns);
                Near(left, otherLeft, bound);
                Near(right, otherRight, bound);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Complex_operators_differ_by_the_rounding_of_products(string engine)
    {
        Tensor<double> columns = new CounterRandom(5).Normal<double>(90, 6);
        foreach (ComplexSketchOperator s in (ComplexSketchOperator[])[new ComplexGaussianSketch(40, 90, 7), new ComplexRademacherSketch(40, 90, 7), new SrftSketch(40, 90, 7)])
        {
            System.Numerics.Complex[] expected = On("managed", () => s.Sketch(columns)).ToArray(), actual = On(engine, () => s.Sketch(columns)).ToArray();
            Assert.Equal(0, expected.Zip(actual, static (a, b) => (a - b).Magnitude).Max(), 2 * 90 * Eps * Math.Sqrt(90) * LinearAlgebra.Norm(columns));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Sketches_of_polynomials_differ_by_the_rounding_of_products(string engine)
    {
        foreach (SketchFamily family in SketchFamilies.All)
        {
            PolynomialSketch<double> sketch = family.Create<double>(7, new PolynomialKernel(3, 0.5, 1), 64, seed: 3);
            Tensor<double> expected = On("managed", () => sketch.Apply(Rows)), actual = On(engine, () => sketch.Apply(Rows));

            // Degree times the rounding of a sum of d + 1 terms, and of the sums of a tree or a projection, of the size of the largest feature.
            Near(expected, actual, 100 * 64 * Eps * Largest(expected));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Feature_maps_differ_by_the_rounding_of_products(string engine)
    {
        foreach ((string kind, FeatureMap<double> map) in FeatureKinds.Of<double>())
        {
            Tensor<double> expected = On("managed", () => map.FitTransform(Rows, seed: 5)), actual = On(engine, () => FeatureKinds.Of<double>()[kind].FitTransform(Rows, seed: 5));
            Assert.True(expected.Lengths.SequenceEqual(actual.Lengths), kind);

            // Probabilities of sampled powers come from probes in single precision.
            double tolerance = kind == "sampled tensor power" ? 100 * Math.ScaleB(1, -23) : 1e-10;
            Assert.True(Distance(expected, actual) <= tolerance * Math.Max(1, Largest(expected)), $"{kind}: {Distance(expected, actual)} beside {Largest(expected)}");
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_choice_is_the_same_with_the_same_predicted_error(string engine)
    {
        foreach (int degree in (int[])[2, 6])
        {
            PolynomialChoice expected = On("managed", () => PolynomialFeatures.Choose<double>(Rows, new PolynomialKernel(degree, 0.5, 1), 30));
            PolynomialChoice actual = On(engine, () => PolynomialFeatures.Choose<double>(Rows, new PolynomialKernel(degree, 0.5, 1), 30));
            Assert.Equal(expected.Reason, actual.Reason);
            Assert.Equal(expected.Error.RelativeError, actual.Error.RelativeError, 1e-9 * expected.Error.RelativeError);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Randomized_decompositions_are_the_same(string engine)
    {
        Tensor<double> square = LinearAlgebra.MatMul<double>(Matrix.AsReadOnlyMatrix(), Matrix.AsReadOnlyMatrix().Transpose);
        Dictionary<string, Func<Tensor<double>>> all = new()
        {
            ["rSVD"] = () => new RandomizedSvd().Fit(Matrix, 6).Reconstruct(),
            ["rSVD by SRHT"] = () => new RandomizedSvd { Distribution = SketchDistribution.Srht }.Fit(Matrix, 6).Reconstruct(),
            ["QB"] = () => Factored(new QbDecomposition().FitToTolerance(Matrix, 0.01)),
            ["range"] = () => Projector(new RangeFinder().FitToTolerance(Matrix, 0.01).Basis),
            ["Lanczos"] = () => new BlockLanczos().FitSvd(Matrix, 5).Values,
            ["eigen"] = () => new RandomizedEigen().Fit(square, 5).Values,
            ["Nystrom"] = () => new NystromEigen().Fit(square, 5).Values,
            ["pivoted Cholesky"] = () => new RandomlyPivotedCholesky().Fit(square, 8).Factor,
            ["ID"] = () => new InterpolativeDecomposition().FitColumns(Matrix, 6).Coefficients,
            ["CUR"] = () => new CurDecomposition().Fit(Matrix, 6).Reconstruct(),
            ["stream"] = () => Streamed().Reconstruct(),
            ["CholeskyQR"] = () => new CholeskyQr().Fit(Matrix).R,
            ["sketched CholeskyQR"] = () => new CholeskyQr { Method = CholeskyQrMethod.Sketched }.Fit(Matrix).R,
            ["CQRRPT"] = () => new SketchedPivotedQr().Fit(Matrix).R,
            ["blocked pivoted QR"] = () => new BlockedPivotedQr().Fit(Matrix, 12).R,
        };
        foreach ((string name, Func<Tensor<double>> fit) in all)
        {
            Tensor<double> expected = On("managed", fit), actual = On(engine, fit);
            Assert.True(expected.Lengths.SequenceEqual(actual.Lengths), name);
            Assert.True(Distance(expected, actual) <= 1e-11 * Largest(expected), $"{name}: {Distance(expected, actual)} beside {Largest(expected)}");
        }

        static LowRankSvd<double> Streamed()
        {
            StreamingSvd<double> stream = new(60, 45, 6);
            stream.Add(Matrix);
            return stream.ToSvd();
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Solutions_and_estimates_are_the_same(string engine)
    {
        Tensor<double> x = new CounterRandom(3).Normal<double>(400, 12), y = new CounterRandom(4).Normal<double>(400, 2), square = LinearAlgebra.MatMul<double>(x.AsReadOnlyMatrix().Transpose, x.AsReadOnlyMatrix());
        Dictionary<string, Func<Tensor<double>>> all = new()
        {
            ["least squares"] = () => new SketchedLeastSquares().Fit(x, y).Solution,
            ["least squares by SRHT"] = () => new SketchedLeastSquares { Distribution = SketchDistribution.Srht, MixedPrecision = false }.Fit(x, y).Solution,
            ["primal"] = () => new RidgeRegression { Solver = RidgeSolver.Primal }.Fit(x, y).Coefficients,
            ["dual"] = () => new RidgeRegression { Solver = RidgeSolver.Dual }.Fit(x, y).Coefficients,
            ["sketched ridge"] = () => new RidgeRegression { Solver = RidgeSolver.Sketched }.Fit(x, y).Coefficients,
            ["Nystrom ridge"] = () => new RidgeRegression { Solver = RidgeSolver.NystromConjugateGradients }.Fit(x, y).Coefficients,
            ["shifted"] = () => new ShiftedSolver().Fit(square, 0.5, new CounterRandom(5).Normal<double>(12, 1)).Solution,
            ["leverage"] = () => Vector(new LeverageScores().Approximate(x)),
            ["exact leverage"] = () => Vector(new LeverageScores().Exact(x)),
            ["product"] = () => new ApproximateProduct { Size = 60 }.Fit(x, y),
            ["sketched product"] = () => new ApproximateProduct { Size = 60, Distribution = SketchDistribution.Gaussian }.Fit(x, y),
            ["trace"] = () => Vector([new TraceEstimator { Products = 15 }.Fit(square).Value]),
            ["Hutchinson"] = () => Vector([new TraceEstimator { Method = TraceMethod.Hutchinson }.Fit(square).Value]),
            ["diagonal"] = () => Vector(new TraceEstimator { Products = 15 }.FitDiagonal(square).Values),
            ["kernel ridge"] = () => new SketchedRidge<double>(new RandomFourierFeatures<double> { Dimension = 40 }).Fit(x, y, seed: 3).Predict(x),
        };
        foreach ((string name, Func<Tensor<double>> fit) in all)
        {
            Tensor<double> expected = On("managed", fit), actual = On(engine, fit);
            Assert.True(expected.Lengths.SequenceEqual(actual.Lengths), name);
            Assert.True(Distance(expected, actual) <= 1e-11 * Largest(expected), $"{name}: {Distance(expected, actual)} beside {Largest(expected)}");
        }
    }

    /// <summary>The probes that the probabilities come from are in single precision: the entries are the same, and their weights to a few units of that.</summary>
    [Theory]
    [MemberData(nameof(Engines))]
    public void Samples_of_tensor_powers_have_the_same_entries(string engine)
    {
        TensorPowerSample<double> Fit() => new TensorPowerSampler { Samples = 80 }.Fit<double>(Rows, new PolynomialKernel(3, 0.5, 1), ridge: 2, seed: 3);
        TensorPowerSample<double> expected = On("managed", Fit), actual = On(engine, Fit);
        Assert.Equal(expected.Entries.SelectMany(static e => e), actual.Entries.SelectMany(static e => e));
        Assert.All(expected.Weights.ToArray().Zip(actual.Weights.ToArray()), static pair => Assert.Equal(1, pair.First / pair.Second, 100 * Math.ScaleB(1, -23)));
    }

    private static T On<T>(string engine, Func<T> work)
    {
        using IDisposable scope = Backend.Use(engine);
        return work();
    }

    private static Tensor<double> Factored(QbResult<double> qb) => LinearAlgebra.MatMul(qb.Q, qb.B, ManagedBackend.Shared);

    private static Tensor<double> Projector(Tensor<double> q) => LinearAlgebra.MatMul<double>(q.AsReadOnlyMatrix(), q.AsReadOnlyMatrix().Transpose, ManagedBackend.Shared);

    private static Tensor<double> Vector(double[] values) => Tensor.Create(values, [values.Length]);

    private static double Largest(Tensor<double> a) => a.ToArray().Max(Math.Abs);

    private static double Distance(Tensor<double> a, Tensor<double> b) => a.ToArray().Zip(b.ToArray(), static (p, q) => Math.Abs(p - q)).Max();

    private static void Near(Tensor<double> expected, Tensor<double> actual, double tolerance) => Assert.Equal(0, Distance(expected, actual), tolerance);
}
