using System.Numerics;

namespace Polyad.Managed;

/// <summary>One elementary reflector H = I - tau v v^T with v_0 = 1 (LAPACK dlarfg's convention).</summary>
internal static unsafe class BidiagonalReflector<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// H x = (beta, 0, ..)^T. x is overwritten with v (1 in front); <paramref name="pivot"/> is x_0 - beta, or 0 where H = I.
    /// A tail too short to matter beside a matrix scaled to 1 is dropped: its reciprocal would overflow.
    /// </summary>
    public static T Create(int n, T* x, out T beta, out T pivot)
    {
        T alpha = x[0];
        T tail = n > 1 ? VectorKernels.Norm2(n - 1, x + 1) : T.Zero;
        x[0] = T.One;
        if (tail <= FloatingPointLimits<T>.SmallestNormal / FloatingPointLimits<T>.Ulp)
        {
            new Span<T>(x + 1, n - 1).Clear();
            beta = alpha;
            pivot = T.Zero;
            return T.Zero;
        }

        beta = -T.CopySign(T.Hypot(alpha, tail), alpha);
        pivot = alpha - beta;
        VectorKernels.Scale(n - 1, T.One / pivot, x + 1);
        return (beta - alpha) / beta;
    }
}
