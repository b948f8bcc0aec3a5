using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>How features agree with a kernel.</summary>
internal static class KernelAgreement
{
    public static double Inner<T>(Tensor<T> features, int i, int j)
        where T : unmanaged, INumberBase<T>
    {
        double sum = 0;
        for (int k = 0; k < features.Lengths[1]; k++)
        {
            sum += double.CreateChecked(features[i, k]) * double.CreateChecked(features[j, k]);
        }

        return sum;
    }
}

/// <summary>Keeps what it is told, in the thread that tells.</summary>
internal sealed class Recorder<TReport> : IProgress<TReport>
{
    public List<TReport> Reports { get; } = [];

    public Action? Then { get; init; }

    public void Report(TReport value)
    {
        Reports.Add(value);
        Then?.Invoke();
    }
}
