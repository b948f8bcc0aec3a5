using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>Householder QR of small complex matrices.</summary>
internal static class ComplexHouseholder
{
    /// <summary>A = Q R: Q m x k, R k x n, row-major, k = min(m, n); the diagonal of R is real and not negative. 16 k m n flops with Q.</summary>
    public static (Complex[] Q, Complex[] R) Qr(ReadOnlySpan<Complex> a, int m, int n)
    {
        int k = Math.Min(m, n);
        Complex[] columns = new Complex[m * n], phases = new Complex[k];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                columns[(j * m) + i] = a[(i * n) + j];
            }
        }

        for (int j = 0; j < k; j++)
        {
            Span<Complex> v = columns.AsSpan((j * m) + j, m - j);
            phases[j] = Reflector(v);
            for (int c = j + 1; c < n; c++)
            {
                Reflect(v, columns.AsSpan((c * m) + j, m - j));
            }
        }

        // H_(k-1) .. H_0 A = D R with the phases in D makes R's diagonal real: Q = H_0 .. H_(k-1) D. Reflectors after the j-th leave e_j alone.
        Complex[] r = new Complex[k * n], q = new Complex[m * k], column = new Complex[m];
        for (int j = 0; j < k; j++)
        {
            Array.Clear(column);
            column[j] = phases[j] == 0 ? 1 : phases[j] / Complex.Abs(phases[j]);
            for (int h = j; h >= 0; h--)
            {
                Reflect(columns.AsSpan((h * m) + h, m - h), column.AsSpan(h));
            }

            for (int i = 0; i < m; i++)
            {
                q[(i * k) + j] = column[i];
            }

            r[(j * n) + j] = Complex.Abs(phases[j]);
            Complex back = phases[j] == 0 ? 1 : Complex.Conjugate(phases[j]) / Complex.Abs(phases[j]);
            for (int c = j + 1; c < n; c++)
            {
                r[(j * n) + c] = back * columns[(c * m) + j];
            }
        }

        return (q, r);
    }

    /// <summary>Turns x into v with ||v||^2 = 2 for which (I - v v^H) x = alpha e_0; v = 0 when x is zero. Returns alpha.</summary>
    private static Complex Reflector(Span<Complex> x)
    {
        double largest = 0;
        foreach (Complex value in x)
        {
            largest = Math.Max(largest, Math.Max(Math.Abs(value.Real), Math.Abs(value.Imaginary)));
        }

        if (largest == 0)
        {
            return 0;
        }

        double square = 0;
        for (int i = 0; i < x.Length; i++)
        {
            x[i] /= largest;
            square += Scalar.Square(x[i]);
        }

        double norm = Math.Sqrt(square), head = Complex.Abs(x[0]);
        Complex phase = head == 0 ? 1 : x[0] / head;

        // v = x + phase ||x|| e_0 has ||v||^2 = 2 (||x||^2 + |x_0| ||x||).
        x[0] += phase * norm;
        double scale = 1 / Math.Sqrt(square + (head * norm));
        for (int i = 0; i < x.Length; i++)
        {
            x[i] *= scale;
        }

        return -phase * norm * largest;
    }

    /// <summary>x -= v (v^H x)</summary>
    private static void Reflect(ReadOnlySpan<Complex> v, Span<Complex> x)
    {
        double real = 0, imaginary = 0;
        for (int i = 0; i < v.Length; i++)
        {
            real += (v[i].Real * x[i].Real) + (v[i].Imaginary * x[i].Imaginary);
            imaginary += (v[i].Real * x[i].Imaginary) - (v[i].Imaginary * x[i].Real);
        }

        for (int i = 0; i < v.Length; i++)
        {
            x[i] = new Complex(x[i].Real - ((real * v[i].Real) - (imaginary * v[i].Imaginary)), x[i].Imaginary - ((real * v[i].Imaginary) + (imaginary * v[i].Real)));
        }
    }
}
