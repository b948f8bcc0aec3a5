using System.Numerics.Tensors;
using Polyad.Decomposition;
using Polyad.IO;
using Polyad.Lapack;
using Xunit;

namespace Polyad.Documents;

/// <summary>The examples of the pages on decompositions, and the README's others.</summary>
public sealed partial class DocumentExamplesTests
{
    [Fact]
    public void Five_lines()
        => Leaving("fluorescence.npy", () =>
        {
            NpyFile.Write("fluorescence.npy", Mixtures());

            Tensor<double> x = NpyFile.Read<double>("fluorescence.npy");
            CpResult<double> model = new CpAls { Seed = 1 }.Fit(x, rank: 3);
            Console.WriteLine($"explains {model.Fit:P2} in {model.Iterations} sweeps");
            Tensor<double> spectra = model.Factors[1];

            Assert.Equal((201, 3), ((int)spectra.Lengths[0], (int)spectra.Lengths[1]));
            Assert.InRange(model.Fit, 0.999, 1);
        });

    [Fact]
    public void Matrices()
    {
        Tensor<double> t = new CounterRandom(1).Normal<double>(5, 6, 7), m = new CounterRandom(2).Normal<double>(7, 4), design = new CounterRandom(3).Normal<double>(50, 6), response = new CounterRandom(4).Normal<double>(50);

        double[] a = new double[1000 * 1000];
        SvdResult<double> svd = LinearAlgebra.Svd(a.AsReadOnlyMatrix(1000, 1000));
        Tensor<double> y = LinearAlgebra.Einsum("ijk,kl->ijl", t, m);
        LeastSquaresResult<double> fit = LinearAlgebra.LeastSquares(design, response);

        Assert.Equal(1000, svd.S.FlattenedLength);
        Assert.Equal([5, 6, 4], y.Lengths);
        Assert.Equal(6, fit.Solution.FlattenedLength);
    }

    [Fact]
    public void Scopes()
    {
        Tensor<float> video = new CounterRandom(1).Normal<float>(6, 7, 8);

        LapackBackends.Register();
        using (Backend.Use("managed"))
        using (Parallelism.Use(1))
        {
            TuckerResult<float> core = new Tucker { Tolerance = 1e-3 }.Fit(video);
        }
    }

    [Fact]
    public void Canonical_polyadic()
        => Leaving("model.npz", () =>
        {
            Tensor<double> x = new CpTensor<double>(
                Tensor.Create([3.0, 2, 1], [3]), [new CounterRandom(1).Normal<double>(40, 3), new CounterRandom(2).Normal<double>(30, 3), new CounterRandom(3).Normal<double>(20, 3)]).Reconstruct();
            CpResult<double> model = new CpAls().Fit(x, 3);
            Console.WriteLine($"explains {model.Fit:P4} in {model.Iterations} sweeps; converged: {model.Converged}");

            CpRankReport<double> report = new CpRankSelection { SplitMode = 0 }.Run(x, 1, 5);
            foreach (CpRankRow row in report.Rows)
            {
                Console.WriteLine($"{row.Rank}: fit {row.Fit:P2}, core consistency {row.CoreConsistency:F0} %, split halves {row.SplitHalf:F3}");
            }

            Console.WriteLine($"suggested: {report.Suggested}");

            CpBootstrapResult<double> sure = new CpBootstrap { Samples = 50, SampleMode = 0 }.Run(x, model);
            Console.WriteLine(string.Join(", ", sure.Stability.Select(s => s.ToString("F3"))));

            IReadOnlyList<IReadOnlyList<CpResult<double>>> fits = new CpAls { Restarts = 4 }.FitMany(x, [1, 2, 3, 4]);
            CpResult<double> rough = new CpRand { Seed = 1 }.Fit(x, 3);
            CpResult<double> polished = new CpAls().Fit(x, rough);

            Tensor<double> stack = new CounterRandom(4).Normal<double>(16, 10, 9, 8);
            IReadOnlyList<CpResult<double>> each = new CpAls().FitBatch(stack, 2);

            Tensor<System.Numerics.Complex> z = Tensor.Create([.. x.ToArray().Select(v => new System.Numerics.Complex(v, 0))], x.Lengths);
            CpResult<System.Numerics.Complex> complex = new CpAls().Fit(z, 3);

            Tensor<double> amounts = Tensor.Create([.. x.ToArray().Select(Math.Abs)], x.Lengths);
            ConstrainedCpResult<double> parts = new NonNegativeCp().Fit(amounts, 3);
            ConstrainedCpResult<double> shaped = new ConstrainedCp
            {
                Constraints = [FactorConstraint.NonNegative, FactorConstraint.Smooth(0.1, order: 2), FactorConstraint.Unimodal(nonNegative: true)],
            }.Fit(amounts, 3);

            amounts[3, 4, 5] = double.NaN;
            ConstrainedCpResult<double> incomplete = new NonNegativeCp().Fit(IncompleteTensor.FromNaN(amounts), 3);

            CpTensor<double> truth = new CpAls { Seed = 9, Initialization = CpInitialization.Random }.Fit(x, 3);
            Console.WriteLine($"factor match score {FactorMatch.Of(model, truth).Score:F6}");
            Console.WriteLine($"congruence of the first columns {FactorMatch.Congruence(model.Factors[0], truth.Factors[0])[0, 0]:F6}");
            Console.WriteLine($"correlation index {FactorMatch.CorrelationIndex(model.Factors[0], truth.Factors[0]):E1}");
            model.Save("model.npz");
            CpResult<double> back = CpResult<double>.Load("model.npz");

            Assert.Equal(model.Fit, back.Fit);
            Assert.Equal(3, report.Suggested);
        });

