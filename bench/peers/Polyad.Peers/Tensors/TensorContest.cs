using System.Diagnostics;
using System.Numerics.Tensors;

namespace Polyad.Peers.Tensors;

/// <summary>Tensor work beside a numpy port of TensorLy's way of doing it.</summary>
/// <param name="Operation">The name in tensor_peer.py.</param>
/// <param name="Shape">Of the tensor.</param>
/// <param name="Rank">Of the factors.</param>
/// <param name="Mode">Where the operation has one.</param>
/// <param name="Bar">How many times faster than the port is asked for.</param>
/// <param name="Rounds">How often each side is timed.</param>
/// <param name="Prepare">Polyad's side, made for a tensor of uniform numbers.</param>
internal sealed record TensorContest(string Operation, int[] Shape, int Rank, int Mode, double Bar, int Rounds, Func<Tensor<double>, TensorContest, TensorWork> Prepare)
{
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
        Tensor<double> x = Tensor.CreateFromShape<double>([.. Shape.Select(static n => (nint)n)]);
        new CounterRandom(1).Uniform(x.AsTensorSpan().AsFlat(), -1, 1);
        TensorWork polyad = Prepare(x, this);
        numpy.Prepare(Operation, Mode, Rank, Shape);
        polyad.Run();
        List<double> ours = [], theirs = [], readings = [];
        for (int round = 0; round < Rounds; round++)
        {
            readings.Add(Time(() => Read(x, threads)));
            ours.Add(Time(polyad.Run));
            theirs.Add(numpy.Run());
        }

        return new TensorOutcome(this, ours, theirs, readings.Min(), polyad.Error(), numpy.Error());
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>One reading of all elements: what any method must do at least.</summary>
    private static void Read(Tensor<double> x, int threads)
    {
        double[] sums = new double[threads];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            ReadOnlySpan<double> all = x.AsTensorSpan().AsFlat();
            int length = all.Length / threads;
            double sum = 0;
            for (int at = 0; at < length; at += 8192)
            {
                sum += TensorPrimitives.Sum(all.Slice((part * length) + at, Math.Min(8192, length - at)));
            }

            sums[part] = sum;
        });
        GC.KeepAlive(sums);
    }
}
