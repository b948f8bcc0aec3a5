using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;

namespace Polyad.Peers;

/// <summary>Tensor work beside a numpy port of TensorLy's way of doing it.</summary>
/// <param name="Operation">The name in tensor_peer.py.</param>
/// <param name="Shape">Of the tensor.</param>
/// <param name="Rank">Of the factors.</param>
/// <param name="Mode">Where the operation has one.</param>
/// <param name="Bar">The share of the port's time that is asked for.</param>
/// <param name="Rounds">How often each side is timed.</param>
/// <param name="Prepare">Polyad's side: inputs made, ready to run.</param>
internal sealed record TensorContest(string Operation, int[] Shape, int Rank, int Mode, double Bar, int Rounds, Func<TensorContest, Action> Prepare)
{
    /// <summary>A tensor of uniform numbers, the same at every call.</summary>
    public Tensor<double> Input()
    {
        Tensor<double> x = Tensor.CreateFromShape<double>([.. Shape.Select(static n => (nint)n)]);
        new CounterRandom(1).Uniform(x.AsTensorSpan().AsFlat(), -1, 1);
        return x;
    }

    public Tensor<double>[] Factors()
        => [.. Shape.Select((n, k) =>
        {
            Tensor<double> factor = Tensor.CreateFromShape<double>([n, Rank]);
            new CounterRandom(2, (ulong)k).Uniform(factor.AsTensorSpan().AsFlat(), -1, 1);
            return factor;
        })];

    /// <summary>Rounds go from one side to the other, so that a busy moment of the machine meets both.</summary>
    public TensorOutcome Run(NumpyProcess numpy, int threads)
    {
        Action polyad = Prepare(this);
        numpy.Prepare(Operation, Mode, Rank, Shape);
        polyad();
        List<double> ours = [], theirs = [], reads = [];
        Tensor<double> x = Input();
        for (int round = 0; round < Rounds; round++)
        {
            reads.Add(Time(() => Read(x, threads)));
            ours.Add(Time(polyad));
            theirs.Add(numpy.Run());
        }

        return new TensorOutcome(this, Median(ours), Median(theirs), reads.Min());
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return 0.5 * (times[(times.Count - 1) / 2] + times[times.Count / 2]);
    }

    /// <summary>One reading of all elements: what any method must do at least.</summary>
    private static void Read(Tensor<double> x, int threads)
    {
        double[] sums = new double[threads];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            ReadOnlySpan<double> all = x.AsTensorSpan().AsFlat();
            int length = all.Length / threads;
            for (int at = 0; at < length; at += 8192)
            {
                sums[part] += TensorPrimitives.Sum(all.Slice((part * length) + at, Math.Min(8192, length - at)));
            }
        });
        GC.KeepAlive(sums);
    }
}

/// <summary>Medians in milliseconds, and the best time of one reading of the tensor.</summary>
internal sealed record TensorOutcome(TensorContest Contest, double Polyad, double Numpy, double OneReading)
{
    public static string Header => $"{"operation",-12} {"shape",-16} {"rank",4} {"mode",4} {"Polyad ms",11} {"numpy ms",11} {"ratio",8} {"bar",8} {"readings",9}";

    public string Line => string.Create(
        CultureInfo.InvariantCulture,
        $"{Contest.Operation,-12} {string.Join('x', Contest.Shape),-16} {Contest.Rank,4} {Contest.Mode,4} {Polyad,11:F2} {Numpy,11:F2} {"1/" + (Numpy / Polyad).ToString("F1", CultureInfo.InvariantCulture),8} {"1/" + (1 / Contest.Bar).ToString("F1", CultureInfo.InvariantCulture),8} {Polyad / OneReading,9:F1}");
}
