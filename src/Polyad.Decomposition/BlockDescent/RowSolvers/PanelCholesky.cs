using System.Numerics;
using System.Runtime.CompilerServices;

namespace Polyad.Decomposition;

/// <summary>Cholesky factors of the small matrices in the lanes of a panel, all at once.</summary>
internal static unsafe class PanelCholesky<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>
    /// G + shift I = L L^T, in place of G (packed, in lanes). A pivot that is rounding beside its diagonal entry becomes 1 and marks its lane as singular.
    /// </summary>
    /// <param name="g">Packed matrices, R (R + 1) / 2 x lanes.</param>
    /// <param name="rank">R.</param>
    /// <param name="shift">Added to the diagonal.</param>
    /// <param name="singular">One number for each lane: set above 0 where the factor is not to be used.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Factor(T* g, int rank, T shift, T* singular)
    {
        int width = Vector<T>.Count, lanes = RowPanel<T>.Lanes;
        Vector<T> add = new(shift), rounding = new(T.CreateTruncating(16 * rank * DenseData.Epsilon<T>()));
        for (int lane = 0; lane < lanes; lane += width)
        {
            Vector<T> marked = Vector<T>.Zero;
            for (int i = 0; i < rank; i++)
            {
                T* line = g + (PackedSymmetric.Index(i, 0) * lanes) + lane;
                for (int j = 0; j <= i; j++)
                {
                    T* other = g + (PackedSymmetric.Index(j, 0) * lanes) + lane;
                    Vector<T> sum = Vector.Load(line + (j * lanes));
                    Vector<T> diagonal = sum + add;
                    sum = i == j ? diagonal : sum;
                    for (int k = 0; k < j; k++)
                    {
                        sum -= Vector.Load(line + (k * lanes)) * Vector.Load(other + (k * lanes));
                    }

                    if (i == j)
                    {
                        Vector<T> good = Vector.GreaterThan(sum, diagonal * rounding);
                        marked = Vector.ConditionalSelect(good, marked, Vector<T>.One);
                        sum = Vector.SquareRoot(Vector.ConditionalSelect(good, sum, Vector<T>.One));
                    }
                    else
                    {
                        sum /= Vector.Load(other + (j * lanes));
                    }

                    sum.Store(line + (j * lanes));
                }
            }

            marked.Store(singular + lane);
        }
    }

    /// <summary>L L^T x = b in place of b, R x lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Solve(T* l, int rank, T* b)
    {
        int width = Vector<T>.Count, lanes = RowPanel<T>.Lanes;
        for (int lane = 0; lane < lanes; lane += width)
        {
            for (int i = 0; i < rank; i++)
            {
                T* line = l + (PackedSymmetric.Index(i, 0) * lanes) + lane;
                Vector<T> sum = Vector.Load(b + (i * lanes) + lane);
                for (int k = 0; k < i; k++)
                {
                    sum -= Vector.Load(line + (k * lanes)) * Vector.Load(b + (k * lanes) + lane);
                }

                (sum / Vector.Load(line + (i * lanes))).Store(b + (i * lanes) + lane);
            }

            for (int i = rank - 1; i >= 0; i--)
            {
                Vector<T> sum = Vector.Load(b + (i * lanes) + lane);
                for (int k = i + 1; k < rank; k++)
                {
                    sum -= Vector.Load(l + (PackedSymmetric.Index(k, i) * lanes) + lane) * Vector.Load(b + (k * lanes) + lane);
                }

                (sum / Vector.Load(l + (PackedSymmetric.Index(i, i) * lanes) + lane)).Store(b + (i * lanes) + lane);
            }
        }
    }
}
