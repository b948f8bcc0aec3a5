using System.Numerics;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>Rows of an estimator as an operator, for as long as they are pinned.</summary>
internal static unsafe class RowsOperator
{
    /// <summary>Calls <paramref name="work"/> with the operator of the rows, which must not be kept.</summary>
    public static TResult Use<T, TResult>(in FeatureRows<T> x, Func<LinearOperator<T>, TResult> work)
        where T : unmanaged, INumberBase<T>
    {
        if (x.IsSparse)
        {
            return work(LinearOperator.Of(x.Owned()));
        }

        ReadOnlyMatrixView<T> dense = x.Dense;
        fixed (T* p = dense)
        {
            return work(new BlockOperator<T>(Pinned.Block(dense, p)));
        }
    }
}
