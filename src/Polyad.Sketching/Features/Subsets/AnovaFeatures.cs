using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Random kernel features of the ANOVA kernel of degree m (Atarashi, Maji, Oyama 2019): e_m(w o x) / sqrt(D) with random signs w, e_m the elementary symmetric polynomial. Unbiased.
/// </summary>
/// <remarks>
/// e_m comes from the power sums of w_j x_j by Newton's identities: odd ones are matrix products with the signs, even ones do not depend on the signs. ceil(m/2) products of 2 n d D flops.
/// A feature is accurate to a small multiple of eps |x|^m.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AnovaFeatures<T> : FeatureMap<T, AnovaFeatures<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>m, 1 to 16 (default 2).</summary>
    public int Degree { get; init; } = 2;

    /// <summary>D, at least 1 (default 1024).</summary>
    public int Dimension { get; init; } = 1024;

    /// <inheritdoc/>
    public override bool IsDataOblivious => true;

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        Hyperparameter.Between(Degree, 1, 16);
        Hyperparameter.AtLeast(Dimension, 1);
        return new AnovaState(SignMatrix.Draw<T>(x.Columns, Dimension, context), Degree);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.Anova);
        writer.Set("degree", Degree);
        writer.Set("dimension", Dimension);
        SignMatrix.Write(writer, ((AnovaState)State).Signs);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        AnovaFeatures<T> map = new() { Degree = reader.WholeNumber("degree", 1, 16), Dimension = reader.WholeNumber("dimension", 1) };
        return map.Restore(new AnovaState(SignMatrix.Read<T>(reader, map.Dimension), map.Degree));
    }

    private sealed class AnovaState(Tensor<T> signs, int degree) : FeatureState<T>((int)signs.Lengths[0], (int)signs.Lengths[1])
    {
        public Tensor<T> Signs => signs;

        public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
        {
            int n = x.Rows, d = InputDimension, count = OutputDimension;
            x.Multiply(signs.AsReadOnlyMatrix(), features, backend);

            // Power sums: odd ones differ by feature, p_1 being in place; even ones are one number a row.
            Tensor<T>[] odd = new Tensor<T>[Math.Max(0, (degree - 1) / 2)];
            T[][] even = [.. Enumerable.Range(0, degree / 2).Select(_ => new T[n])];
            Tensor<T> powers = FreshMemory.Uninitialized<T>([n, d]), rows = FreshMemory.Uninitialized<T>([n, d]);
            x.CopyTo(rows.AsMatrix());
            x.CopyTo(powers.AsMatrix());
            Span<T> power = LinearAlgebra.Elements(powers), first = LinearAlgebra.Elements(rows);
            for (int k = 2; k <= degree; k++)
            {
                TensorPrimitives.Multiply<T>(power, first, power);
                if (k % 2 == 1)
                {
                    odd[(k - 3) / 2] = LinearAlgebra.MatMul(powers, signs, backend);
                    continue;
                }

                for (int i = 0; i < n; i++)
                {
                    even[(k / 2) - 1][i] = TensorPrimitives.Sum<T>(power.Slice(i * d, d));
                }
            }

            T scale = T.CreateChecked(1 / Math.Sqrt(count));
            FeatureMatrix.ForEachRow(features, 0.2 * degree * degree, (nint)(degree + 1) * count, (i, row, sums) =>
            {
                Newton(row, i, odd, even, sums);
                TensorPrimitives.Multiply(sums.Slice(degree * count, count), scale, row);
            });
        }

        /// <summary>e_m = (1/m) sum over k of (-1)^(k-1) e_(m-k) p_k, for all features of a row at a time.</summary>
        private void Newton(ReadOnlySpan<T> first, int i, Tensor<T>[] odd, T[][] even, Span<T> sums)
        {
            int count = first.Length;
            sums[..count].Fill(T.One);
            for (int m = 1; m <= degree; m++)
            {
                Span<T> target = sums.Slice(m * count, count);
                target.Clear();
                for (int k = 1; k <= m; k++)
                {
                    ReadOnlySpan<T> lower = sums.Slice((m - k) * count, count);
                    if (k % 2 == 0)
                    {
                        TensorPrimitives.MultiplyAdd(lower, -even[(k / 2) - 1][i], target, target);
                    }
                    else
                    {
                        TensorPrimitives.MultiplyAdd(lower, k == 1 ? first : LinearAlgebra.Elements(odd[(k - 3) / 2]).Slice(i * count, count), target, target);
                    }
                }

                TensorPrimitives.Multiply(target, T.One / T.CreateChecked(m), target);
            }
        }
    }
}
