using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace Polyad.MathNet;

/// <content>Vectors: memory-bound element-wise work, for which the base library's SIMD is enough. Results may be written over operands.</content>
internal sealed partial class EngineProvider<T>
{
    /// <summary>Powers are dear enough for threads from twice this length on.</summary>
    private const int PowersPerThread = 4096;

    public void AddVectorToScaledVector(T[] y, T alpha, T[] x, T[] result)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(result);
        ProviderArguments.SameDimension(y.Length, x.Length);
        if (T.IsZero(alpha))
        {
            Copy(y, result);
            return;
        }

        int n = result.Length;
        if (n > y.Length)
        {
            ProviderArguments.SameDimension(y.Length, n);
        }

        if (alpha == T.One)
        {
            TensorPrimitives.Add<T>(y.AsSpan(0, n), x.AsSpan(0, n), result);
        }
        else
        {
            AddScaled(y, alpha, x, result);
        }
    }

    public void ScaleArray(T alpha, T[] x, T[] result)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(result);
        if (T.IsZero(alpha))
        {
            Array.Clear(result);
        }
        else if (alpha == T.One)
        {
            Copy(x, result);
        }
        else
        {
            int n = result.Length;
            if (n > x.Length)
            {
                ProviderArguments.SameDimension(x.Length, n);
            }

            TensorPrimitives.Multiply(x.AsSpan(0, n), alpha, result);
        }
    }

    public void ConjugateArray(T[] x, T[] result)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(result);
        Copy(x, result);
    }

    public T DotProduct(T[] x, T[] y)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(x);
        ProviderArguments.SameDimension(y.Length, x.Length);
        return TensorPrimitives.Dot<T>(x, y);
    }

    public void AddArrays(T[] x, T[] y, T[] result)
    {
        CheckPair(x, y, result);
        TensorPrimitives.Add<T>(x, y, result);
    }

    public void SubtractArrays(T[] x, T[] y, T[] result)
    {
        CheckPair(x, y, result);
        TensorPrimitives.Subtract<T>(x, y, result);
    }

    public void PointWiseMultiplyArrays(T[] x, T[] y, T[] result)
    {
        CheckPair(x, y, result);
        TensorPrimitives.Multiply<T>(x, y, result);
    }

    public void PointWiseDivideArrays(T[] x, T[] y, T[] result)
    {
        CheckPair(x, y, result);
        TensorPrimitives.Divide<T>(x, y, result);
    }

    public void PointWisePowerArrays(T[] x, T[] y, T[] result)
    {
        CheckPair(x, y, result);
        int threads = Math.Min(Control.MaxDegreeOfParallelism, Parallelism.Current.MaxThreads), parts = Math.Min(threads, x.Length / PowersPerThread);
        if (parts < 2)
        {
            Powers(x, y, result, 0, x.Length);
            return;
        }

        WorkTeam.Run(parts, parts, part => Powers(x, y, result, (int)((long)x.Length * part / parts), (int)((long)x.Length * (part + 1) / parts)));
    }

    public double MatrixNorm(Norm norm, int rows, int columns, T[] matrix)
    {
        ProviderArguments.Room(matrix, rows, columns, nameof(matrix));
        ReadOnlySpan<T> all = matrix.AsSpan(0, rows * columns);
        return all.IsEmpty ? 0 : double.CreateChecked(norm switch
        {
            Norm.OneNorm => LargestColumnSum(all, rows),
            Norm.InfinityNorm => LargestRowSum(all, rows),
            Norm.LargestAbsoluteValue => T.Abs(TensorPrimitives.MaxMagnitude(all)),
            Norm.FrobeniusNorm => EuclideanLength(all),
            _ => throw new NotSupportedException(),
        });
    }

    private static T LargestColumnSum(ReadOnlySpan<T> matrix, int rows)
    {
        T largest = T.Zero;
        for (; !matrix.IsEmpty; matrix = matrix[rows..])
        {
            largest = T.Max(largest, TensorPrimitives.SumOfMagnitudes(matrix[..rows]));
        }

        return largest;
    }

    /// <summary>Row sums are gathered column by column, the order of Math.NET: the sum is exact where its own is.</summary>
    private static T LargestRowSum(ReadOnlySpan<T> matrix, int rows)
    {
        using Rented<T> sums = new(rows), magnitudes = new(rows);
        sums.Span.Clear();
        for (; !matrix.IsEmpty; matrix = matrix[rows..])
        {
            TensorPrimitives.Abs(matrix[..rows], magnitudes.Span);
            TensorPrimitives.Add<T>(sums.Span, magnitudes.Span, sums.Span);
        }

        return TensorPrimitives.Max<T>(sums.Span);
    }

    /// <summary>The root of the sum of squares; where squares leave the range of T the entries are scaled by the largest first.</summary>
    private static T EuclideanLength(ReadOnlySpan<T> x)
    {
        T squares = TensorPrimitives.SumOfSquares(x);
        bool safe = T.IsFinite(squares) && squares >= T.ScaleB(T.One, typeof(T) == typeof(double) ? -900 : -90);
        T largest = safe ? T.One : T.Abs(TensorPrimitives.MaxMagnitude(x));
        if (safe || T.IsZero(largest) || !T.IsFinite(largest))
        {
            return safe ? T.Sqrt(squares) : largest;
        }

        using Rented<T> scaled = new(x.Length);
        TensorPrimitives.Divide(x, largest, scaled.Span);
        return largest * T.Sqrt(TensorPrimitives.SumOfSquares<T>(scaled.Span));
    }

    /// <summary>y + alpha x rounded twice: Math.NET's own tests ask for just that, so a fused multiply-add would be wrong here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(ReadOnlySpan<T> y, T alpha, ReadOnlySpan<T> x, Span<T> result)
    {
        int i = 0, width = Vector<T>.Count;
        if (Vector.IsHardwareAccelerated && result.Length >= width)
        {
            ref T ry = ref MemoryMarshal.GetReference(y);
            ref T rx = ref MemoryMarshal.GetReference(x);
            ref T rr = ref MemoryMarshal.GetReference(result);
            Vector<T> scale = new(alpha);
            for (; i <= result.Length - width; i += width)
            {
                Vector<T> product = scale * Vector.LoadUnsafe(ref rx, (nuint)i);
                (Vector.LoadUnsafe(ref ry, (nuint)i) + product).StoreUnsafe(ref rr, (nuint)i);
            }
        }

        for (; i < result.Length; i++)
        {
            result[i] = y[i] + (alpha * x[i]);
        }
    }

    private static void Powers(T[] x, T[] y, T[] result, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            result[i] = T.Pow(x[i], y[i]);
        }
    }

    private static void Copy(T[] source, T[] target)
    {
        if (target.Length < source.Length)
        {
            ProviderArguments.SameDimension(source.Length, target.Length);
        }

        if (!ReferenceEquals(source, target))
        {
            source.CopyTo(target, 0);
        }
    }

    private static void CheckPair(T[] x, T[] y, T[] result)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(result);
        ProviderArguments.SameDimension(y.Length, x.Length);
        ProviderArguments.SameDimension(y.Length, result.Length);
    }
}
