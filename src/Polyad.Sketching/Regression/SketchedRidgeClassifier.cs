using System.Numerics;
using System.Numerics.Tensors;
using Polyad.IO;

namespace Polyad.Sketching;

/// <summary>
/// Classification by ridge regression on the features of a map: a target of 1 for the class of a row and -1 for the others, predicted is the class with the largest value.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SketchedRidgeClassifier<T>
    where T : unmanaged, INumberBase<T>
{
    private volatile FittedClasses? _fitted;

    /// <summary>A classifier on the features of a map, which is fitted with it.</summary>
    public SketchedRidgeClassifier(FeatureMap<T> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Map = map;
    }

    /// <summary>The map.</summary>
    public FeatureMap<T> Map { get; }

    /// <summary>alpha, at least 0 (default 1), as in <see cref="SketchedRidge{T}.Alpha"/>.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/> at the time of each call.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>Whether the model is fitted.</summary>
    public bool IsFitted => _fitted is not null;

    /// <summary>The classes, ascending.</summary>
    /// <exception cref="NotFittedException">The model is not fitted.</exception>
    public IReadOnlyList<int> Classes => Fitted.Classes;

    private FittedClasses Fitted => _fitted ?? throw new NotFittedException(GetType());

    /// <summary>Fits map and coefficients. Returns this model.</summary>
    /// <param name="x">n x d, finite.</param>
    /// <param name="labels">n class numbers, of at least two classes.</param>
    /// <param name="seed">The seed of the map's draws.</param>
    /// <param name="progress">Told of the rows that are done.</param>
    /// <param name="cancellationToken">Looked at between batches of rows.</param>
    /// <exception cref="ArgumentException">Sizes do not match, there is one class only, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException"><paramref name="x"/> holds NaN or infinity.</exception>
    public SketchedRidgeClassifier<T> Fit(
        in FeatureRows<T> x, ReadOnlySpan<int> labels, ulong seed = 0, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckLabels(x, labels);
        int[] classes = [.. labels.ToArray().Distinct().Order()];
        if (classes.Length < 2)
        {
            throw new ArgumentException($"A classifier needs rows of at least two classes; all {labels.Length} are of class {labels[0]}.", nameof(labels));
        }

        SketchedRidge<T> ridge = new(Map) { Alpha = Alpha, Backend = Backend };
        _fitted = new FittedClasses(classes, ridge.Fit(x, Targets(labels, classes), seed, progress, cancellationToken));
        return this;
    }

    /// <summary>Adds rows to a model, as <see cref="SketchedRidge{T}.PartialFit"/>; all classes must be known at the first rows, which need not hold each of them.</summary>
    /// <param name="x">n x d, finite.</param>
    /// <param name="labels">n class numbers.</param>
    /// <param name="classes">Every class that will come, needed at the first call; later empty, or the same.</param>
    /// <param name="seed">The seed of the map's draws, looked at by the first call.</param>
    /// <param name="progress">Told of the rows that are done.</param>
    /// <param name="cancellationToken">Looked at between batches of rows.</param>
    /// <exception cref="ArgumentException">Sizes do not match, the classes are fewer than two or other ones than before, a label is none of them, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException"><paramref name="x"/> holds NaN or infinity.</exception>
    public SketchedRidgeClassifier<T> PartialFit(
        in FeatureRows<T> x, ReadOnlySpan<int> labels, ReadOnlySpan<int> classes = default, ulong seed = 0, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckLabels(x, labels);
        FittedClasses? fitted = _fitted;
        int[] given = [.. classes.ToArray().Distinct().Order()], known = fitted?.Classes ?? given;
        if (known.Length < 2)
        {
            throw new ArgumentException($"The first rows must come with all classes, at least two; given [{string.Join(", ", given)}].", nameof(classes));
        }

        if (given.Length > 0 && !given.AsSpan().SequenceEqual(known))
        {
            throw new ArgumentException($"The model has the classes [{string.Join(", ", known)}]; given [{string.Join(", ", given)}].", nameof(classes));
        }

        Tensor<T> targets = Targets(labels, known);
        SketchedRidge<T> ridge = fitted?.Ridge ?? new(Map) { Alpha = Alpha, Backend = Backend };
        _fitted = new FittedClasses(known, ridge.PartialFit(x, targets, seed, progress, cancellationToken));
        return this;
    }

    /// <summary>The value of each class: n x classes.</summary>
    /// <inheritdoc cref="SketchedRidge{T}.Predict"/>
    public Tensor<T> DecisionFunction(in FeatureRows<T> x, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
        => Fitted.Ridge.Predict(x, progress, cancellationToken);

    /// <summary>The predicted class of each row.</summary>
    /// <inheritdoc cref="SketchedRidge{T}.Predict"/>
    public int[] Predict(in FeatureRows<T> x, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        FittedClasses fitted = Fitted;
        ReadOnlyMatrixView<T> values = fitted.Ridge.Predict(x, progress, cancellationToken).AsReadOnlyMatrix();
        int[] labels = new int[values.Rows];
        for (int i = 0; i < labels.Length; i++)
        {
            int best = 0;
            for (int j = 1; j < values.Columns; j++)
            {
                best = double.CreateChecked(values[i, j]) > double.CreateChecked(values[i, best]) ? j : best;
            }

            labels[i] = fitted.Classes[best];
        }

        return labels;
    }

    /// <summary>The share of rows whose class is predicted.</summary>
    /// <param name="x">n x d, finite.</param>
    /// <param name="labels">n class numbers.</param>
    /// <inheritdoc cref="SketchedRidge{T}.Predict"/>
    public double Score(in FeatureRows<T> x, ReadOnlySpan<int> labels)
    {
        CheckLabels(x, labels);
        int[] predicted = Predict(x);
        int right = 0;
        for (int i = 0; i < predicted.Length; i++)
        {
            right += predicted[i] == labels[i] ? 1 : 0;
        }

        return (double)right / predicted.Length;
    }

    /// <inheritdoc cref="SketchedRidge{T}.Save(Stream)"/>
    public void Save(Stream stream) => Fitted.Ridge.Save(stream, Fitted.Classes);

    /// <inheritdoc cref="SketchedRidge{T}.Save(Stream)"/>
    public void Save(string path)
    {
        _ = Fitted;
        FeatureMapWriter.Replace(path, Save);
    }

    internal static SketchedRidgeClassifier<T> Read(FeatureMapReader reader, IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others)
    {
        SketchedRidge<T> ridge = SketchedRidge<T>.Read(reader, others);
        double[] numbers = reader.Vector<double>("classes", ridge.Intercept.Count);
        int[] classes = [.. numbers.Select(static c => (int)Math.Clamp(c, int.MinValue, int.MaxValue))];
        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] != numbers[i] || (i > 0 && classes[i] <= classes[i - 1]))
            {
                throw reader.Wrong("array 'classes' is not of ascending integers");
            }
        }

        return new SketchedRidgeClassifier<T>(ridge.Map) { Alpha = ridge.Alpha, _fitted = new FittedClasses(classes, ridge) };
    }

    /// <summary>A row of n x classes has 1 at its class and -1 elsewhere.</summary>
    private static Tensor<T> Targets(ReadOnlySpan<int> labels, int[] classes)
    {
        Tensor<T> targets = FreshMemory.Zeros<T>([labels.Length, classes.Length]);
        Span<T> elements = LinearAlgebra.Elements(targets);
        elements.Fill(-T.One);
        for (int i = 0; i < labels.Length; i++)
        {
            int place = Array.BinarySearch(classes, labels[i]);
            if (place < 0)
            {
                throw new ArgumentException($"Label {labels[i]} of row {i} is none of the classes [{string.Join(", ", classes)}].", nameof(labels));
            }

            elements[(i * classes.Length) + place] = T.One;
        }

        return targets;
    }

    private static void CheckLabels(in FeatureRows<T> x, ReadOnlySpan<int> labels)
    {
        if (labels.Length != x.Rows || labels.IsEmpty)
        {
            throw new ArgumentException($"{x.Rows} rows need that many labels; given {labels.Length}.", nameof(labels));
        }
    }

    private sealed record FittedClasses(int[] Classes, SketchedRidge<T> Ridge);
}

/// <summary>Reading of models that <see cref="SketchedRidgeClassifier{T}.Save(string)"/> wrote.</summary>
public static class SketchedRidgeClassifier
{
    /// <summary>Reads a fitted model.</summary>
    /// <inheritdoc cref="FeatureMap.Load{T}(string, IReadOnlyDictionary{string, Func{FeatureMapReader, FeatureMap{T}}})"/>
    public static SketchedRidgeClassifier<T> Load<T>(string path, IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others = null)
        where T : unmanaged, INumberBase<T>
    {
        using NpzFile file = NpzFile.Open(path);
        return FeatureMapReader.Open(file, path, reader => SketchedRidgeClassifier<T>.Read(reader, others));
    }

    /// <inheritdoc cref="FeatureMap.Load{T}(Stream, string, IReadOnlyDictionary{string, Func{FeatureMapReader, FeatureMap{T}}})"/>
    public static SketchedRidgeClassifier<T> Load<T>(Stream stream, string name = "stream", IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others = null)
        where T : unmanaged, INumberBase<T>
    {
        using NpzFile file = NpzFile.Open(stream, name);
        return FeatureMapReader.Open(file, name, reader => SketchedRidgeClassifier<T>.Read(reader, others));
    }
}
