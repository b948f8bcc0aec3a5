using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>What is done with every panel of a mode; panels are independent.</summary>
internal unsafe interface IPanelWork<T>
    where T : unmanaged, INumberBase<T>
{
    /// <param name="kernel">The problems of the panel.</param>
    /// <param name="row">The first row of the panel.</param>
    /// <param name="count">Its rows.</param>
    /// <param name="x">Room for R x lanes.</param>
    /// <param name="y">The same again.</param>
    void Run<TCoefficients>(in PanelKernel<T, TCoefficients> kernel, int row, int count, T* x, T* y)
        where TCoefficients : struct, IPanelCoefficients<T>;
}

/// <summary>Cycles of non-negative descent on the rows of a factor.</summary>
internal readonly unsafe struct NonNegativeWork<T>(T* factor, int rank, NonNegativeSettings settings, T low) : IPanelWork<T>
    where T : unmanaged, INumberBase<T>
{
    public void Run<TCoefficients>(in PanelKernel<T, TCoefficients> kernel, int row, int count, T* x, T* y)
        where TCoefficients : struct, IPanelCoefficients<T>
    {
        T penalty = T.CreateSaturating(settings.Penalty);
        T* rows = factor + ((nint)row * rank);
        RowPanel<T>.Load(rows, count, rank, x);
        double first = 0, enough = settings.Reduction * settings.Reduction;
        for (int cycle = 0; cycle < settings.Cycles; cycle++)
        {
            double moved = settings.Method == NonNegativeMethod.MultiplicativeUpdate ? kernel.MultiplicativeCycle(x, penalty, low) : kernel.CoordinateCycle(x, penalty, low);
            first = cycle == 0 ? moved : first;
            if (moved <= enough * first)
            {
                break;
            }
        }

        RowPanel<T>.Store(x, count, rank, rows);
    }
}

/// <summary>The gradients G x - m of the rows of a factor.</summary>
internal readonly unsafe struct GradientWork<T>(T* factor, T* gradient, int rank) : IPanelWork<T>
    where T : unmanaged, INumberBase<T>
{
    public void Run<TCoefficients>(in PanelKernel<T, TCoefficients> kernel, int row, int count, T* x, T* y)
        where TCoefficients : struct, IPanelCoefficients<T>
    {
        RowPanel<T>.Load(factor + ((nint)row * rank), count, rank, x);
        kernel.Gradient(x, y);
        RowPanel<T>.Store(y, count, rank, gradient + ((nint)row * rank));
    }
}
