using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Sketching;

public sealed class SketchedRidgeTests
{
    private static readonly Tensor<double> X = new CounterRandom(1).Normal<double>(200, 3);
    private static readonly Tensor<double> Y = Targets(X, 1);
    private static readonly Tensor<double> Both = Targets(X, 2);

    /// <summary>With Nystrom features of all rows the model is kernel ridge regression: predictions are K (K + alpha I)^-1 y.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(0)]
    public void On_exact_features_it_is_kernel_ridge_regression(int extra)
    {
        GaussianKernel kernel = new(0.4);
        Nystroem<double> exact = new() { Kernel = kernel, NComponents = 200, RelativeTolerance = 0 };

        // More features than rows take the dual way.
        FeatureMap<double> map = extra == 0 ? exact : new FeatureUnion<double>([exact, new RandomFourierFeatures<double> { Dimension = extra }], [1, 0]);
        Tensor<double> test = new CounterRandom(2).Normal<double>(20, 3), k = kernel.Matrix(X);
        for (int i = 0; i < 200; i++)
        {
            k[i, i] += 0.1;
        }

        Tensor<double> expected = LinearAlgebra.MatMul(kernel.Matrix(test, X), LinearAlgebra.Solve(k, Both));
        Tensor<double> predicted = new SketchedRidge<double>(map) { Alpha = 0.1, FitIntercept = false }.Fit(X, Both).Predict(test);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(expected[i, 0], predicted[i, 0], 1e-9);
            Assert.Equal(expected[i, 1], predicted[i, 1], 1e-9);
        }
    }

    /// <summary>Ridge regression on the rows themselves against its normal equations with an intercept column that is not shrunk.</summary>
    [Fact]
    public void The_intercept_is_not_shrunk()
    {
        SketchedRidge<double> model = new SketchedRidge<double>(new LinearFeatures<double>()) { Alpha = 7 }.Fit(X, Y);
        Tensor<double> normal = Tensor.CreateFromShape<double>([4, 4]), right = Tensor.CreateFromShape<double>([4]);
        for (int a = 0; a < 4; a++)
        {
            for (int b = 0; b < 4; b++)
            {
                normal[a, b] = Enumerable.Range(0, 200).Sum(i => (a < 3 ? X[i, a] : 1) * (b < 3 ? X[i, b] : 1)) + (a == b && a < 3 ? 7 : 0);
            }

            right[a] = Enumerable.Range(0, 200).Sum(i => (a < 3 ? X[i, a] : 1) * Y[i]);
        }

        Tensor<double> solution = LinearAlgebra.Solve(normal, right);
        for (int j = 0; j < 3; j++)
        {
            Assert.Equal(solution[j], model.Coefficients[j, 0], 1e-12);
        }

        Assert.Equal(solution[3], model.Intercept[0], 1e-12);
    }

    /// <summary>Rows and targets that are slices of longer tensors.</summary>
    [Fact]
    public void Slices_are_read_from_where_they_begin()
    {
        Tensor<double> rows = X.Slice([50..150, 0..3]), targets = Y.Slice([50..150]);
        SketchedRidge<double> expected = new SketchedRidge<double>(new LinearFeatures<double>()).Fit(rows.ToDenseTensor(), Tensor.Create(Y.ToArray()[50..150], [100]));
        SketchedRidge<double> model = new SketchedRidge<double>(new LinearFeatures<double>()).Fit(rows, targets);
        Assert.Equal(expected.Coefficients.ToArray(), model.Coefficients.ToArray());
        Assert.Equal(expected.Intercept[0], model.Intercept[0]);
    }

    [Fact]
    public void Rows_in_parts_give_the_model_of_all_rows()
    {
        SketchedRidge<double> whole = new(new RandomFourierFeatures<double> { Dimension = 60 }), parts = new(new RandomFourierFeatures<double> { Dimension = 60 });
        whole.Fit(X, Y, seed: 3);
        foreach ((int first, int count) in ((int, int)[])[(0, 70), (70, 1), (71, 129)])
        {
            parts.PartialFit(X.AsReadOnlyMatrix().Slice(first, 0, count, 3), Tensor.Create(Y.ToArray()[first..(first + count)], [count]), seed: 3);
        }

        double[] expected = whole.Predict(X).ToArray(), actual = parts.Predict(X).ToArray();
        Assert.All(expected.Zip(actual), static p => Assert.Equal(p.First, p.Second, 1e-11));
    }

    [Fact]
    public void A_smooth_function_is_learnt()
    {
        Tensor<double> train = new CounterRandom(5).Uniform<double>(2000, 2), test = new CounterRandom(6).Uniform<double>(500, 2);
        Tensor<double> y = Tensor.Create([.. Enumerable.Range(0, 2000).Select(i => Math.Sin(6 * train[i, 0]) * train[i, 1])], [2000]);
        Tensor<double> truth = Tensor.Create([.. Enumerable.Range(0, 500).Select(i => Math.Sin(6 * test[i, 0]) * test[i, 1])], [500]);
        SketchedRidge<double> model = new SketchedRidge<double>(new RandomFourierFeatures<double> { Kernel = new GaussianKernel(4), Dimension = 300 }) { Alpha = 1e-6 }.Fit(train, y, seed: 1);
        Assert.True(model.Score(test, truth) > 0.9999, $"{model.Score(test, truth)}");
    }

    [Fact]
    public void The_score_is_the_coefficient_of_determination()
    {
        SketchedRidge<double> model = new SketchedRidge<double>(new LinearFeatures<double>()).Fit(X, Both);
        Tensor<double> predicted = model.Predict(X);
        double expected = 0;
        for (int j = 0; j < 2; j++)
        {
            double mean = Enumerable.Range(0, 200).Average(i => Both[i, j]);
            expected += 0.5 * (1 - (Enumerable.Range(0, 200).Sum(i => Math.Pow(Both[i, j] - predicted[i, j], 2)) / Enumerable.Range(0, 200).Sum(i => Math.Pow(Both[i, j] - mean, 2))));
        }

        Assert.Equal(expected, model.Score(X, Both), 1e-13);
    }

    [Fact]
    public void A_singular_system_without_a_ridge_has_its_least_solution()
    {
        // The same columns twice: each takes half of the coefficient.
        FeatureUnion<double> twice = new(new LinearFeatures<double>(), new LinearFeatures<double>());
        Tensor<double> y = Tensor.Create([.. Enumerable.Range(0, 200).Select(i => 3 * X[i, 1])], [200]);
        SketchedRidge<double> model = new SketchedRidge<double>(twice) { Alpha = 0 }.Fit(X, y);
        Assert.Equal(1.5, model.Coefficients[1, 0], 1e-9);
        Assert.Equal(1.5, model.Coefficients[4, 0], 1e-9);
        Assert.Equal(1, model.Score(X, y), 1e-12);
    }

    [Fact]
    public void Floats_lose_no_more_than_their_features_do()
    {
        Tensor<float> x = Tensor.Create([.. X.ToArray().Select(static v => (float)v)], [200, 3]), y = Tensor.Create([.. Y.ToArray().Select(static v => (float)v)], [200]);
        Tensor<float> predicted = new SketchedRidge<float>(new LinearFeatures<float>()) { Alpha = 1e-3 }.Fit(x, y).Predict(x);
        Tensor<double> expected = new SketchedRidge<double>(new LinearFeatures<double>()) { Alpha = 1e-3 }.Fit(X, Y).Predict(X);
        Assert.All(expected.ToArray().Zip(predicted.ToArray()), static p => Assert.Equal(p.First, p.Second, 1e-5));
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        double[] one, more;
        using (Parallelism.Use(1))
        {
            one = new SketchedRidge<double>(new RandomFourierFeatures<double> { Dimension = 100 }).Fit(X, Y).Predict(X).ToArray();
        }

        using (Parallelism.Use(3))
        {
            more = new SketchedRidge<double>(new RandomFourierFeatures<double> { Dimension = 100 }).Fit(X, Y).Predict(X).ToArray();
        }

        Assert.Equal(one, more);
    }

    [Fact]
    public void A_model_that_was_saved_predicts_as_before_and_takes_no_further_rows()
    {
        SketchedRidge<double> model = new SketchedRidge<double>(new FeaturePipeline<double>(new StandardScaler<double>(), new RandomFourierFeatures<double> { Dimension = 50 })) { Alpha = 0.3 }.Fit(X, Both);
        using MemoryStream stream = new();
        model.Save(stream);
        byte[] bytes = stream.ToArray();
        SketchedRidge<double> loaded = SketchedRidge.Load<double>(new MemoryStream(bytes));
        Assert.Equal(model.Predict(X).ToArray(), loaded.Predict(X).ToArray());
        Assert.Equal(0.3, loaded.Alpha);
        Assert.Throws<ArgumentException>(() => loaded.PartialFit(X, Both));
        Assert.Throws<InvalidDataException>(() => FeatureMap.Load<double>(new MemoryStream(bytes)));
        Assert.Throws<InvalidDataException>(() => SketchedRidgeClassifier.Load<double>(new MemoryStream(bytes)));
        using MemoryStream other = new();
        model.Map.Save(other);
        Assert.Throws<InvalidDataException>(() => SketchedRidge.Load<double>(new MemoryStream(other.ToArray())));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        SketchedRidge<double> model = new(new LinearFeatures<double>());
        Assert.Throws<NotFittedException>(() => model.Predict(X));
        Assert.Throws<NotFittedException>(() => model.Coefficients);
        Assert.Contains("200 rows need 200 targets", Assert.Throws<ArgumentException>(() => model.Fit(X, Tensor.CreateFromShape<double>([199]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Fit(X, Tensor.CreateFromShape<double>([200, 0])));
        Tensor<double> bad = Tensor.CreateFromShape<double>([200]);
        bad[17] = double.NaN;
        Assert.Contains("[17, 0]", Assert.Throws<NonFiniteInputException>(() => model.Fit(X, bad)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SketchedRidge<double>(new LinearFeatures<double>()) { Alpha = -1 }.Fit(X, Y));
        Assert.Throws<ArgumentNullException>(() => new SketchedRidge<double>(null!));
        model.Fit(X, Y);
        Assert.Throws<ArgumentException>(() => model.Predict(new double[2, 2]));
        Assert.Throws<ArgumentException>(() => model.Score(X, Both));
        Assert.Throws<ArgumentException>(() => new SketchedRidge<double>(new LinearFeatures<double>()).PartialFit(X, Y).PartialFit(X, Both));
    }

    [Fact]
    public void Cancelling_leaves_the_model_as_it_was()
    {
        SketchedRidge<double> model = new(new LinearFeatures<double>());
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(() => model.Fit(X, Y, 0, new Recorder<FeatureProgress> { Then = source.Cancel }, source.Token));
        Assert.False(model.IsFitted);
    }

    [Fact]
    public void A_classifier_separates_rings()
    {
        Tensor<double> x = new CounterRandom(7).Normal<double>(600, 2);
        int[] labels = [.. Enumerable.Range(0, 600).Select(i => (x[i, 0] * x[i, 0]) + (x[i, 1] * x[i, 1]) < 1 ? 40 : (x[i, 0] * x[i, 0]) + (x[i, 1] * x[i, 1]) < 3 ? -7 : 3)];
        SketchedRidgeClassifier<double> model = new SketchedRidgeClassifier<double>(new RandomFourierFeatures<double> { Kernel = new GaussianKernel(1), Dimension = 200 }) { Alpha = 1e-3 }.Fit(x, labels, seed: 2);
        Assert.Equal([-7, 3, 40], model.Classes);
        Assert.True(model.Score(x, labels) > 0.97, $"{model.Score(x, labels)}");
        Assert.Equal([600, 3], model.DecisionFunction(x).Lengths);
        using MemoryStream stream = new();
        model.Save(stream);
        SketchedRidgeClassifier<double> loaded = SketchedRidgeClassifier.Load<double>(new MemoryStream(stream.ToArray()));
        Assert.Equal(model.Predict(x), loaded.Predict(x));
        Assert.Equal(model.Classes, loaded.Classes);
    }

    [Fact]
    public void A_classifier_takes_rows_in_parts_also_where_a_part_lacks_a_class()
    {
        Tensor<double> x = new CounterRandom(5).Normal<double>(120, 4);
        int[] labels = [.. Enumerable.Range(0, 120).Select(static i => i < 40 ? 7 : i % 3 == 0 ? -2 : 3)];
        SketchedRidgeClassifier<double> whole = new SketchedRidgeClassifier<double>(new LinearFeatures<double>()).Fit(x, labels), parts = new(new LinearFeatures<double>());
        parts.PartialFit(x.AsReadOnlyMatrix().Slice(0, 0, 40, 4), labels.AsSpan(0, 40), [7, 3, -2]);
        parts.PartialFit(x.AsReadOnlyMatrix().Slice(40, 0, 80, 4), labels.AsSpan(40));
        Assert.Equal([-2, 3, 7], parts.Classes);
        double[] expected = [.. whole.DecisionFunction(x)], actual = [.. parts.DecisionFunction(x)];
        Assert.All(expected.Zip(actual), static pair => Assert.Equal(pair.First, pair.Second, 1e-12));

        Assert.Throws<ArgumentException>("classes", () => new SketchedRidgeClassifier<double>(new LinearFeatures<double>()).PartialFit(x, labels));
        Assert.Throws<ArgumentException>("classes", () => parts.PartialFit(x, labels, [7, 3]));
        ArgumentException unknown = Assert.Throws<ArgumentException>("labels", () => parts.PartialFit(x.AsReadOnlyMatrix().Slice(0, 0, 2, 4), [3, 5]));
        Assert.Contains("Label 5 of row 1 is none of the classes [-2, 3, 7]", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(actual, parts.DecisionFunction(x).ToArray());
    }

    [Fact]
    public void A_classifier_refuses_labels_that_do_not_fit()
    {
        SketchedRidgeClassifier<double> model = new(new LinearFeatures<double>());
        Assert.Throws<NotFittedException>(() => model.Predict(X));
        Assert.Throws<ArgumentException>(() => model.Fit(X, new int[3]));
        Assert.Contains("at least two classes", Assert.Throws<ArgumentException>(() => model.Fit(X, new int[200])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Fit(new double[0, 3], []));
    }

    private static Tensor<double> Targets(Tensor<double> x, int count)
    {
        double[] y = [.. from i in Enumerable.Range(0, 200) from j in Enumerable.Range(0, count) select 5 + Math.Sin(x[i, 0] * (j + 1)) + (x[i, 1] * x[i, 2])];
        return count == 1 ? Tensor.Create(y, [200]) : Tensor.Create(y, [200, count]);
    }
}
