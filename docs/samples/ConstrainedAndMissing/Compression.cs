using System.Diagnostics;
using System.Numerics.Tensors;
using Polyad.Decomposition;
using Polyad.IO;

namespace ConstrainedAndMissing;

/// <summary>What a tensor became at a relative error that was asked for.</summary>
/// <param name="Tensor">Its name.</param>
/// <param name="Method">Tucker or TT.</param>
/// <param name="Tolerance">Asked for.</param>
/// <param name="Error">||X - model|| / ||X||.</param>
/// <param name="Ratio">Elements of the tensor for each number stored.</param>
/// <param name="Seconds">The best of three fits.</param>
/// <param name="Ranks">Of the model.</param>
public sealed record Compression(string Tensor, string Method, double Tolerance, double Error, double Ratio, double Seconds, string Ranks)
{
    /// <summary>The hyperspectral cube and the video, in single precision, at each relative error.</summary>
    public static IEnumerable<Compression> Measure(string data, double[] tolerances)
    {
        foreach ((string name, string file) in new[] { ("cube", "jasper_ridge_cube"), ("video", "video_pedestrians") })
        {
            Tensor<float> x = NpyFile.Read<float>(Path.Combine(data, file + ".npy"));
            foreach (double tolerance in tolerances)
            {
                (double seconds, TuckerResult<float> tucker) = Best(() => new Tucker { Tolerance = tolerance, MaxIterations = 0 }.Fit(x));
                yield return new Compression(name, "Tucker", tolerance, tucker.RelativeError, tucker.CompressionRatio, seconds, string.Join(" x ", tucker.Ranks));
                (seconds, TensorTrainResult<float> train) = Best(() => new TensorTrain { Tolerance = tolerance }.Fit(x));
                yield return new Compression(name, "TT", tolerance, train.RelativeError, train.CompressionRatio, seconds, string.Join(", ", train.Ranks));
            }
        }
    }

    private static (double Seconds, T Result) Best<T>(Func<T> fit)
    {
        double best = double.MaxValue;
        T result = fit();
        for (int round = 0; round < 3; round++)
        {
            long start = Stopwatch.GetTimestamp();
            result = fit();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return (best, result);
    }
}
