using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public partial record TrTensor<T>
{
    /// <inheritdoc cref="Add"/>
    public static TrTensor<T> operator +(TrTensor<T> a, TrTensor<T> b) => Required(a).Add(b);

    /// <inheritdoc cref="Subtract"/>
    public static TrTensor<T> operator -(TrTensor<T> a, TrTensor<T> b) => Required(a).Subtract(b);

    /// <inheritdoc cref="Scale"/>
    public static TrTensor<T> operator *(T factor, TrTensor<T> a) => Required(a).Scale(factor);

    /// <summary>X + Y; ranks add up.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public TrTensor<T> Add(TrTensor<T> other)
    {
        Same(other);
        return new TrTensor<T>([.. Cores.Zip(other.Cores, static (a, b) => Chain.DirectSum(a, b, joinLeft: false, joinRight: false))]) { Modes = Modes };
    }

    /// <summary>X - Y; ranks add up.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public TrTensor<T> Subtract(TrTensor<T> other)
    {
        Same(other);
        return Add(other.Scale(-T.One));
    }

    /// <summary>c X.</summary>
    public TrTensor<T> Scale(T factor)
    {
        Tensor<T>[] cores = [.. Cores];
        T[] scaled = new T[cores[0].FlattenedLength];
        TensorPrimitives.Multiply(DenseData.Elements(cores[0]), factor, scaled);
        cores[0] = Tensor.Create(scaled, cores[0].Lengths);
        return new TrTensor<T>(cores) { Modes = Modes };
    }

    /// <summary>The element by element product; ranks multiply.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public TrTensor<T> Hadamard(TrTensor<T> other)
    {
        Same(other);
        return new TrTensor<T>([.. Cores.Zip(other.Cores, static (a, b) => Chain.SliceKronecker(a, b))]) { Modes = Modes };
    }

    /// <summary>&lt;X, Y&gt; = sum of conj(x) y over all elements. 2 d n r^5 multiplications.</summary>
    /// <param name="other">Y, of the same shape.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public T Inner(TrTensor<T> other, ILinearAlgebraBackend? backend = null)
    {
        Same(other);
        ILinearAlgebraBackend engine = backend ?? Backend.Current;

        // M[(a, b), (a', b')] = sum over the modes so far of conj(X's chain)[a, a'] (Y's chain)[b, b'], from all joints (a, b) at once.
        int a0 = (int)Cores[0].Lengths[0], b0 = (int)other.Cores[0].Lengths[0], joints = a0 * b0, width = joints;
        T[] m = new T[joints * joints];
        for (int k = 0; k < joints; k++)
        {
            m[(k * joints) + k] = T.One;
        }

        for (int k = 0; k < Order; k++)
        {
            T[] transfer = Chain.Transfer(engine, Cores[k], other.Cores[k]);
            int next = transfer.Length / width;
            m = FieldAlgebra.Multiply<T>(engine, m, joints, width, transfer, next);
            width = next;
        }

        T trace = T.Zero;
        for (int k = 0; k < joints; k++)
        {
            trace += m[(k * joints) + k];
        }

        return trace;
    }

    /// <summary>The Frobenius norm.</summary>
    /// <param name="backend">The engine; null for the current one.</param>
    public double Norm(ILinearAlgebraBackend? backend = null) => Math.Sqrt(Math.Max(0, Scalar.Real(Inner(this, backend))));

    /// <summary>||X - Y||, right to rounding of ||X|| and ||Y||: through the difference as a train.</summary>
    /// <param name="other">Y, of the same shape.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public double Distance(TrTensor<T> other, ILinearAlgebraBackend? backend = null)
    {
        Same(other);
        return ToTrain().Distance(other.ToTrain(), backend);
    }

    /// <summary>The ring turned: mode k of the result is mode k + <paramref name="steps"/> of this tensor, cyclically. Only the cores' order changes.</summary>
    /// <param name="steps">Any sign.</param>
    public TrTensor<T> Rotate(int steps)
    {
        int order = Order, first = ((steps % order) + order) % order;
        return new TrTensor<T>([.. Enumerable.Range(0, order).Select(k => Cores[(first + k) % order])])
        {
            Modes = Modes is null ? null : [.. Enumerable.Range(0, order).Select(k => Modes[(first + k) % order])],
        };
    }

    private static TrTensor<T> Required(TrTensor<T> ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        return ring;
    }

    private void Same(TrTensor<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!Lengths.AsSpan().SequenceEqual(other.Lengths))
        {
            throw new ArgumentException($"Rings of shapes {DenseData.Text(Lengths)} and {DenseData.Text(other.Lengths)} do not go together.", nameof(other));
        }
    }
}
