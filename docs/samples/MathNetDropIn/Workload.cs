using System.Diagnostics;
using MathNet.Numerics.LinearAlgebra;

namespace MathNetDropIn;

/// <summary>An ordinary Math.NET program: it knows nothing of Polyad.</summary>
public sealed class Workload
{
    private readonly Matrix<double> _a;
    private readonly Matrix<double> _b;

    public Workload(int size, int seed = 7)
    {
        Random random = new(seed);
        _a = Matrix<double>.Build.Dense(size, size, (_, _) => random.NextDouble() - 0.5);
        _b = Matrix<double>.Build.Dense(size, size, (_, _) => random.NextDouble() - 0.5);
    }

    /// <summary>A times B.</summary>
    public Matrix<double> Product() => _a * _b;

    /// <summary>The singular values of A, with both sets of vectors computed.</summary>
    public Vector<double> SingularValues() => _a.Svd().S;

    /// <summary>The time of one run, in milliseconds.</summary>
    public static double Milliseconds(Action run)
    {
        ArgumentNullException.ThrowIfNull(run);
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
