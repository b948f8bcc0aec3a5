using System.Numerics;
using System.Numerics.Tensors;
using Polyad.IO;

namespace Polyad.Sketching;

/// <summary>
/// A map from rows of d numbers to rows of D features whose inner products approximate a kernel. Properties are the hyper-parameters; <see cref="Fit"/> draws or learns the state;
/// <see cref="Transform(in FeatureRows{T}, IProgress{FeatureProgress}, CancellationToken)"/> applies it. A fitted map may transform from many threads at once, also while it is fitted anew.
/// </summary>
/// <remarks>Rows may be a tensor, an array, a view or a <see cref="CsrMatrix{T}"/>: each converts to <see cref="FeatureRows{T}"/> by itself.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class FeatureMap<T>
    where T : unmanaged, INumberBase<T>
{
    private volatile FeatureState<T>? _state;

    /// <summary>A map that is not fitted.</summary>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither <see cref="float"/> nor <see cref="double"/>.</exception>
    protected FeatureMap() => Arguments.Supported<T>();

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/> at the time of each call.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>Whether a fit reads no more of the rows than their length: then one row will do, and <see cref="PartialFit"/> is <see cref="Fit"/>.</summary>
    public virtual bool IsDataOblivious => false;

    /// <summary>Whether the map is fitted.</summary>
    public bool IsFitted => _state is not null;

    /// <summary>d, the length of the rows that the map was fitted to.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public int InputDimension => State.InputDimension;

    /// <summary>D, the number of features.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public int OutputDimension => State.OutputDimension;

    /// <summary>The name of each feature: the class in lower case and a number unless the map knows better.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public virtual IReadOnlyList<string> FeatureNames
    {
        get
        {
#pragma warning disable CA1308 // scikit-learn's get_feature_names_out is in lower case.
            string prefix = GetType().Name.Split('`')[0].ToLowerInvariant();
#pragma warning restore CA1308
            return [.. Enumerable.Range(0, OutputDimension).Select(i => $"{prefix}{i}")];
        }
    }

    /// <summary>The fitted state.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    protected internal FeatureState<T> State => _state ?? throw new NotFittedException(GetType());

    /// <summary>Draws or learns the state from n rows and forgets an earlier one. Returns this map.</summary>
    /// <param name="x">n x d, finite.</param>
    /// <param name="seed">The seed of every draw: same seed, same draws, on any engine.</param>
    /// <param name="progress">Told of steps that can take long.</param>
    /// <param name="cancellationToken">Looked at between steps; a cancelled fit leaves the map as it was.</param>
    /// <exception cref="ArgumentException"><paramref name="x"/> is empty, or a hyper-parameter is out of range or does not fit it.</exception>
    /// <exception cref="NonFiniteInputException"><paramref name="x"/> holds NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public FeatureMap<T> Fit(in FeatureRows<T> x, ulong seed = 0, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        x.Check(nameof(x));
        cancellationToken.ThrowIfCancellationRequested();
        _state = FitCore(x, new FitContext(seed, Backend ?? Polyad.Backend.Current, progress, cancellationToken));
        return this;
    }

    /// <summary>
    /// Fits to rows that come in parts: the state after the last part is that of one fit to all rows (to rounding). Returns this map. One thread at a time.
    /// </summary>
    /// <inheritdoc cref="Fit"/>
    /// <exception cref="NotSupportedException">The map needs all its rows at once.</exception>
    public FeatureMap<T> PartialFit(in FeatureRows<T> x, ulong seed = 0, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        x.Check(nameof(x));
        cancellationToken.ThrowIfCancellationRequested();
        FeatureState<T>? state = _state;
        if (state is not null)
        {
            CheckWidth(state, x);
        }

        _state = PartialFitCore(state, x, new FitContext(seed, Backend ?? Polyad.Backend.Current, progress, cancellationToken));
        return this;
    }

    /// <summary>The features of n rows: n x D.</summary>
    /// <param name="x">n x d, finite.</param>
    /// <param name="progress">Told after each batch of rows.</param>
    /// <param name="cancellationToken">Looked at before each batch.</param>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    /// <exception cref="ArgumentException"><paramref name="x"/> is empty, has another width than the map was fitted to, or lies outside the domain of the kernel.</exception>
    /// <exception cref="NonFiniteInputException"><paramref name="x"/> holds NaN or infinity.</exception>
    /// <exception cref="OverflowException">A feature leaves the range of <typeparamref name="T"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Tensor<T> Transform(in FeatureRows<T> x, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        FeatureState<T> state = Accept(x);
        Tensor<T> features = FreshMemory.Uninitialized<T>([x.Rows, state.OutputDimension]);
        Transform(state, x, features.AsMatrix(), Backend ?? Polyad.Backend.Current, progress, cancellationToken);
        return features;
    }

    /// <summary>Writes the features of n rows into memory of the caller.</summary>
    /// <param name="x">n x d, finite.</param>
    /// <param name="features">n x D, of any strides; shares no element with <paramref name="x"/>.</param>
    /// <param name="progress">Told after each batch of rows.</param>
    /// <param name="cancellationToken">Looked at before each batch.</param>
    /// <inheritdoc cref="Transform(in FeatureRows{T}, IProgress{FeatureProgress}, CancellationToken)"/>
    public void Transform(in FeatureRows<T> x, in MatrixView<T> features, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        FeatureState<T> state = Accept(x);
        Arguments.Shape(features, x.Rows, state.OutputDimension);
        if (!x.IsSparse)
        {
            Arguments.Disjoint(x.Dense, (ReadOnlyMatrixView<T>)features, nameof(x), nameof(features));
        }

        Transform(state, x, features, Backend ?? Polyad.Backend.Current, progress, cancellationToken);
    }

    /// <summary><see cref="Fit"/>, then the features of the same rows.</summary>
    /// <inheritdoc cref="Fit"/>
    public Tensor<T> FitTransform(in FeatureRows<T> x, ulong seed = 0, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
        => Fit(x, seed, progress, cancellationToken).Transform(x, progress, cancellationToken);

    /// <summary>Writes the fitted map as a <c>.npz</c> archive: its arrays, and a JSON header under the name "header" (see <see cref="FeatureMap.Load{T}(string, IReadOnlyDictionary{string, Func{FeatureMapReader, FeatureMap{T}}})"/>).</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    /// <exception cref="NotSupportedException">The map holds code of the user, which no file can carry.</exception>
    public void Save(string path)
    {
        _ = State;
        FeatureMapWriter.Replace(path, Save);
    }

    /// <summary>Writes the fitted map to a stream, which stays open.</summary>
    /// <inheritdoc cref="Save(string)"/>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _ = State;
        FeatureMapWriter.Write<T>(stream, Write);
    }

    /// <summary>Checks the hyper-parameters against the data and makes the state.</summary>
    /// <param name="x">n x d, not empty, finite.</param>
    /// <param name="context">Seed, engine, progress, cancellation.</param>
    protected abstract FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context);

    /// <summary>The state after more rows; by default only a data-oblivious map has one, that of its first fit.</summary>
    /// <param name="previous">The state so far; null at the first part.</param>
    /// <param name="x">n x d, not empty, finite.</param>
    /// <param name="context">Seed, engine, progress, cancellation.</param>
    protected virtual FeatureState<T> PartialFitCore(FeatureState<T>? previous, in FeatureRows<T> x, in FitContext context)
        => !IsDataOblivious
            ? throw new NotSupportedException($"{GetType().Name.Split('`')[0]} needs all its rows at once: call Fit.")
            : previous ?? FitCore(x, context);

    /// <summary>Writes kind, hyper-parameters and arrays of the fitted map.</summary>
    /// <exception cref="NotSupportedException">The map has no file form.</exception>
    protected internal virtual void Write(FeatureMapWriter writer)
        => throw new NotSupportedException($"{GetType().Name.Split('`')[0]} has no file form.");

    /// <summary>Takes a state that was made elsewhere (read from a file, converted from another system).</summary>
    protected FeatureMap<T> Restore(FeatureState<T> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _state = state;
        return this;
    }

    /// <summary>Transforms checked rows in batches, whose size depends on no thread count.</summary>
    internal static void Transform(
        FeatureState<T> state,
        in FeatureRows<T> x,
        in MatrixView<T> features,
        ILinearAlgebraBackend backend,
        IProgress<FeatureProgress>? progress = null,
        CancellationToken cancellationToken = default)
        => FeatureBatches.Transform(state, x, features, backend, progress, cancellationToken);

    /// <summary>Refuses rows that are none, of another width or not finite.</summary>
    internal static void Check(FeatureState<T> state, in FeatureRows<T> x)
    {
        CheckWidth(state, x);
        x.Check(nameof(x));
    }

    private FeatureState<T> Accept(in FeatureRows<T> x)
    {
        FeatureState<T> state = State;
        Check(state, x);
        return state;
    }

    private static void CheckWidth(FeatureState<T> state, in FeatureRows<T> x)
    {
        if (x.Columns != state.InputDimension)
        {
            throw new ArgumentException($"The map was fitted to rows of {state.InputDimension} numbers; given {x.Rows} x {x.Columns}.", nameof(x));
        }
    }
}

