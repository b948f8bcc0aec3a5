using System.Numerics.Tensors;

namespace Polyad.Conformance;

/// <summary>Operations by their definitions, in double.</summary>
internal static class Reference
{
    public static Dense Multiply(Dense a, Dense b)
    {
        Dense c = new(a.Rows, b.Columns);
        for (int i = 0; i < a.Rows; i++)
        {
            Span<double> row = c.Row(i);
            for (int k = 0; k < a.Columns; k++)
            {
                TensorPrimitives.MultiplyAdd(b.Row(k), a[i, k], row, row);
            }
        }

        return c;
    }

    /// <summary>alpha A B + beta C.</summary>
    public static Dense Combine(double alpha, Dense product, double beta, Dense c)
        => Dense.From(c.Rows, c.Columns, (i, j) => (alpha * product[i, j]) + (beta == 0 ? 0 : beta * c[i, j]));

    /// <summary>
    /// The componentwise bound of an inner product of length k summed in any order (Higham, Accuracy and Stability, 3.1): |error| &lt;= gamma_k |A||B|;
    /// ulp is twice the unit roundoff, which leaves as much for the reference, and the last term is for products that underflow.
    /// </summary>
    public static void AssertWithin(Dense actual, Dense expected, Dense magnitude, double terms, double ulp, double tiny)
    {
        for (int i = 0; i < actual.Rows; i++)
        {
            for (int j = 0; j < actual.Columns; j++)
            {
                double error = Math.Abs(actual[i, j] - expected[i, j]), bound = ((terms + 3) * ulp * magnitude[i, j]) + (terms * tiny);
                if (!(error <= bound))
                {
                    Assert.Fail($"entry ({i}, {j}) is {actual[i, j]:R}, expected {expected[i, j]:R}: error {error:E2} above {bound:E2}");
                }
            }
        }
    }

    public static void AssertSymmetric(Dense c)
    {
        for (int i = 0; i < c.Rows; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (BitConverter.DoubleToInt64Bits(c[i, j]) != BitConverter.DoubleToInt64Bits(c[j, i]))
                {
                    Assert.Fail($"entries ({i}, {j}) and ({j}, {i}) differ: {c[i, j]:R}, {c[j, i]:R}");
                }
            }
        }
    }

    public static void AssertLess(double ratio, double limit, string what)
    {
        if (!(ratio < limit))
        {
            Assert.Fail($"{what} is {ratio:G4}, the limit {limit:G4}");
        }
    }
}
