using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class CompositionTests
{
    private static readonly Tensor<double> Rows = new CounterRandom(3).Normal<double>(40, 4);

    [Fact]
    public void A_union_lays_weighted_features_side_by_side()
    {
        FeatureUnion<double> union = new([new LinearFeatures<double>(), new LinearFeatures<double> { Slope = 4, Constant = 1 }], [0.5, 2]);
        Tensor<double> features = union.FitTransform(Rows);
        Assert.Equal([40, 9], features.Lengths);
        for (int i = 0; i < 40; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                Assert.Equal(0.5 * Rows[i, j], features[i, j]);
                Assert.Equal(4 * Rows[i, j], features[i, 4 + j]);
            }

            Assert.Equal(2, features[i, 8]);
        }

        Assert.Equal("1__linearfeatures4", union.FeatureNames[8]);
    }

    [Fact]
    public void A_union_keeps_what_it_fitted_when_a_part_is_fitted_anew()
    {
        StandardScaler<double> part = new();
        FeatureUnion<double> union = new(part);
        double[] before = [.. union.FitTransform(Rows)];
        part.Fit(new CounterRandom(4).Normal<double>(7, 9));
        Assert.Equal(before, (double[])[.. union.Transform(Rows)]);
    }

    [Fact]
    public void Compositions_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new FeatureUnion<double>());
        Assert.Throws<ArgumentException>(() => new FeaturePipeline<double>(null!, new LinearFeatures<double>()));
        Assert.Throws<ArgumentException>(() => new FeatureUnion<double>([new LinearFeatures<double>()], [1, 2]));
        Assert.Throws<ArgumentException>(() => new FeatureUnion<double>([new LinearFeatures<double>()], [double.NaN]));
    }

    [Fact]
    public void A_pipeline_passes_features_on()
    {
        FeaturePipeline<double> pipeline = new(new StandardScaler<double>(), new LinearFeatures<double> { Slope = 9 });
        Tensor<double> features = pipeline.FitTransform(Rows), scaled = new StandardScaler<double>().FitTransform(Rows);
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(3 * scaled[i, 2], features[i, 2]);
        }

        Assert.Equal("linearfeatures0", pipeline.FeatureNames[0]);
    }

    [Fact]
    public void Standardised_columns_have_mean_zero_and_variance_one()
    {
        Tensor<double> shifted = Tensor.CreateFromShape<double>([40, 4]);
        for (int i = 0; i < 40; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                shifted[i, j] = j == 3 ? 7.1 : (Rows[i, j] * (j + 1)) + (1000 * j);
            }
        }

        StandardScaler<double> scaler = new();
        Tensor<double> scaled = scaler.FitTransform(shifted);
        for (int j = 0; j < 4; j++)
        {
            double[] column = [.. Enumerable.Range(0, 40).Select(i => scaled[i, j])];
            Assert.Equal(0, column.Average(), 1e-12);
            Assert.Equal(j == 3 ? 0 : 1, column.Average(static v => v * v), 1e-12);
        }
    }

    [Fact]
    public void Streaming_moments_are_those_of_all_rows()
    {
        StandardScaler<double> whole = new(), parts = new();
        whole.Fit(Rows);
        FeatureRows<double> rows = Rows;
        parts.PartialFit(rows.Slice(0, 1)).PartialFit(rows.Slice(1, 13)).PartialFit(rows.Slice(14, 26));
        for (int j = 0; j < 4; j++)
        {
            Assert.Equal(whole.Mean[j], parts.Mean[j], 1e-15);
            Assert.Equal(whole.Variance[j], parts.Variance[j], 1e-14);
        }
    }

    [Fact]
    public void Sparse_rows_have_the_moments_of_their_zeros_too()
    {
        Tensor<double> half = Tensor.CreateFromShape<double>([40, 4]);
        for (int i = 0; i < 40; i++)
        {
            half[i, i % 4] = Rows[i, i % 4];
        }

        StandardScaler<double> dense = new(), sparse = new();
        Assert.Equal((double[])[.. dense.FitTransform(half)], (double[])[.. sparse.FitTransform(CsrMatrix<double>.FromDense(half))]);
    }

    [Fact]
    public void Only_maps_that_can_take_rows_in_parts_do()
    {
        Assert.Throws<NotSupportedException>(() => new FeaturePipeline<double>(new LinearFeatures<double>(), new StandardScaler<double>()).PartialFit(Rows));
        FeaturePipeline<double> good = new(new StandardScaler<double>(), new LinearFeatures<double>());
        FeatureRows<double> rows = Rows;
        good.PartialFit(rows.Slice(0, 20)).PartialFit(rows.Slice(20, 20));
        Tensor<double> expected = new StandardScaler<double>().FitTransform(Rows), found = good.Transform(Rows);
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(expected[i, 1], found[i, 1], 1e-14);
        }
    }
}
