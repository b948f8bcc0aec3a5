using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>How the components of a CP model fit those of a reference, matched one to one so that the sum of their scores is greatest (the Hungarian method).</summary>
/// <param name="Score">The mean of <paramref name="Scores"/>, from 0 to 1: the factor match score.</param>
/// <param name="Scores">For each component of the reference: the product over modes of |cos|, times the similarity of the weights where that was asked for; 0 where it has no partner.</param>
/// <param name="Partners">For each component of the reference the component of the model, or -1.</param>
public sealed record FactorMatch(double Score, IReadOnlyList<double> Scores, IReadOnlyList<int> Partners)
{
    /// <summary>Matches a model to a reference of the same shape; the ranks may differ. O(R^2 sum(I) + R^3).</summary>
    /// <param name="model">The model.</param>
    /// <param name="reference">What it should be.</param>
    /// <param name="useWeights">Multiply each score by 1 - |w - v| / max(w, v), the norms of the two components being w and v (Acar, Dunlavy, Kolda, Morup 2011).</param>
    /// <param name="exceptMode">A mode to leave out, as where its length differs; null for none.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static FactorMatch Of<T>(CpTensor<T> model, CpTensor<T> reference, bool useWeights = false, int? exceptMode = null)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(reference);
        if (exceptMode is { } skipped && (uint)skipped >= (uint)reference.Order)
        {
            throw new ArgumentOutOfRangeException(nameof(exceptMode), skipped, $"A model of order {reference.Order} has modes 0 to {reference.Order - 1}.");
        }

        bool fits = model.Order == reference.Order;
        for (int n = 0; n < reference.Order && fits; n++)
        {
            fits = n == exceptMode || model.Factors[n].Lengths[0] == reference.Factors[n].Lengths[0];
        }

        if (!fits)
        {
            throw new ArgumentException($"Models of shape {DenseData.Text(model.Lengths)} and {DenseData.Text(reference.Lengths)} cannot be matched.", nameof(model));
        }

        int rows = reference.Rank, columns = model.Rank;
        double[] scores = new double[rows * columns];
        scores.AsSpan().Fill(1);
        for (int n = 0; n < reference.Order; n++)
        {
            if (n != exceptMode)
            {
                TensorPrimitives.Multiply(scores, Cosines(reference.Factors[n], model.Factors[n]), scores);
            }
        }

        if (useWeights)
        {
            double[] w = reference.ComponentNorms(), v = model.ComponentNorms();
            for (int i = 0; i < scores.Length; i++)
            {
                double a = w[i / columns], b = v[i % columns], largest = Math.Max(a, b);
                scores[i] *= largest == 0 ? 1 : 1 - (Math.Abs(a - b) / largest);
            }
        }

        int[] partners = Partner(scores, rows, columns);
        double[] matched = [.. partners.Select((p, r) => p < 0 ? 0 : scores[(r * columns) + p])];
        return new FactorMatch(matched.Average(), matched, partners);
    }

    /// <summary>The congruence coefficients of two factor matrices (Tucker 1951): |cos| of the angle between column p of one and column q of the other; 0 for a column of zeros.</summary>
    /// <param name="a">I x P.</param>
    /// <param name="b">I x Q.</param>
    /// <returns>P x Q.</returns>
    /// <exception cref="ArgumentException">The matrices have different numbers of rows.</exception>
    public static Tensor<double> Congruence<T>(Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        CheckPair(a, b);
        return Tensor.Create(Cosines(a, b), [a.Lengths[1], b.Lengths[1]]);
    }

    /// <summary>
    /// The correlation index of two factor matrices (Sobhani, Comon, Jutten, Babaie-Zadeh 2022): (1 / (P + Q)) (sum over rows of 1 - max + sum over columns of 1 - max) of their congruences.
    /// It needs no matching; 0 when the columns agree up to order and scale, at most 1.
    /// </summary>
    /// <param name="a">I x P.</param>
    /// <param name="b">I x Q.</param>
    /// <exception cref="ArgumentException">The matrices have different numbers of rows.</exception>
    public static double CorrelationIndex<T>(Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        CheckPair(a, b);
        double[] cosines = Cosines(a, b);
        int rows = (int)a.Lengths[1], columns = (int)b.Lengths[1];
        double[] acrossRow = new double[rows], acrossColumn = new double[columns];
        for (int i = 0; i < cosines.Length; i++)
        {
            (int r, int c) = (i / columns, i % columns);
            acrossRow[r] = Math.Max(acrossRow[r], cosines[i]);
            acrossColumn[c] = Math.Max(acrossColumn[c], cosines[i]);
        }

        return (acrossRow.Sum(static m => 1 - m) + acrossColumn.Sum(static m => 1 - m)) / (rows + columns);
    }

    private static void CheckPair<T>(Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Rank != 2 || b.Rank != 2 || a.Lengths[0] != b.Lengths[0])
        {
            throw new ArgumentException($"Two factor matrices need as many rows; they have shapes {DenseData.Text(a.Lengths)} and {DenseData.Text(b.Lengths)}.", nameof(b));
        }
    }

    private static int[] Partner(double[] scores, int rows, int columns)
    {
        if (rows <= columns)
        {
            return Assignment.Best(scores, rows, columns);
        }

        double[] turned = new double[scores.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            turned[(i % columns * rows) + (i / columns)] = scores[i];
        }

        int[] partners = [.. Enumerable.Repeat(-1, rows)], inverse = Assignment.Best(turned, columns, rows);
        for (int c = 0; c < columns; c++)
        {
            partners[inverse[c]] = c;
        }

        return partners;
    }

    private static double[] Cosines<T>(Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        a = DenseData.Dense(a);
        b = DenseData.Dense(b);
        double[] p = ColumnNorms.Of(a), q = ColumnNorms.Of(b);
        ReadOnlySpan<T> inner = DenseData.Elements(FieldProducts.Cross(ManagedBackend.Shared, ColumnNorms.Scaled(a, p), ColumnNorms.Scaled(b, q)));
        double[] cosines = new double[inner.Length];
        for (int i = 0; i < cosines.Length; i++)
        {
            // Rounding may carry equal columns a hair above one.
            cosines[i] = Math.Min(1, Scalar.Magnitude(inner[i]));
        }

        return cosines;
    }
}
