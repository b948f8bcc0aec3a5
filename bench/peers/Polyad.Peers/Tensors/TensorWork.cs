using System.Numerics.Tensors;
using Polyad.Cli.Compare.Accuracy;

namespace Polyad.Peers.Tensors;

/// <summary>Polyad's side of a contest.</summary>
/// <param name="Run">What is timed.</param>
/// <param name="Error">The relative error of the last run; not timed.</param>
internal sealed record TensorWork(Action Run, Func<double> Error)
{
    /// <summary>Work that knows its error.</summary>
    public static TensorWork Of(Func<double> run)
    {
        double error = double.NaN;
        return new TensorWork(() => error = run(), () => error);
    }

    /// <summary>||G - definition|| / ||definition|| of an MTTKRP, over the first, middle and last rows and columns: sums in about 106 bits.</summary>
    public static double MttkrpError(Tensor<double> x, Tensor<double>[] factors, int mode, Tensor<double> product)
    {
        int rank = (int)factors[0].Lengths[1], length = (int)x.Lengths[mode];
        double squares = 0, norm = 0;
        foreach (int i in new[] { 0, length / 2, length - 1 })
        {
            foreach (int r in new[] { 0, rank / 2, rank - 1 })
            {
                DoubleDouble exact = Entry(x, factors, mode, i, r);
                squares += Math.Pow((product[i, r] - exact).High, 2);
                norm += exact.High * exact.High;
            }
        }

        return Math.Sqrt(squares / norm);
    }

    /// <summary>||U - X_(n)|| / ||X||, entry by entry.</summary>
    public static double UnfoldError(Tensor<double> x, int mode, Tensor<double> unfolding)
    {
        ReadOnlySpan<double> flat = x.AsTensorSpan().AsFlat(), rows = unfolding.AsTensorSpan().AsFlat();
        int length = (int)x.Lengths[mode], columns = (int)unfolding.Lengths[1], right = Right(x, mode);
        double squares = 0;
        for (int at = 0; at < flat.Length; at++)
        {
            int i = at / right % length, column = (at / right / length * right) + (at % right);
            squares += Math.Pow(rows[(i * columns) + column] - flat[at], 2);
        }

        return Math.Sqrt(squares) / TensorPrimitives.Norm(flat);
    }

    /// <summary>The sum over all elements with index i in the mode of their products with the other factors' entries of column r.</summary>
    private static DoubleDouble Entry(Tensor<double> x, Tensor<double>[] factors, int mode, int i, int r)
    {
        ReadOnlySpan<double> flat = x.AsTensorSpan().AsFlat();
        int length = (int)x.Lengths[mode], right = Right(x, mode), left = flat.Length / length / right;
        double[][] columns = [.. factors.Select(f => Enumerable.Range(0, (int)f.Lengths[0]).Select(row => f[row, r]).ToArray())];
        DoubleDouble sum = 0;
        for (int l = 0; l < left; l++)
        {
            for (int p = 0; p < right; p++)
            {
                DoubleDouble product = flat[(((l * length) + i) * right) + p];
                for (int k = columns.Length - 1, before = l, after = p; k >= 0; k--)
                {
                    ref int index = ref k > mode ? ref after : ref before;
                    if (k != mode)
                    {
                        (index, int at) = Math.DivRem(index, columns[k].Length);
                        product *= columns[k][at];
                    }
                }

                sum += product;
            }
        }

        return sum;
    }

    private static int Right(Tensor<double> x, int mode)
    {
        nint product = 1;
        foreach (nint length in x.Lengths[(mode + 1)..])
        {
            product *= length;
        }

        return (int)product;
    }
}
