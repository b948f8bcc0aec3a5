using System.Numerics;
using System.Numerics.Tensors;
using Polyad.IO;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>
/// Ridge regression on the features of a map: kernel ridge regression with the map's kernel, in time and memory that grow linearly with the rows. Minimises |Y - Z W - b|^2 + alpha |W|^2.
/// </summary>
/// <remarks>
/// n D^2 + D^3 / 3 flops beside the map (n^2 D + n^3 / 3 where there are fewer rows than features); the features of all rows never exist at once. Sums and systems are in double precision for either type.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SketchedRidge<T>
    where T : unmanaged, INumberBase<T>
{
    private volatile FittedRidge? _fitted;

    /// <summary>A regression on the features of a map, which is fitted with it.</summary>
    public SketchedRidge(FeatureMap<T> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Map = map;
    }

    /// <summary>The map.</summary>
    public FeatureMap<T> Map { get; }

    /// <summary>alpha, at least 0 (default 1), the weight of |W|^2 against the sum of squared errors.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Whether an intercept b is fitted, which alpha does not shrink (default true).</summary>
    public bool FitIntercept { get; init; } = true;

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/> at the time of each call.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>Whether the model is fitted.</summary>
    public bool IsFitted => _fitted is not null;

    /// <summary>W, D x k.</summary>
    /// <exception cref="NotFittedException">The model is not fitted.</exception>
    public Tensor<double> Coefficients => Fitted.Solution.Coefficients.AsReadOnlyMatrix().ToTensor();

    /// <summary>b, k numbers.</summary>
    /// <exception cref="NotFittedException">The model is not fitted.</exception>
    public IReadOnlyList<double> Intercept => Fitted.Solution.Intercept;

    private FittedRidge Fitted => _fitted ?? throw new NotFittedException(GetType());

    /// <summary>Fits map and coefficients. Returns this model.</summary>
    /// <param name="x">n x d, finite.</param>
    /// <param name="y">n targets, or n x k.</param>
    /// <param name="seed">The seed of the map's draws.</param>
    /// <param name="progress">Told of the rows that are done.</param>
    /// <param name="cancellationToken">Looked at between batches of rows.</param>
    /// <exception cref="ArgumentException">Sizes do not match, or an option is out of range.</exception>
    /// <exception cref="NonFiniteInputException">Rows or targets hold NaN or infinity.</exception>
    public SketchedRidge<T> Fit(in FeatureRows<T> x, Tensor<T> y, ulong seed = 0, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ReadOnlyMatrixView<T> targets = RegressionTargets.Checked(x, y);
        Hyperparameter.NotNegative(Alpha);
        FitContext context = new(seed, Backend ?? Polyad.Backend.Current, progress, cancellationToken);
        Map.Fit(x, seed, progress, cancellationToken);
        FeatureState<T> state = Map.State;
        if (x.Rows < state.OutputDimension)
        {
            Tensor<T> z = Map.Transform(x, progress, cancellationToken);
            RidgeSolution dual = RidgeSolution.Dual(ElementMath.ToDouble(z), ElementMath.ToDouble(targets.ToTensor()), Alpha, FitIntercept, context.Backend);
            _fitted = new FittedRidge(state, null, dual, y.Rank == 1);
            return this;
        }

        return Solve(state, RidgeMoments.Empty(state.OutputDimension, targets.Columns).Add(state, x, targets, context), y.Rank == 1, context);
    }

    /// <summary>Adds rows to a model, fitting the map to the first ones: the coefficients are then those of one fit to all rows if the map is data-oblivious or fitted before. One thread at a time.</summary>
    /// <inheritdoc cref="Fit"/>
    public SketchedRidge<T> PartialFit(in FeatureRows<T> x, Tensor<T> y, ulong seed = 0, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ReadOnlyMatrixView<T> targets = RegressionTargets.Checked(x, y);
        Hyperparameter.NotNegative(Alpha);
        FitContext context = new(seed, Backend ?? Polyad.Backend.Current, progress, cancellationToken);
        if (_fitted is { } fitted)
        {
            if (fitted.Moments is null || fitted.Moments.TargetSums.Length != targets.Columns || fitted.Vector != (y.Rank == 1) || x.Columns != fitted.State.InputDimension)
            {
                throw new ArgumentException(
                    fitted.Moments is null ? "The model was fitted at once or read from a file: it keeps no sums to add rows to."
                    : $"The model takes rows of {fitted.State.InputDimension} numbers with {fitted.Moments.TargetSums.Length} targets; given {x.Rows} x {x.Columns} with {targets.Columns}.", nameof(y));
            }

            return Solve(fitted.State, fitted.Moments.Add(fitted.State, x, targets, context), fitted.Vector, context);
        }

        if (!Map.IsFitted)
        {
            Map.Fit(x, seed, progress, cancellationToken);
        }

        FeatureState<T> state = Map.State;
        return Solve(state, RidgeMoments.Empty(state.OutputDimension, targets.Columns).Add(state, x, targets, context), y.Rank == 1, context);
    }

    /// <summary>The predicted targets of n rows: n numbers, or n x k where the model was fitted to a matrix of targets.</summary>
    /// <param name="x">n x d, finite.</param>
    /// <param name="progress">Told after each batch of rows.</param>
    /// <param name="cancellationToken">Looked at before each batch.</param>
    /// <exception cref="NotFittedException">The model is not fitted.</exception>
    /// <exception cref="ArgumentException">The rows have another width than the model was fitted to, or lie outside the kernel's domain.</exception>
    /// <exception cref="NonFiniteInputException"><paramref name="x"/> holds NaN or infinity.</exception>
    public Tensor<T> Predict(in FeatureRows<T> x, IProgress<FeatureProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        FittedRidge fitted = Fitted;
        FeatureMap<T>.Check(fitted.State, x);
        return fitted.Predict(x, Backend ?? Polyad.Backend.Current, progress, cancellationToken);
    }

    /// <summary>R^2, 1 - residual squares / squares about the mean, averaged over the targets with equal weights, as in scikit-learn.</summary>
    /// <param name="x">n x d, finite.</param>
    /// <param name="y">n targets, or n x k.</param>
    /// <inheritdoc cref="Predict"/>
    public double Score(in FeatureRows<T> x, Tensor<T> y)
    {
        Tensor<T> predicted = Predict(x);
        return RegressionTargets.Determination(RegressionTargets.Checked(x, predicted), RegressionTargets.Checked(x, y));
    }

    /// <summary>Writes the fitted model, map included, as a <c>.npz</c> archive in the form of <see cref="FeatureMap{T}.Save(Stream)"/>. Sums for <see cref="PartialFit"/> are not kept.</summary>
    /// <exception cref="NotFittedException">The model is not fitted.</exception>
    /// <exception cref="NotSupportedException">The map holds code of the user.</exception>
    public void Save(Stream stream) => Save(stream, null);

    /// <inheritdoc cref="Save(Stream)"/>
    public void Save(string path)
    {
        _ = Fitted;
        FeatureMapWriter.Replace(path, Save);
    }

    internal void Save(Stream stream, int[]? classes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        FittedRidge fitted = Fitted;
        FeatureMapWriter.Write<T>(stream, writer =>
        {
            writer.Kind(RidgeFile.Kind);
            writer.Set("alpha", Alpha);
            writer.Set("fitIntercept", FitIntercept);
            writer.Set("vector", fitted.Vector);
            writer.Add("coefficients", fitted.Solution.Coefficients);
            writer.Add<double>("intercept", fitted.Solution.Intercept);
            if (classes is not null)
            {
                writer.Add<int>("classes", classes);
            }

            writer.Part(Map);
        });
    }

    internal static SketchedRidge<T> Read(FeatureMapReader reader, IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others)
    {
        if (reader.Kind != RidgeFile.Kind || reader.Parts(others) is not [var map])
        {
            throw reader.Wrong($"it is of kind '{reader.Kind}', or has not one map");
        }

        Tensor<double> coefficients = reader.Array<double>("coefficients", map.OutputDimension, -1);
        SketchedRidge<T> model = new(map) { Alpha = reader.Number("alpha", 0), FitIntercept = reader.Flag("fitIntercept") };
        model._fitted = new FittedRidge(map.State, null, new RidgeSolution(coefficients, reader.Vector<double>("intercept", (int)coefficients.Lengths[1])), reader.Flag("vector"));
        return model;
    }

    private SketchedRidge<T> Solve(FeatureState<T> state, RidgeMoments moments, bool vector, in FitContext context)
    {
        _fitted = new FittedRidge(state, moments, RidgeSolution.Primal(moments, Alpha, FitIntercept, context.Backend), vector);
        return this;
    }

    /// <summary>What a fit has learnt.</summary>
    private sealed class FittedRidge(FeatureState<T> state, RidgeMoments? moments, RidgeSolution solution, bool vector)
    {
        private readonly Tensor<T> _coefficients = ElementMath.FromDouble<T>(solution.Coefficients);

        public FeatureState<T> State => state;

        public RidgeMoments? Moments => moments;

        public RidgeSolution Solution => solution;

        public bool Vector => vector;

        public unsafe Tensor<T> Predict(in FeatureRows<T> x, ILinearAlgebraBackend backend, IProgress<FeatureProgress>? progress, CancellationToken cancellationToken)
        {
            int d = state.OutputDimension, k = solution.Intercept.Length, batch = state.BatchRows;
            Tensor<T> predicted = FreshMemory.Uninitialized<T>(vector ? [x.Rows] : [x.Rows, k]);
            MatrixView<T> y = new(LinearAlgebra.Elements(predicted), x.Rows, k);
            using Scratch<T> scratch = Workspace.Rent<T>((nint)Math.Min(batch, x.Rows) * d);
            for (int first = 0; first < x.Rows; first += batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int rows = Math.Min(batch, x.Rows - first);
                MatrixView<T> z = MatrixBlock<T>.RowMajor(scratch.Pointer, rows, d).AsView();
                FeatureMap<T>.Transform(state, x.Slice(first, rows), z, backend, null, cancellationToken);
                solution.Predict((ReadOnlyMatrixView<T>)z, _coefficients, y.Slice(first, 0, rows, k), backend);
                progress?.Report(new FeatureProgress(first + rows, x.Rows));
            }

            return predicted;
        }
    }
}

