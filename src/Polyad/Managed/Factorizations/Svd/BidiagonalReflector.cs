using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Managed;

/// <summary>The reflector of one step of bidiagonalisation, with what the fused pass needs besides.</summary>
internal static unsafe class BidiagonalReflector<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// H x = (beta, 0, ..)^T. x is overwritten with v (1 in front); <paramref name="pivot"/> is x_0 - beta, or 0 where H = I. Returns tau.
    /// A tail too short to matter beside a matrix scaled to 1 is dropped: the products with it, which are divided by the pivot, would have lost their digits.
    /// </summary>
    public static T Create(int n, T* x, out T beta, out T pivot)
    {
        T alpha = x[0];
        beta = alpha;
        pivot = T.Zero;
        x[0] = T.One;
        if (n == 1)
        {
            return T.Zero;
        }

        T longest = T.Abs(TensorPrimitives.MaxMagnitude<T>(new ReadOnlySpan<T>(x + 1, n - 1)));
        if (longest <= FloatingPointLimits<T>.SmallestNormal / FloatingPointLimits<T>.Ulp)
        {
            new Span<T>(x + 1, n - 1).Clear();
            return T.Zero;
        }

        T tau = HouseholderReflector.Make(n - 1, ref beta, x + 1);
        pivot = alpha - beta;
        return tau;
    }
}