    [Fact]
    public void Tucker_trains_and_rings()
    {
        Tensor<double> x = new CounterRandom(1).Normal<double>(40, 50, 60);
        TuckerResult<double> byRank = new Tucker().Fit(x, [10, 12, 15]);
        TuckerResult<double> byError = new Tucker { Tolerance = 0.5 }.Fit(x);
        TuckerResult<double> partial = new Tucker { CompressedModes = [1, 2] }.Fit(x, [12, 15]);
        Console.WriteLine($"{byRank.RelativeError:F4}, never below {byRank.BestErrorBound:F4}; ranks for 0.5: {string.Join(", ", byError.Ranks)}");
        Tensor<double> scores = byRank.Transform(x);

        Tensor<double> y = new CounterRandom(2).Normal<double>(8, 8, 8, 8, 8, 8);
        TensorTrainResult<double> train = new TensorTrain { Tolerance = 0.1 }.Fit(y);
        TensorTrainResult<double> narrow = new TensorTrain { Tolerance = 0, MaxRank = 20 }.Fit(y);
        TtTensor<double> sum = (train + 2.0 * train).Round(1e-12);
        Console.WriteLine($"ranks {string.Join(", ", sum.Ranks)}, norm {sum.Norm():F3}, inner product {train.Inner(narrow):F3}, one entry {narrow[1, 2, 3, 4, 5, 6]:F3}");

        TtMatrix<double> identity = TtMatrix<double>.Identity(8, 8, 8, 8, 8, 8);
        TtTensor<double> applied = (identity + 0.5 * identity).Apply(narrow).Round(1e-12);
        Console.WriteLine($"{applied.Distance(1.5 * narrow) / narrow.Norm():E1}");

        nint[] grid = [.. Enumerable.Repeat((nint)32, 8)];
        double Value(ReadOnlySpan<int> i)
        {
            double sum = 1;
            foreach (int k in i)
            {
                sum += (k + 1) / 32.0;
            }

            return 1 / sum;
        }

        TensorTrainCrossResult<double> cross = new TensorTrainCross { Tolerance = 1e-8 }.Fit<double>(grid, Value);
        Console.WriteLine($"{cross.Evaluations} of 32^8 values seen, error {cross.SampledError:E1} on random samples");

        Tensor<double> z = TrTensor<double>.Random(new CounterRandom(3), [12, 13, 14, 15], [3, 3, 3, 3]).Reconstruct();
        TensorRingResult<double> direct = new TensorRing { Tolerance = 1e-6 }.Fit(z);
        TensorRingResult<double> fitted = new TensorRingAls { Restarts = 3, MaxIterations = 200 }.Fit(z, [3, 3, 3, 3]);
        TensorRingResult<double> sampled = new TensorRingAls { Samples = 400, MaxIterations = 50 }.Fit(z, [3, 3, 3, 3]);
        Console.WriteLine($"{direct.RelativeError:E1}, {fitted.RelativeError:E1}, {sampled.RelativeError:E1}");

        Assert.InRange(byError.RelativeError, 0, 0.5);
        Assert.InRange(applied.Distance(1.5 * narrow) / narrow.Norm(), 0, 1e-12);
        Assert.InRange(cross.SampledError, 0, 1e-7);
        Assert.InRange(direct.RelativeError, 0, 1e-6);
    }

