using System.Diagnostics;
using System.Numerics.Tensors;
using Polyad;
using Polyad.Sketching;

namespace SketchedRegression;

/// <summary>What the sketched model did on rows that it had not seen.</summary>
public sealed record SketchedFit(double Score, double Seconds, double Gamma, double PredictedKernelError, Tensor<double> Predicted);

/// <summary>What the exact model did on the same rows.</summary>
public sealed record ExactFit(double Score, double Seconds, Tensor<double> Predicted);

/// <summary>Ridge regression with a Gaussian kernel, sketched and exact. The last quarter of the rows is for judging.</summary>
public static class KernelRegression
{
    public const double Alpha = 0.1;

    public static SketchedFit Sketched(Tensor<double> x, Tensor<double> y, int features)
    {
        (Tensor<double> train, Tensor<double> test) = Tables.Parts(x);
        (Tensor<double> targets, Tensor<double> truth) = Tables.Parts(y);
        long start = Stopwatch.GetTimestamp();

        // The five lines: from matrix and targets to predictions, and a file to keep the model.
        GaussianMaclaurinFeatures<double> kernel = new() { Dimension = features };
        FeaturePipeline<double> map = new(new StandardScaler<double>(), kernel);
        SketchedRidge<double> model = new SketchedRidge<double>(map) { Alpha = Alpha }.Fit(train, targets, seed: 1);
        Tensor<double> predicted = model.Predict(test);
        double score = model.Score(test, truth);

        return new(score, Stopwatch.GetElapsedTime(start).TotalSeconds, kernel.FittedGamma, kernel.PredictedError.RelativeError, predicted);
    }

    public static ExactFit Exact(Tensor<double> x, Tensor<double> y, double gamma)
    {
        (Tensor<double> train, Tensor<double> test) = Tables.Parts(x);
        (Tensor<double> targets, Tensor<double> truth) = Tables.Parts(y);
        long start = Stopwatch.GetTimestamp();
        FeatureMap<double> scaler = new StandardScaler<double>().Fit(train);
        (Tensor<double> rows, Tensor<double> others) = (scaler.Transform(train), scaler.Transform(test));
        GaussianKernel kernel = new(gamma);
        Tensor<double> system = kernel.Matrix(rows);
        for (int i = 0; i < rows.Lengths[0]; i++)
        {
            system[i, i] += Alpha;
        }

        double mean = Tensor.Average<double>(targets);
        Tensor<double> centred = Tensor.Create([.. targets.Select(t => t - mean)], [targets.Lengths[0], 1]), weights = LinearAlgebra.SolvePositiveDefinite(system, centred);
        Tensor<double> predicted = Tensor.Create([.. LinearAlgebra.MatMul(kernel.Matrix(others, rows), weights).Select(p => p + mean)], [others.Lengths[0]]);
        return new(Tables.Determination(predicted, truth), Stopwatch.GetElapsedTime(start).TotalSeconds, predicted);
    }
}