/// <summary>Reading of feature maps that <see cref="FeatureMap{T}.Save(string)"/> wrote.</summary>
public static class FeatureMap
{
    /// <summary>Reads a fitted map of any kind.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>; arrays of the other type are converted.</typeparam>
    /// <param name="path">A <c>.npz</c> file.</param>
    /// <param name="others">Readers of kinds that this library does not have, by kind.</param>
    /// <exception cref="InvalidDataException">The file is no feature map, is of a later version, or its parts do not fit each other. Files from anywhere may be given: they are data, never code.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static FeatureMap<T> Load<T>(string path, IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others = null)
        where T : unmanaged, INumberBase<T>
    {
        using NpzFile file = NpzFile.Open(path);
        return FeatureMapReader.Open(file, path, reader => reader.Read(others));
    }

    /// <summary>Reads a fitted map from a stream that can seek, which is closed. <paramref name="name"/> stands in messages for the file.</summary>
    /// <inheritdoc cref="Load{T}(string, IReadOnlyDictionary{string, Func{FeatureMapReader, FeatureMap{T}}})"/>
    public static FeatureMap<T> Load<T>(Stream stream, string name = "stream", IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others = null)
        where T : unmanaged, INumberBase<T>
    {
        using NpzFile file = NpzFile.Open(stream, name);
        return FeatureMapReader.Open(file, name, reader => reader.Read(others));
    }
}
