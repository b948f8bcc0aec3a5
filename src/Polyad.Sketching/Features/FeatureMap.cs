using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// A map from rows of d numbers to rows of D features whose inner products approximate a kernel. Properties are the hyper-parameters; <see cref="Fit(Tensor{T}, ulong)"/> draws or
/// learns the state; <see cref="Transform(Tensor{T})"/> applies it. A fitted map may transform from many threads at once.
/// </summary>
public abstract class FeatureMap<T>
    where T : unmanaged, INumberBase<T>
{
    private int _inputDimension;

    /// <summary>The engine; null for <see cref="Polyad.Backend.Current"/> at the time of each call.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>Whether <see cref="Fit(Tensor{T}, ulong)"/> has succeeded.</summary>
    public bool IsFitted => _inputDimension > 0;

    /// <summary>d, the length of the rows that the map was fitted to.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public int InputDimension => IsFitted ? _inputDimension : throw new NotFittedException(GetType());

    /// <summary>D, the number of features.</summary>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    public int OutputDimension => IsFitted ? FittedOutputDimension : throw new NotFittedException(GetType());

    /// <summary>D of a fitted map.</summary>
    protected abstract int FittedOutputDimension { get; }

    /// <summary>Draws or learns the state from n rows; data-oblivious maps read the width alone. Returns this map.</summary>
    /// <param name="x">n x d, finite.</param>
    /// <param name="seed">The seed of every draw: same seed, same map, on any engine.</param>
    /// <exception cref="ArgumentException"><paramref name="x"/> is no matrix or is empty, or a hyper-parameter does not fit it.</exception>
    /// <exception cref="NonFiniteInputException"><paramref name="x"/> holds NaN or infinity.</exception>
    public FeatureMap<T> Fit(Tensor<T> x, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(x);
        FeatureInput.Check(x, nameof(x));
        FitCore(x.AsReadOnlyMatrix(), seed, Backend ?? Polyad.Backend.Current);
        _inputDimension = (int)x.Lengths[1];
        return this;
    }

    /// <summary>The features of n rows: n x D.</summary>
    /// <param name="x">n x d, finite.</param>
    /// <exception cref="NotFittedException">The map is not fitted.</exception>
    /// <exception cref="ArgumentException"><paramref name="x"/> is no matrix, is empty, or has another width than the map was fitted to.</exception>
    /// <exception cref="NonFiniteInputException"><paramref name="x"/> holds NaN or infinity.</exception>
    public Tensor<T> Transform(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        int width = InputDimension;
        FeatureInput.Check(x, nameof(x));
        if (x.Lengths[1] != width)
        {
            throw new ArgumentException($"The map was fitted to rows of {width} numbers; given {x.Lengths[0]} x {x.Lengths[1]}.", nameof(x));
        }

        Tensor<T> features = Tensor.CreateFromShape<T>([x.Lengths[0], FittedOutputDimension]);
        TransformCore(x.AsReadOnlyMatrix(), features.AsMatrix(), Backend ?? Polyad.Backend.Current);
        return features;
    }

    /// <summary><see cref="Fit(Tensor{T}, ulong)"/>, then <see cref="Transform(Tensor{T})"/> of the same rows.</summary>
    /// <inheritdoc cref="Fit(Tensor{T}, ulong)"/>
    public Tensor<T> FitTransform(Tensor<T> x, ulong seed = 0) => Fit(x, seed).Transform(x);

    /// <summary>Checks the hyper-parameters against the data and makes the state.</summary>
    protected abstract void FitCore(in ReadOnlyMatrixView<T> x, ulong seed, ILinearAlgebraBackend backend);

    /// <summary>Fills n x D features of n x d rows; both are checked.</summary>
    protected abstract void TransformCore(in ReadOnlyMatrixView<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend);
}
