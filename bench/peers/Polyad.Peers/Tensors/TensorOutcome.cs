using System.Globalization;

namespace Polyad.Peers.Tensors;

/// <summary>Milliseconds of all rounds, those of the fastest reading of the tensor, and the relative errors that both sides reached on their own uniform numbers (of kernels: against the definition; NaN where there is none).</summary>
internal sealed record TensorOutcome(TensorContest Contest, IReadOnlyList<double> Polyad, IReadOnlyList<double> Numpy, double OneReading, double Error, double NumpyError)
{
    public static string Header
        => $"{"operation",-12} {"shape",-17} {"rank",4} {"mode",4} {"Polyad ms",10} {"spread",7} {"numpy ms",10} {"spread",7} {"faster",8} {"bar",6} {"readings",9} {"error",9} {"numpy",9}";

    public double Ratio => Timing.MedianOf(Numpy) / Timing.MedianOf(Polyad);

    public string Line => string.Create(
        CultureInfo.InvariantCulture,
        $"{Contest.Operation,-12} {string.Join('x', Contest.Shape),-17} {Contest.Rank,4} {Contest.Mode,4} {Timing.MedianOf(Polyad),10:F2} {Spread(Polyad),7:P0} {Timing.MedianOf(Numpy),10:F2} {Spread(Numpy),7:P0} {Ratio,7:F1}x {Contest.Bar,5:F1}x {Timing.MedianOf(Polyad) / OneReading,9:F1} {Shown(Error),9} {Shown(NumpyError),9}{(Ratio < Contest.Bar ? "  below the bar" : "")}");

    private static string Shown(double error) => double.IsNaN(error) ? "-" : error.ToString(error == 0 ? "0" : error < 1e-3 ? "0.0e-00" : "F5", CultureInfo.InvariantCulture);

    /// <summary>The distance of the quartiles by the median.</summary>
    private static double Spread(IReadOnlyList<double> times)
    {
        double[] sorted = [.. times.Order()];
        return (sorted[^(1 + (sorted.Length / 4))] - sorted[sorted.Length / 4]) / Timing.MedianOf(times);
    }
}
