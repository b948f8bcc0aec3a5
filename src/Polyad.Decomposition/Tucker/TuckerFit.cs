using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A Tucker fit between two sweeps. Written to a checkpoint and read back without the loss of a bit.</summary>
/// <param name="factors">By mode: orthonormal columns, null where the mode is not compressed.</param>
internal sealed class TuckerFit<T>(Tensor<T>?[] factors)
    where T : unmanaged, INumberBase<T>
{
    public Tensor<T>?[] Factors { get; } = factors;

    /// <summary>By mode: the singular values of the start; null where there are none.</summary>
    public double[]?[] Values { get; init; } = new double[]?[factors.Length];

    /// <summary>The relative error at the start and after each sweep.</summary>
    public List<double> Errors { get; } = [];

    public bool Converged { get; set; }

    /// <param name="subject">What the checkpoint belongs to.</param>
    /// <param name="core">X contracted with the factors: another order of the contractions would round otherwise.</param>
    public FitCheckpoint Snapshot(string subject, TensorBlock<T> core)
    {
        FitCheckpoint checkpoint = FitCheckpoint.Of(subject, Errors.Count - 1);
        for (int n = 0; n < Factors.Length; n++)
        {
            if (Factors[n] is { } factor)
            {
                checkpoint.State.Add($"factor_{n}", factor);
            }

            if (Values[n] is { } values)
            {
                checkpoint.State.Add($"values_{n}", values);
            }
        }

        checkpoint.State.Add("core", core.ToTensor());
        checkpoint.State.Add("errors", [.. Errors]);
        checkpoint.State.Add("converged", Converged ? 1 : 0);
        return checkpoint;
    }

    public static (TuckerFit<T> Fit, TensorBlock<T> Core) Of(ModelArchive archive, TuckerPlan plan)
    {
        IEnumerable<int> modes = Enumerable.Range(0, plan.Order);
        TuckerFit<T> fit = new([.. modes.Select(n => archive.Contains($"factor_{n}") ? archive.Read<T>($"factor_{n}", 2) : null)])
        {
            Values = [.. modes.Select(n => archive.Contains($"values_{n}") ? archive.Numbers($"values_{n}") : null)],
            Converged = archive.Whole("converged") != 0,
        };
        fit.Errors.AddRange(archive.Numbers("errors"));
        Tensor<T> stored = archive.Read<T>("core", plan.Order);
        TensorBlock<T> core = new(stored.Lengths.ToArray());
        DenseData.Elements(stored).CopyTo(core.Elements);
        return (fit, core);
    }

    /// <summary>The model with its bounds.</summary>
    public TuckerResult<T> Result(TuckerPlan plan, Tensor<T> core, double exact, SubspaceMethod method, GivenFactors<T>? given, double norm, ILinearAlgebraBackend backend)
    {
        (Tensor<T> restored, Tensor<T>?[] factors) = given is null ? (core, Factors) : given.Restore(core, Factors, backend);
        TuckerResult<T> result = new(restored, [.. plan.Modes.Select(n => factors[n]!)], exact, Errors, Converged || norm == 0, method, plan.Modes);
        if (plan.Modes.Any(n => Values[n] is null))
        {
            return result;
        }

        // A Gram matrix has added noise of about eps ||X||^2 to each eigenvalue: no part of a lower bound.
        double noise = method == SubspaceMethod.Gram ? 2 * DenseData.Epsilon<T>() * norm * norm : 0, sum = 0, most = 0;
        foreach (int n in plan.Modes)
        {
            double[] tail = [.. Values[n]!.Skip((int)Factors[n]!.Lengths[1])];
            double dropped = tail.Sum(static s => s * s);
            sum += dropped;
            most = Math.Max(most, dropped - (tail.Length * noise));
        }

        double start = norm == 0 ? 0 : Math.Sqrt(sum) / norm, least = norm == 0 ? 0 : Math.Sqrt(Math.Max(0, most)) / norm;
        return result with
        {
            SingularValues = [.. plan.Modes.Select(n => Values[n]!)],
            ErrorBound = start,
            BestErrorBound = Math.Min(exact, Math.Max(least, Errors[0] / Math.Sqrt(plan.Modes.Length))),
        };
    }
}