/// <summary>Reading of models that <see cref="SketchedRidge{T}.Save(string)"/> wrote.</summary>
public static class SketchedRidge
{
    /// <summary>Reads a fitted model; it predicts as before, and takes no further rows.</summary>
    /// <inheritdoc cref="FeatureMap.Load{T}(string, IReadOnlyDictionary{string, Func{FeatureMapReader, FeatureMap{T}}})"/>
    public static SketchedRidge<T> Load<T>(string path, IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others = null)
        where T : unmanaged, INumberBase<T>
    {
        using NpzFile file = NpzFile.Open(path);
        return FeatureMapReader.Open(file, path, reader => SketchedRidge<T>.Read(reader, others));
    }

    /// <inheritdoc cref="FeatureMap.Load{T}(Stream, string, IReadOnlyDictionary{string, Func{FeatureMapReader, FeatureMap{T}}})"/>
    public static SketchedRidge<T> Load<T>(Stream stream, string name = "stream", IReadOnlyDictionary<string, Func<FeatureMapReader, FeatureMap<T>>>? others = null)
        where T : unmanaged, INumberBase<T>
    {
        using NpzFile file = NpzFile.Open(stream, name);
        return FeatureMapReader.Open(file, name, reader => SketchedRidge<T>.Read(reader, others));
    }
}

/// <summary>The file form of regressions.</summary>
internal static class RidgeFile
{
    public const string Kind = "sketched-ridge";
}
