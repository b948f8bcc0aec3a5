using System.Diagnostics;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Providers.LinearAlgebra;
using Polyad.MathNet;

namespace MathNetDropIn;

/// <summary>The best time in milliseconds before and after the one line, and the largest difference of the results (singular values: relative to the largest).</summary>
public sealed record Gain(string Operation, double Before, double After, double Difference)
{
    public double Factor => Before / After;
}

/// <summary>Runs the workload on Math.NET's own code and on Polyad. Rounds alternate, so that both sides meet the same machine.</summary>
public static class BeforeAndAfter
{
    public static IReadOnlyList<Gain> Measure(int size, int rounds)
    {
        Control.UseSingleThread();
        Workload workload = new(size), warmUp = new(64);
        Run[] before = [], after = [];
        for (int round = 0; round <= rounds; round++)
        {
            Workload work = round == 0 ? warmUp : workload;
            LinearAlgebraControl.UseManaged();
            Run[] own = All(work);

            PolyadLinearAlgebraControl.Use("managed"); // the one line

            Run[] polyad = All(work);
            (before, after) = round <= 1 ? (own, polyad) : (Best(before, own), Best(after, polyad));
        }

        return [.. before.Zip(after, (own, polyad) => new Gain(own.Operation, own.Milliseconds, polyad.Milliseconds, (own.Result - polyad.Result).Enumerate().Max(Math.Abs) / own.Scale))];
    }

    private static Run[] All(Workload work)
    {
        Matrix<double> result = work.NewResult();
        return
        [
            Time("product", work.Product, static product => (product, 1)),
            Time("product, given result", () => work.ProductInto(result), static product => (product, 1)),
            Time("SVD", work.SingularValues, static values => (values.ToColumnMatrix(), values[0])),
        ];
    }

    private static Run Time<TResult>(string operation, Func<TResult> run, Func<TResult, (Matrix<double> Matrix, double Scale)> look)
    {
        long start = Stopwatch.GetTimestamp();
        TResult result = run();
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        (Matrix<double> matrix, double scale) = look(result);
        return new Run(operation, milliseconds, matrix, scale);
    }

    private static Run[] Best(Run[] first, Run[] second) => [.. first.Zip(second, static (a, b) => a.Milliseconds <= b.Milliseconds ? a : b)];

    private sealed record Run(string Operation, double Milliseconds, Matrix<double> Result, double Scale);
}
