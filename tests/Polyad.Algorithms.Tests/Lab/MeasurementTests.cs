using System.Numerics.Tensors;
using Polyad.Sketching;
using Xunit;

namespace Polyad.Lab;

public sealed class MeasurementTests
{
    [Fact]
    public void An_estimate_is_the_mean_with_its_standard_error()
    {
        Estimate estimate = Estimate.Of([1, 2, 3, 6]);
        Assert.Equal((3.0, 4), (estimate.Mean, estimate.Runs));
        Assert.Equal(Math.Sqrt((4 + 1 + 0 + 9) / 3.0 / 4), estimate.StandardError, 1e-15);
        Assert.Equal(0, Estimate.Of([5]).StandardError);
        Assert.Throws<ArgumentException>(() => Estimate.Of([]));
    }

    /// <summary>Two standard errors of the difference of independent means, 2 sqrt(0.3^2 + 0.4^2) = 1.</summary>
    [Fact]
    public void An_estimate_is_clearly_below_another_by_more_than_two_standard_errors()
    {
        Estimate low = new(1, 0.3, 9);
        Assert.True(low.IsClearlyBelow(new(2.01, 0.4, 9)));
        Assert.False(low.IsClearlyBelow(new(1.99, 0.4, 9)));
        Assert.False(new Estimate(2.01, 0.4, 9).IsClearlyBelow(low));
    }

    [Fact]
    public void A_table_refuses_a_row_of_another_width()
    {
        LabTable table = new("a", "b");
        table.Add("x", 1);
        Assert.Contains("2 columns (a, b); given 1", Assert.Throws<ArgumentException>(() => table.Add("x")).Message, StringComparison.Ordinal);
        Assert.Single(table.Rows);
    }

    [Fact]
    public void The_exponent_of_a_power_law_is_found()
    {
        Assert.Equal(-0.5, PowerLaw.Exponent([1, 4, 9], [7, 3.5, 7 / 3.0]), 1e-14);
        Assert.Throws<ArgumentException>(() => PowerLaw.Exponent([1], [1]));
    }

    [Fact]
    public void A_kernel_error_is_relative_to_the_exact_matrix()
    {
        // Features (2, 0) and (0, 2) beside the kernel diag(4, 5): the difference is diag(0, -1).
        Estimate error = new KernelMatrixError(Tensor.Create<double>([4, 0, 0, 5], [2, 2])).Relative(static _ => Tensor.Create<double>([2, 0, 0, 2], [2, 2]), 0, 3, CancellationToken.None);
        Assert.Equal(1 / Math.Sqrt(41), error.Mean, 1e-15);
        Assert.Equal(3, error.Runs);
    }

    [Fact]
    public void A_variance_trial_counts_standard_errors_from_the_prediction()
    {
        // Estimates 2 and 4 of the value 2 in turn: squared distances 0 and 4, mean 2, standard error 2 / sqrt(n - 1).
        static Tensor<double> Features(ulong seed) => Tensor.Create<double>([seed % 2 == 0 ? 2 : 4, 1], [2, 1]);
        VarianceTrial trial = VarianceTrial.Of(Features, [new PredictedPair(0, 1, 2, 1)], 0, 100, CancellationToken.None);
        Assert.Equal(2, trial.Ratio, 1e-14);
        Assert.Equal(1 / (2 / Math.Sqrt(99)), trial.Furthest, 1e-12);
    }

    [Fact]
    public void The_distortion_is_the_largest_distance_of_a_generalized_eigenvalue_from_one()
    {
        // K = diag(3, 1), Z Z' = diag(3, 2), ridge 1: the pencil has the eigenvalues 1 and 3/2.
        SpectralDistortion distortion = new(Tensor.Create<double>([3, 0, 0, 1], [2, 2]));
        Assert.Equal(0.5, distortion.Of(Tensor.Create<double>([Math.Sqrt(3), 0, 0, Math.Sqrt(2)], [2, 2]), 1), 1e-14);
        Assert.Equal(0.75 + 0.5, distortion.EffectiveDimension(1), 1e-14);
        Assert.Equal(1.25, distortion.EffectiveDimension(distortion.Ridge(1.25)), 1e-12);
    }

    [Fact]
    public void Documents_have_unit_length_and_the_words_asked_for()
    {
        CsrMatrix<double> rows = TopicDocuments.Draw(24, 5000, 50, 3);
        Assert.Equal(24 * 50, rows.Values.Length);
        foreach (double own in new PolynomialKernel(1).Diagonal<double>(rows))
        {
            Assert.Equal(1, own, 1e-14);
        }
    }

    [Fact]
    public void The_shipped_digits_are_whole_and_a_folder_may_add_sets()
    {
        LabRows digits = LabData.Digits();
        Assert.Equal((1797, 64), ((int)digits.Features.Lengths[0], (int)digits.Features.Lengths[1]));
        Assert.All(digits.Features, static v => Assert.InRange(v, 0, 16));
        Assert.Equal(Enumerable.Range(0, 10).Select(static t => (double)t), digits.Targets!.Distinct().Order());
        Assert.Null(LabData.Shipped.Find("wine.csv"));
        Assert.Throws<DirectoryNotFoundException>(() => LabData.Folder("no such folder"));
        DirectoryInfo folder = Directory.CreateTempSubdirectory("polyad-lab-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "wine.csv"), "a,b,target\n1,2,3\n4,5,6\n");
            LabRows rows = LabData.Folder(folder.FullName).Find("wine.csv")!;
            Assert.Equal([1.0, 2, 4, 5], rows.Features);
            Assert.Equal([3.0, 6], rows.Targets!);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
