using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Sketching;

/// <summary>Element-wise functions of spans whose type is only known to be a number: each goes to the vectorised function of its type.</summary>
internal static class ElementMath
{
    /// <summary>A function of each element, in place.</summary>
    public delegate void Function<T>(Span<T> x);

    /// <summary>x = max(x, 0)</summary>
    public static void AtLeastZero<T>(Span<T> x)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(double))
        {
            TensorPrimitives.Max<double>(Doubles(x), 0, Doubles(x));
        }
        else
        {
            TensorPrimitives.Max<float>(Singles(x), 0, Singles(x));
        }
    }

    /// <summary>x = height where x is above 0, else 0.</summary>
    public static void Step<T>(Span<T> x, T height)
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        Vector<T> top = new(height);
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Span<T> part = x.Slice(i, Vector<T>.Count);
            Vector.ConditionalSelect(Vector.GreaterThan(new Vector<T>(part), Vector<T>.Zero), top, Vector<T>.Zero).CopyTo(part);
        }

        for (; i < x.Length; i++)
        {
            x[i] = T.IsPositive(x[i]) && !T.IsZero(x[i]) && !T.IsNaN(x[i]) ? height : T.Zero;
        }
    }

    /// <summary>x = exp(x)</summary>
    public static void Exp<T>(Span<T> x)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(double))
        {
            TensorPrimitives.Exp<double>(Doubles(x), Doubles(x));
        }
        else
        {
            TensorPrimitives.Exp<float>(Singles(x), Singles(x));
        }
    }

    /// <summary>x = log(x)</summary>
    public static void Log<T>(Span<T> x)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(double))
        {
            TensorPrimitives.Log<double>(Doubles(x), Doubles(x));
        }
        else
        {
            TensorPrimitives.Log<float>(Singles(x), Singles(x));
        }
    }

    /// <summary>x = sqrt(x)</summary>
    public static void Sqrt<T>(Span<T> x)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(double))
        {
            TensorPrimitives.Sqrt<double>(Doubles(x), Doubles(x));
        }
        else
        {
            TensorPrimitives.Sqrt<float>(Singles(x), Singles(x));
        }
    }

    /// <summary>x = f(x), in double precision, one by one: for functions without a vectorised form.</summary>
    public static void Apply<T>(Span<T> x, Func<double, double> f)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = T.CreateTruncating(f(double.CreateTruncating(x[i])));
        }
    }

    /// <summary>x = x^power by repeated squaring.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="power">At least 1.</param>
    /// <param name="scratch">Room for as many elements.</param>
    public static void Power<T>(Span<T> x, int power, Span<T> scratch)
        where T : unmanaged, INumberBase<T>
    {
        int bit = 1 << (31 - BitOperations.LeadingZeroCount((uint)power));
        if (bit == power && bit == 1)
        {
            return;
        }

        x.CopyTo(scratch);
        while ((bit >>= 1) > 0)
        {
            TensorPrimitives.Multiply<T>(x, x, x);
            if ((power & bit) != 0)
            {
                TensorPrimitives.Multiply<T>(x, scratch, x);
            }
        }
    }

    /// <summary>A copy in double precision.</summary>
    public static Tensor<double> ToDouble<T>(Tensor<T> x)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<double> copy = FreshMemory.Uninitialized<double>(x.Lengths);
        TensorPrimitives.ConvertChecked<T, double>(LinearAlgebra.Elements(x), LinearAlgebra.Elements(copy));
        return copy;
    }

    /// <summary>A rounded copy; what leaves the range becomes infinite.</summary>
    public static Tensor<T> FromDouble<T>(Tensor<double> x)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> copy = FreshMemory.Uninitialized<T>(x.Lengths);
        TensorPrimitives.ConvertTruncating<double, T>(LinearAlgebra.Elements(x), LinearAlgebra.Elements(copy));
        return copy;
    }

    private static Span<double> Doubles<T>(Span<T> x)
        where T : unmanaged
        => MemoryMarshal.Cast<T, double>(x);

    private static Span<float> Singles<T>(Span<T> x)
        where T : unmanaged
        => MemoryMarshal.Cast<T, float>(x);
}
