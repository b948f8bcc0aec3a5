using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>What principal component analysis learns.</summary>
internal sealed class PrincipalState<T> : CentredProjection<T>
    where T : unmanaged, INumberBase<T>
{
    private PrincipalState(Tensor<T> components, double[] mean, double[] singularValues, double[] variances, double total, double noise, bool whiten)
        : base(components, mean, whiten ? Inverse(variances) : null)
        => (Mean, SingularValues, Variances, TotalVariance, NoiseVariance, Whiten) = (mean, singularValues, variances, total, noise, whiten);

    public double[] Mean { get; }

    public double[] SingularValues { get; }

    /// <summary>s^2 / (n - 1).</summary>
    public double[] Variances { get; }

    public double TotalVariance { get; }

    public double NoiseVariance { get; }

    public bool Whiten { get; }

    /// <summary>Of all singular values that were computed, of which k are kept.</summary>
    /// <param name="vt">Rows of right singular vectors, at least k.</param>
    /// <param name="s">As many singular values.</param>
    /// <param name="keep">k.</param>
    /// <param name="moments">Of the rows.</param>
    /// <param name="whiten">Whether outputs are scaled to variance 1.</param>
    public static PrincipalState<T> Of(Tensor<T> vt, ReadOnlySpan<T> s, int keep, ColumnMoments moments, bool whiten)
    {
        double freedom = moments.Count - 1, total = moments.SquareSum.Sum() / freedom;
        double[] values = new double[s.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = OperatorProducts.Double(s[i]);
        }

        double[] variances = [.. values.Take(keep).Select(v => v * v / freedom)];
        int least = (int)Math.Min(moments.Count, moments.Mean.Length);
        double noise = keep < least ? Math.Max(0, total - variances.Sum()) / (least - keep) : 0;
        Tensor<T> components = vt.AsReadOnlyMatrix().Slice(0, 0, keep, (int)vt.Lengths[1]).ToTensor();
        return new(components, moments.Mean, values[..keep], variances, total, noise, whiten);
    }

    public Tensor<T> Back(Tensor<T> y, ILinearAlgebraBackend backend) => Back(y, backend, Whiten ? [.. Variances.Select(Math.Sqrt)] : null);

    public void Write(FeatureMapWriter writer)
    {
        writer.Set("whiten", Whiten);
        writer.Set("totalVariance", TotalVariance);
        writer.Set("noiseVariance", NoiseVariance);
        writer.Add("components", Components);
        writer.Add<double>("mean", Mean);
        writer.Add<double>("singularValues", SingularValues);
        writer.Add<double>("variances", Variances);
    }

    public static PrincipalState<T> Read(FeatureMapReader reader)
    {
        Tensor<T> components = reader.Array<T>("components", -1, -1);
        int k = (int)components.Lengths[0], d = (int)components.Lengths[1];
        double[] values = reader.Vector<double>("singularValues", k), variances = reader.Vector<double>("variances", k);
        return values.Concat(variances).Any(static v => v < 0)
            ? throw reader.Wrong("a singular value or variance is negative")
            : new(components, reader.Vector<double>("mean", d), values, variances, reader.Number("totalVariance", 0), reader.Number("noiseVariance", 0), reader.Flag("whiten"));
    }

    /// <summary>1 / sqrt(variance), 0 for directions in which nothing varies.</summary>
    private static double[] Inverse(double[] variances) => [.. variances.Select(static v => v > 0 ? 1 / Math.Sqrt(v) : 0)];
}
