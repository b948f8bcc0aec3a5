namespace Polyad.Cli.Compare.Accuracy;

/// <summary>
/// An unevaluated sum of two doubles, about 106 bits: what results in double are judged by. Error-free transformations: Knuth's TwoSum and TwoProduct by fused multiply-add
/// (Ogita, Rump, Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26, 2005).
/// </summary>
internal readonly record struct DoubleDouble(double High, double Low)
{
    public static implicit operator DoubleDouble(double value) => new(value, 0);

    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        double sum = a.High + b.High, part = sum - a.High;
        double error = (a.High - (sum - part)) + (b.High - part) + a.Low + b.Low;
        double high = sum + error;
        return new(high, error - (high - sum));
    }

    public static DoubleDouble operator *(DoubleDouble a, double b)
    {
        double product = a.High * b;
        double error = Math.FusedMultiplyAdd(a.High, b, -product) + (a.Low * b);
        double high = product + error;
        return new(high, error - (high - product));
    }

    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        double product = a.High * b.High;
        double error = Math.FusedMultiplyAdd(a.High, b.High, -product) + ((a.High * b.Low) + (a.Low * b.High));
        double high = product + error;
        return new(high, error - (high - product));
    }

    public static DoubleDouble operator /(DoubleDouble a, double b)
    {
        double quotient = a.High / b;
        double error = (Math.FusedMultiplyAdd(-quotient, b, a.High) + a.Low) / b;
        double high = quotient + error;
        return new(high, error - (high - quotient));
    }

    public static DoubleDouble operator -(double a, DoubleDouble b) => new DoubleDouble(-b.High, -b.Low) + a;
}
