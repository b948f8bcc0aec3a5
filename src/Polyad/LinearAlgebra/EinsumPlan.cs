using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

/// <summary>Contracts labelled tensors pair by pair, each time the pair whose result is smallest (greedy order), every pair by matrix products.</summary>
internal static unsafe class EinsumPlan
{
    /// <summary>Products up to this many multiplications are done in place: a call to the engine costs more.</summary>
    private const long Tiny = 64;

    public static Tensor<T> Run<T>(ILinearAlgebraBackend engine, List<EinsumTerm<T>> terms, int[] output)
        where T : unmanaged, INumberBase<T>
    {
        while (terms.Count > 1)
        {
            (int first, int second, long best) = (0, 1, long.MaxValue);
            for (int i = 0; i < terms.Count; i++)
            {
                for (int j = i + 1; j < terms.Count; j++)
                {
                    long size = Kept(terms, i, j, output).Aggregate(1L, (s, l) => s * (terms[i].Has(l) ? terms[i] : terms[j]).Length(l));
                    if (size < best)
                    {
                        (first, second, best) = (i, j, size);
                    }
                }
            }

            EinsumTerm<T> product = Pair(engine, terms[first], terms[second], [.. Kept(terms, first, second, output)]);
            terms.RemoveAt(second);
            terms[first] = product;
        }

        EinsumTerm<T> final = terms[0];
        return final.Labels.SequenceEqual(output) && final.Tensor.IsDense && output.Length == final.Tensor.Rank && IsFresh(final, output) ? final.Tensor : final.Gather(output).Tensor;
    }

    /// <summary>True for a dense row-major result of <see cref="Pair"/>; the caller's own tensors are never returned.</summary>
    private static bool IsFresh<T>(EinsumTerm<T> term, int[] output)
        where T : unmanaged, INumberBase<T>
        => term.IsProduct && term.TryMerge(output, out nint stride) && stride <= 1;

    /// <summary>The labels of a pair that the output or another term still needs.</summary>
    private static IEnumerable<int> Kept<T>(List<EinsumTerm<T>> terms, int first, int second, int[] output)
        where T : unmanaged, INumberBase<T>
        => terms[first].Labels.Union(terms[second].Labels)
            .Where(l => output.Contains(l) || Enumerable.Range(0, terms.Count).Any(t => t != first && t != second && terms[t].Has(l)));

    private static EinsumTerm<T> Pair<T>(ILinearAlgebraBackend engine, EinsumTerm<T> a, EinsumTerm<T> b, int[] kept)
        where T : unmanaged, INumberBase<T>
    {
        a = DropLonely(a, b, kept);
        b = DropLonely(b, a, kept);
        int[] batch = [.. a.Labels.Where(l => b.Has(l) && kept.Contains(l))];
        int[] inner = [.. a.Labels.Where(l => b.Has(l) && !kept.Contains(l))];
        int[] rows = [.. a.Labels.Where(l => !b.Has(l))], columns = [.. b.Labels.Where(l => !a.Has(l))];

        if (!a.TryMerge(batch, out _) || !a.TryMerge(rows, out _) || !a.TryMerge(inner, out _))
        {
            a = a.Gather([.. batch, .. rows, .. inner]);
        }

        if (!b.TryMerge(batch, out _) || !b.TryMerge(inner, out _) || !b.TryMerge(columns, out _))
        {
            b = b.Gather([.. batch, .. inner, .. columns]);
        }

        _ = a.TryMerge(batch, out nint aBatch) & a.TryMerge(rows, out nint aRow) & a.TryMerge(inner, out nint aInner);
        _ = b.TryMerge(batch, out nint bBatch) & b.TryMerge(inner, out nint bInner) & b.TryMerge(columns, out nint bColumn);
        int count = checked((int)a.Size(batch)), m = checked((int)a.Size(rows)), k = checked((int)a.Size(inner)), n = checked((int)b.Size(columns));
        int[] labels = [.. batch, .. rows, .. columns];
        nint[] shape = labels.Length == 0 ? [1] : [.. labels.Select(l => (nint)(a.Has(l) ? a : b).Length(l))];
        Tensor<T> product = FreshMemory.Zeros<T>(shape);
        if (product.FlattenedLength > 0 && k > 0)
        {
            fixed (T* pa = &LinearAlgebra.First(a.Tensor), pb = &LinearAlgebra.First(b.Tensor), pc = &LinearAlgebra.First(product))
            {
                for (int i = 0; i < count; i++)
                {
                    MatrixBlock<T> x = new(pa + (i * aBatch), m, k, aRow, aInner), y = new(pb + (i * bBatch), k, n, bInner, bColumn);
                    MatrixBlock<T> z = MatrixBlock<T>.RowMajor(pc + ((nint)i * m * n), m, n);
                    if ((long)m * n * k <= Tiny)
                    {
                        Multiply(x, y, z);
                    }
                    else
                    {
                        engine.MatMul(T.One, x.AsReadOnlyView(), y.AsReadOnlyView(), T.Zero, z.AsView());
                    }
                }
            }
        }

        return new EinsumTerm<T>(product, labels) { IsProduct = true };
    }

    /// <summary>Sums over the labels that only this term has and nobody needs.</summary>
    private static EinsumTerm<T> DropLonely<T>(EinsumTerm<T> term, EinsumTerm<T> other, int[] kept)
        where T : unmanaged, INumberBase<T>
    {
        int[] needed = [.. term.Labels.Where(l => other.Has(l) || kept.Contains(l))];
        return needed.Length == term.Labels.Count ? term : term.Gather(needed);
    }

    private static void Multiply<T>(in MatrixBlock<T> x, in MatrixBlock<T> y, in MatrixBlock<T> z)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < z.Rows; i++)
        {
            for (int j = 0; j < z.Columns; j++)
            {
                T sum = T.Zero;
                for (int p = 0; p < x.Columns; p++)
                {
                    sum += x[i, p] * y[p, j];
                }

                z[i, j] = sum;
            }
        }
    }
}
