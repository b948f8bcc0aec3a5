using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad;

/// <summary>Sums over all elements of a dense tensor: blocks in the element type, their sums compensated in double (Neumaier 1974), so that length costs no accuracy.</summary>
internal static unsafe class TensorReductions
{
    private const int Block = 1024;

    /// <summary>sqrt(sum x^2) without overflow or underflow on the way.</summary>
    public static double FrobeniusNorm<T>(T* x, nint count)
        where T : unmanaged, INumberBase<T>
    {
        double square = SquareSum(x, count, T.One, scale: false);
        double tiny = typeof(T) == typeof(float) ? 1e-28 : 1e-270, huge = typeof(T) == typeof(float) ? 1e37 : 1e300;
        if (square > tiny && square < huge)
        {
            return Math.Sqrt(square);
        }

        T largest = T.Zero;
        for (nint i = 0; i < count; i += Block)
        {
            largest = T.MaxMagnitude(largest, VectorKernels.MaxMagnitude((int)Math.Min(Block, count - i), x + i));
        }

        double magnitude = double.CreateSaturating(largest);
        return magnitude == 0 || !double.IsFinite(magnitude) ? magnitude : magnitude * Math.Sqrt(SquareSum(x, count, largest, scale: true));
    }

    /// <summary>sum x y</summary>
    public static double Inner<T>(T* x, T* y, nint count)
        where T : unmanaged, INumberBase<T>
    {
        CompensatedSum sum = default;
        for (nint i = 0; i < count; i += Block)
        {
            sum.Add(double.CreateSaturating(VectorKernels.Dot((int)Math.Min(Block, count - i), x + i, y + i)));
        }

        return sum.Value;
    }

    private static double SquareSum<T>(T* x, nint count, T divisor, bool scale)
        where T : unmanaged, INumberBase<T>
    {
        CompensatedSum sum = default;
        T* scaled = stackalloc T[scale ? Block : 1];
        for (nint i = 0; i < count; i += Block)
        {
            int here = (int)Math.Min(Block, count - i);
            T* from = x + i;
            if (scale)
            {
                for (int k = 0; k < here; k++)
                {
                    scaled[k] = from[k] / divisor;
                }

                from = scaled;
            }

            sum.Add(double.CreateSaturating(TensorPrimitives.SumOfSquares(new ReadOnlySpan<T>(from, here))));
        }

        return sum.Value;
    }

    private struct CompensatedSum
    {
        private double _sum;
        private double _rest;

        public readonly double Value => double.IsFinite(_rest) ? _sum + _rest : _sum;

        public void Add(double term)
        {
            double next = _sum + term;
            _rest += Math.Abs(_sum) >= Math.Abs(term) ? (_sum - next) + term : (term - next) + _sum;
            _sum = next;
        }
    }
}
