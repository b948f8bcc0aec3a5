using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Sketching;

/// <summary>
/// Random kernel features of the all-subsets kernel product (1 + x_j y_j) (Atarashi, Maji, Oyama 2019): product (1 + w_j x_j) / sqrt(D) with random signs w. Unbiased, with variance
/// (product (1 + x_j^2 + y_j^2 + 4 x_j y_j + x_j^2 y_j^2) - k^2) / D, which grows with the number of columns: for rows of small entries. Zeros cost nothing.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AllSubsetsFeatures<T> : FeatureMap<T, AllSubsetsFeatures<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>D, at least 1 (default 1024).</summary>
    public int Dimension { get; init; } = 1024;

    /// <inheritdoc/>
    public override bool IsDataOblivious => true;

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context)
    {
        Hyperparameter.AtLeast(Dimension, 1);
        return new AllSubsetsState(SignMatrix.Draw<T>(x.Columns, Dimension, context));
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.AllSubsets);
        writer.Set("dimension", Dimension);
        SignMatrix.Write(writer, ((AllSubsetsState)State).Signs);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        AllSubsetsFeatures<T> map = new() { Dimension = reader.WholeNumber("dimension", 1) };
        return map.Restore(new AllSubsetsState(SignMatrix.Read<T>(reader, map.Dimension)));
    }

    private sealed class AllSubsetsState(Tensor<T> signs) : FeatureState<T>((int)signs.Lengths[0], (int)signs.Lengths[1])
    {
        public Tensor<T> Signs => signs;

        public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
        {
            int d = InputDimension, count = OutputDimension;
            Tensor<T> rows = FreshMemory.Uninitialized<T>([x.Rows, d]);
            x.CopyTo(rows.AsMatrix());
            T scale = T.CreateChecked(1 / Math.Sqrt(count));
            FeatureMatrix.ForEachRow(features, 0.3 * d, (i, row) =>
            {
                ReadOnlySpan<T> entries = LinearAlgebra.Elements(rows).Slice(i * d, d), all = LinearAlgebra.Elements(signs);
                row.Fill(scale);
                for (int j = 0; j < d; j++)
                {
                    if (!T.IsZero(entries[j]))
                    {
                        MultiplyByOnePlus(row, all.Slice(j * count, count), entries[j]);
                    }
                }
            });
        }

        /// <summary>product *= 1 + w x</summary>
        private static void MultiplyByOnePlus(Span<T> product, ReadOnlySpan<T> w, T x)
        {
            Span<Vector<T>> wide = MemoryMarshal.Cast<T, Vector<T>>(product);
            ReadOnlySpan<Vector<T>> signs = MemoryMarshal.Cast<T, Vector<T>>(w);
            for (int t = 0; t < wide.Length; t++)
            {
                wide[t] *= Vector<T>.One + (signs[t] * x);
            }

            for (int t = wide.Length * Vector<T>.Count; t < product.Length; t++)
            {
                product[t] *= T.One + (w[t] * x);
            }
        }
    }
}
