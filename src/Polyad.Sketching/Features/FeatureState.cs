using System.Numerics;

namespace Polyad.Sketching;

/// <summary>What a fit has drawn or learnt. It never changes, so any number of threads may transform with it.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class FeatureState<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>A state for rows of one length.</summary>
    /// <param name="inputDimension">d, at least 1.</param>
    /// <param name="outputDimension">D, at least 1.</param>
    protected FeatureState(int inputDimension, int outputDimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputDimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputDimension, 1);
        (InputDimension, OutputDimension) = (inputDimension, outputDimension);
    }

    /// <summary>d, the length of the rows.</summary>
    public int InputDimension { get; }

    /// <summary>D, the number of features.</summary>
    public int OutputDimension { get; }

    /// <summary>
    /// The rows that are transformed at a time: by default as many as keep a batch of features near the size of a core's second-level cache, and enough that a product over them runs at speed.
    /// It depends on sizes alone.
    /// </summary>
    public virtual int BatchRows => (int)Math.Clamp((1L << 21) / ((long)OutputDimension * (typeof(T) == typeof(float) ? 4 : 8)), 64, 4096);

    /// <summary>Fills the features of a batch of rows.</summary>
    /// <param name="x">n x d, checked.</param>
    /// <param name="features">n x D, of any strides; not cleared, and no element is shared with <paramref name="x"/>.</param>
    /// <param name="backend">The engine.</param>
    public abstract void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend);
}
