using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>
/// Leading left singular vectors of the unfoldings of a complex tensor from X_(n) X_(n)^H, formed and decomposed as a real symmetric matrix of twice the size,
/// [Re G, -Im G; Im G, Re G]: each eigenvalue comes twice, with vectors that span the same complex line or plane.
/// </summary>
internal static class HermitianGram
{
    /// <summary>Columns of the unfolding that are copied at a time.</summary>
    private const int BlockColumns = 1024;

    /// <summary>At most <paramref name="count"/> orthonormal vectors as columns, by descending eigenvalue.</summary>
    public static Tensor<T> Leading<T>(ILinearAlgebraBackend backend, Tensor<T> dense, int mode, int count)
        where T : unmanaged, INumberBase<T>
    {
        int length = (int)dense.Lengths[mode];
        double[] values = new double[2 * length];
        Tensor<double> vectors = FreshMemory.Zeros<double>([2 * length, 2 * length]);
        backend.SymmetricEigen(Embedded(backend, MemoryMarshal.Cast<T, Complex>(DenseData.Elements(dense)), dense.Lengths, mode).AsReadOnlyMatrix(), values, vectors.AsMatrix());
        Complex[] chosen = Independent(DenseData.Elements(vectors), length, Math.Min(count, length), out int found);
        Tensor<T> leading = FreshMemory.Zeros<T>([length, found]);
        Span<Complex> columns = MemoryMarshal.Cast<T, Complex>(DenseData.Elements(leading));
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = chosen[(i % found * length) + (i / found)];
        }

        return leading;
    }

    private static Tensor<double> Embedded(ILinearAlgebraBackend backend, ReadOnlySpan<Complex> x, ReadOnlySpan<nint> lengths, int mode)
    {
        int left = DenseData.Product(lengths[..mode]), length = (int)lengths[mode], right = DenseData.Product(lengths[(mode + 1)..]);
        Tensor<double> gram = FreshMemory.Zeros<double>([2 * length, 2 * length]);

        // Columns (l, j) of the unfolding; of each z = a + ib the real form has the columns [a; b] and [-b; a].
        double[] block = new double[2 * length * 2 * BlockColumns];
        long columns = (long)left * right;
        for (long from = 0; from < columns; from += BlockColumns)
        {
            int count = (int)Math.Min(BlockColumns, columns - from);
            for (int c = 0; c < count; c++)
            {
                long l = (from + c) / right, j = (from + c) % right;
                for (int i = 0; i < length; i++)
                {
                    Complex z = x[(int)((((l * length) + i) * right) + j)];
                    int upper = (i * 2 * count) + (2 * c), lower = ((length + i) * 2 * count) + (2 * c);
                    (block[upper], block[upper + 1], block[lower], block[lower + 1]) = (z.Real, -z.Imaginary, z.Imaginary, z.Real);
                }
            }

            backend.Gram(1, new ReadOnlyMatrixView<double>(block, 2 * length, 2 * count), from == 0 ? 0 : 1, gram.AsMatrix());
        }

        return gram;
    }

    /// <summary>Complex vectors from the real pairs, from the last (largest) on: one that the chosen ones already span is left out.</summary>
    private static Complex[] Independent(ReadOnlySpan<double> vectors, int length, int count, out int found)
    {
        Complex[] chosen = new Complex[count * length];
        found = 0;
        for (int column = (2 * length) - 1; column >= 0 && found < count; column--)
        {
            Span<Complex> candidate = chosen.AsSpan(found * length, length);
            for (int i = 0; i < length; i++)
            {
                candidate[i] = new Complex(vectors[(i * 2 * length) + column], vectors[((length + i) * 2 * length) + column]);
            }

            // Twice, for what the first round leaves by rounding.
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < found; k++)
                {
                    Remove(chosen.AsSpan(k * length, length), candidate);
                }
            }

            double norm = Math.Sqrt(DenseData.Parts(candidate).ToArray().Sum(static v => v * v));
            if (norm > 0.5)
            {
                foreach (ref Complex z in candidate)
                {
                    z /= norm;
                }

                found++;
            }
        }

        return chosen;
    }

    private static void Remove(ReadOnlySpan<Complex> direction, Span<Complex> vector)
    {
        Complex share = Complex.Zero;
        for (int i = 0; i < vector.Length; i++)
        {
            share += Complex.Conjugate(direction[i]) * vector[i];
        }

        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] -= share * direction[i];
        }
    }
}
