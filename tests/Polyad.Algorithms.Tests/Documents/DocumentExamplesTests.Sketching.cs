using System.Numerics.Tensors;
using Polyad.Sketching;
using Xunit;

namespace Polyad.Documents;

/// <summary>The examples of docs/sketching.md and of the README's section on sketches.</summary>
public sealed partial class DocumentExamplesTests
{
    private static readonly Tensor<double> Rows = new CounterRandom(1).Uniform<double>(300, 10);
    private static readonly Tensor<double> Targets = Tensor.Create([.. Enumerable.Range(0, 300).Select(static i => Rows[i, 0] + (Rows[i, 1] * Rows[i, 2]))], [300]);

    [Fact]
    public void Regression()
        => Leaving("model.npz", () =>
        {
            (Tensor<double> x, Tensor<double> y) = (Rows, Targets);

            FeaturePipeline<double> map = new(new StandardScaler<double>(), new GaussianMaclaurinFeatures<double> { Dimension = 512 });
            SketchedRidge<double> model = new SketchedRidge<double>(map) { Alpha = 0.1 }.Fit(x, y, seed: 1);
            Tensor<double> predicted = model.Predict(x);
            double score = model.Score(x, y);
            model.Save("model.npz");

            Assert.InRange(score, 0.99, 1);
            Assert.Equal(predicted.ToArray(), SketchedRidge.Load<double>("model.npz").Predict(x).ToArray());
        });

    [Fact]
    public void Maps()
        => Leaving("fourier.npz", () =>
        {
            Tensor<double> x = Rows;

            RandomFourierFeatures<double> fourier = new() { Kernel = new GaussianKernel(0.1), Dimension = 256, Sampling = ProjectionSampling.Orthogonal };
            Tensor<double> features = fourier.FitTransform(x, seed: 1);
            fourier.Save("fourier.npz");
            FeatureMap<double> again = FeatureMap.Load<double>("fourier.npz");

            Assert.Equal(features.ToArray(), again.Transform(x).ToArray());
        });

    [Fact]
    public void Columns()
    {
        Tensor<double> x = Rows;

        Tensor<double> leading = new Pca<double> { NComponents = 3 }.FitTransform(x, seed: 1);
        long columns = JohnsonLindenstrauss.MinimumDimension(1_000_000, distortion: 0.3);
        Tensor<double> projected = new SparseRandomProjection<double> { NComponents = 400 }.FitTransform(x, seed: 1);

        Assert.Equal((3, 400), ((int)leading.Lengths[1], (int)projected.Lengths[1]));
        Assert.InRange(columns, 1500, 1600);
    }

    [Fact]
    public void Predictions()
    {
        Tensor<double> x = Rows;
        double[] a = SketchSpread.Row(x, 0), b = SketchSpread.Row(x, 1);

        PolynomialKernel kernel = new(3, 0.5, 0.5);
        VarianceModel variances = new(SketchFamily.ProductSrht(), kernel, inputDimension: 10, outputDimension: 1024);
        VariancePrediction pair = variances.Predict(a, b);
        ErrorPrediction matrix = variances.Predict<double>(x);

        PolynomialChoice choice = PolynomialFeatures.Choose<double>(x, kernel, outputDimension: 100);
        Console.WriteLine(choice.Reason);
        PolynomialChoice small = PolynomialFeatures.ChooseForError<double>(x, kernel, relativeError: 0.02);
        Tensor<double> chosen = small.Create<double>(seed: 1).Apply(x);

        Assert.Equal(PredictionKind.Exact, pair.Kind);
        Assert.True(matrix.RelativeError > 0 && choice.OutputDimension <= 100 && small.Error.RelativeError <= 0.02);
        Assert.Equal(small.OutputDimension, chosen.Lengths[1]);
    }

    [Fact]
    public void Sketches()
    {
        Tensor<double> x = Rows;

        PolynomialSketch<double> sketch = SketchFamily.Tree().Create<double>(10, new PolynomialKernel(6), 256, seed: 1);
        Tensor<double> powers = sketch.Apply(x);

        TensorPowerSample<double> sample = new TensorPowerSampler { Epsilon = 0.5 }.Fit<double>(x, new PolynomialKernel(4, 0.1, 1), ridge: 10, seed: 1);
        Tensor<double> sampled = sample.Apply(x);
        TensorPowerFeatures<double> monomials = new TensorPowerFeatures<double> { Kernel = new(4, 0.1, 1), Ridge = 10 }.Fit(x, seed: 1);

        SrhtSketch<double> srht = new(64, (int)x.Lengths[0], 7);
        Tensor<double> shorter = srht.Sketch(x);
        SketchAccumulator<double> stream = new(new SparseJohnsonLindenstrauss<double>(64, 1_000_000, 8, 7), width: 10);
        stream.Add(x);

        Assert.Equal((256, 64, sample.OutputDimension), ((int)powers.Lengths[1], (int)shorter.Lengths[0], (int)sampled.Lengths[1]));
        Assert.Equal(64, stream.ToSketch().Lengths[0]);
        Assert.Equal(sampled.ToArray(), monomials.Transform(x).ToArray());
    }

    [Fact]
    public void Algebra()
    {
        (Tensor<double> x, Tensor<double> y) = (Rows, Targets);

        LowRankSvd<double> svd = new RandomizedSvd { Seed = 1 }.Fit(x, rank: 5);
        QbResult<double> qb = new QbDecomposition { Seed = 1 }.FitToTolerance(x, tolerance: 0.1);
        SketchedLeastSquaresResult<double> fit = new SketchedLeastSquares { Seed = 1 }.Fit(x, y);
        double[] scores = new LeverageScores { Seed = 1 }.Approximate(x);

        Assert.Equal(5, svd.S.FlattenedLength);
        Assert.True(qb.RelativeError <= 0.1 && fit.Converged);
        Assert.Equal(300, scores.Length);
    }
}
