namespace Polyad.Sketching;

/// <summary>
/// A kernel f(x.y) given by its series f(t) = sum of a_n t^n with coefficients that are not negative: then it is positive definite in every dimension (Schoenberg 1942), and the rest of the series at |t| is at most
/// that at any larger radius.
/// </summary>
public sealed class DotProductKernel
{
    private readonly Func<int, double> _coefficient;
    private readonly Func<double, double> _value;

    private DotProductKernel(string name, int? lastDegree, Func<int, double> coefficient, Func<double, double> value)
        => (Name, LastDegree, _coefficient, _value) = (name, lastDegree, coefficient, value);

    /// <summary>What the kernel is called.</summary>
    public string Name { get; }

    /// <summary>The highest degree of a polynomial; null where the series does not end.</summary>
    public int? LastDegree { get; }

    /// <summary>exp(scale t).</summary>
    /// <param name="scale">Finite and positive.</param>
    public static DotProductKernel Exponential(double scale = 1)
    {
        if (!double.IsFinite(scale) || scale <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, $"The scale of an exponential kernel must be finite and positive; given {scale}.");
        }

        return new($"exp({scale} t)", null, n => Math.Exp((n * Math.Log(scale)) - LogFactorial(n)), t => Math.Exp(scale * t));
    }

    /// <summary>A polynomial.</summary>
    /// <param name="coefficients">a_0, a_1, ..., finite and not negative.</param>
    public static DotProductKernel FromCoefficients(params double[] coefficients)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        if (coefficients.Length is 0 or > PolynomialKernel.MaxDegree + 1)
        {
            throw new ArgumentException($"A polynomial has between 1 and {PolynomialKernel.MaxDegree + 1} coefficients; given {coefficients.Length}.", nameof(coefficients));
        }

        double[] a = [.. coefficients];
        for (int n = 0; n < a.Length; n++)
        {
            CheckCoefficient(n, a[n]);
        }

        return new($"polynomial of degree {a.Length - 1}", a.Length - 1, n => n < a.Length ? a[n] : 0, t =>
        {
            double sum = 0;
            for (int n = a.Length - 1; n >= 0; n--)
            {
                sum = (sum * t) + a[n];
            }

            return sum;
        });
    }

    /// <summary>A series that does not end, with its sum.</summary>
    /// <param name="name">What the kernel is called.</param>
    /// <param name="coefficient">a_n, not negative.</param>
    /// <param name="value">f(t); infinite or NaN where the series diverges.</param>
    public static DotProductKernel FromSeries(string name, Func<int, double> coefficient, Func<double, double> value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(coefficient);
        ArgumentNullException.ThrowIfNull(value);
        return new(name, null, coefficient, value);
    }

    /// <summary>The series of a polynomial kernel.</summary>
    public static DotProductKernel FromPolynomial(PolynomialKernel kernel)
    {
        kernel.Defined();
        double[] a = new double[kernel.Degree + 1];
        for (int n = 0; n < a.Length; n++)
        {
            a[n] = Binomial(kernel.Degree, n) * Math.Pow(kernel.Gamma, n) * Math.Pow(kernel.Constant, kernel.Degree - n);
        }

        return FromCoefficients(a);
    }

    /// <summary>a_n.</summary>
    /// <exception cref="ArgumentException">The series' coefficient is negative or not finite.</exception>
    public double Coefficient(int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        double a = _coefficient(n);
        CheckCoefficient(n, a);
        return a;
    }

    /// <summary>f(t).</summary>
    public double Evaluate(double t) => _value(t);

    /// <summary>A bound of the rest of the series past a degree for all |t| up to a radius: its value there, and what rounding may hide.</summary>
    /// <param name="degree">The last degree that is kept, at least 0.</param>
    /// <param name="radius">At least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or the series diverges at the radius.</exception>
    public double Tail(int degree, double radius)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(degree);
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        if (LastDegree is { } last && degree >= last)
        {
            return 0;
        }

        double value = _value(radius), sum = 0, power = 1;
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(radius), radius, $"{Name} has no finite value at {radius}, the product of two norms of the data: scale the rows down.");
        }

        for (int n = 0; n <= degree; n++)
        {
            sum += Coefficient(n) * power;
            power *= radius;
        }

        return Math.Max(0, value - sum) + ((degree + 4) * 2.3e-16 * value);
    }

    internal static double Binomial(int n, int k)
    {
        double b = 1;
        for (int i = 1; i <= k; i++)
        {
            b = b * (n - k + i) / i;
        }

        return Math.Round(b);
    }

    internal static double LogFactorial(int n)
    {
        double sum = 0;
        for (int k = 2; k <= n; k++)
        {
            sum += Math.Log(k);
        }

        return sum;
    }

    private static void CheckCoefficient(int n, double a)
    {
        if (!double.IsFinite(a) || a < 0)
        {
            throw new ArgumentException($"Coefficient {n} is {a}: a dot-product kernel has finite coefficients of at least 0.");
        }
    }
}