    [Fact]
    public void Non_negative()
        => Leaving("amino_acids_X.npy", () =>
        {
            NpyFile.Write("amino_acids_X.npy", Mixtures());

            Tensor<double> x = NpyFile.Read<double>("amino_acids_X.npy");
            ConstrainedCpResult<double> model = new NonNegativeCp().Fit(x, rank: 3);
            Console.WriteLine($"{model.Fit:P3}, {model.Iterations} sweeps, KKT {model.KktResidual:G2}");

            Assert.InRange(model.Fit, 0.999, 1);
        });

    [Fact]
    public void Missing_entries()
    {
        Tensor<double> x = Mixtures(), w = Tensor.Create([.. Enumerable.Repeat(0.5, 5 * 201 * 61)], x.Lengths);
        Tensor<bool> missing = Tensor.Create([.. Enumerable.Range(0, 5 * 201 * 61).Select(static i => i % 50 == 0)], x.Lengths);

        IncompleteTensor<double> seen = IncompleteTensor.FromNaN(x);
        IncompleteTensor<double> same = IncompleteTensor.FromMask(x, missing);
        IncompleteTensor<double> less = IncompleteTensor.FromWeights(x, w);

        CpResult<double> cp = new CpAls { Restarts = 5 }.Fit(seen, rank: 3);
        ConstrainedCpResult<double> positive = new NonNegativeCp().Fit(seen, rank: 4);
        TuckerResult<double> tucker = new Tucker().Fit(seen, [4, 4, 4]);
        Tensor<double> filled = tucker.Reconstruct();

        Assert.Equal((0, 0.02), (seen.MissingShare, same.MissingShare), (a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 1e-4);
        Assert.Equal(x.Lengths, less.Lengths);
        Assert.True(cp.Fit > 0.99 && positive.Fit > 0.99);
        Assert.Equal(x.Lengths, filled.Lengths);
    }

    [Fact]
    public void Constraints()
    {
        Tensor<double> x = Mixtures();

        ConstrainedCpResult<double> model = new ConstrainedCp
        {
            Constraints = [FactorConstraint.Simplex(), FactorConstraint.Unimodal(nonNegative: true), FactorConstraint.Smooth(0.1)],
            Restarts = 5,
        }.Fit(x, rank: 3);

        Assert.Equal(3, model.Rank);
    }

    [Fact]
    public void Non_negative_cores()
    {
        Tensor<double> x = Mixtures();
        double norm = TensorAlgebra.FrobeniusNorm(x);

        NonNegativeTuckerResult<double> model = new NonNegativeTucker { Restarts = 4, CoreSparsity = 0.1 * norm }.Fit(x, [3, 3, 3]);
        Tensor<double> interactions = model.Core;

        Assert.Equal([3, 3, 3], interactions.Lengths);
    }

    /// <summary>Five mixtures of three substances whose spectra are single bands.</summary>
    private static Tensor<double> Mixtures()
    {
        Tensor<double> amounts = new CounterRandom(8).Uniform<double>(5, 3), emission = Bands(201), excitation = Bands(61);
        return new CpTensor<double>(Tensor.Create([3.0, 2, 1], [3]), [amounts, emission, excitation]).Reconstruct();

        static Tensor<double> Bands(int length)
            => Tensor.Create([.. Enumerable.Range(0, 3 * length).Select(i => Math.Exp(-50 * Math.Pow(((i / 3) / (double)length) - (0.25 * ((i % 3) + 1)), 2)))], [length, 3]);
    }
}
