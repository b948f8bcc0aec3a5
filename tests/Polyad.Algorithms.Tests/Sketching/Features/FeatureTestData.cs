using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>Sparse copies of dense matrices.</summary>
internal static class Sparse
{
    public static CsrMatrix<T> Of<T>(Tensor<T> dense)
        where T : unmanaged, INumberBase<T>
    {
        List<int> rows = [], columns = [];
        List<T> values = [];
        for (int i = 0; i < dense.Lengths[0]; i++)
        {
            for (int j = 0; j < dense.Lengths[1]; j++)
            {
                if (!T.IsZero(dense[i, j]))
                {
                    rows.Add(i);
                    columns.Add(j);
                    values.Add(dense[i, j]);
                }
            }
        }

        return CsrMatrix<T>.FromTriplets(
            (int)dense.Lengths[0], (int)dense.Lengths[1], rows.ToArray(), columns.ToArray(), values.ToArray());
    }
}

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
