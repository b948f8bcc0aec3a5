using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

public partial record TtTensor<T>
{
    /// <inheritdoc cref="Add"/>
    public static TtTensor<T> operator +(TtTensor<T> a, TtTensor<T> b) => Required(a).Add(b);

    /// <inheritdoc cref="Subtract"/>
    public static TtTensor<T> operator -(TtTensor<T> a, TtTensor<T> b) => Required(a).Subtract(b);

    /// <summary>-X.</summary>
    public static TtTensor<T> operator -(TtTensor<T> a) => Required(a).Scale(-T.One);

    /// <inheritdoc cref="Scale"/>
    public static TtTensor<T> operator *(T factor, TtTensor<T> a) => Required(a).Scale(factor);

    /// <inheritdoc cref="Scale"/>
    public static TtTensor<T> operator *(TtTensor<T> a, T factor) => Required(a).Scale(factor);

    /// <summary>X + Y; inner ranks add up.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public TtTensor<T> Add(TtTensor<T> other)
    {
        Same(other);
        Tensor<T>[] cores = new Tensor<T>[Order];
        for (int k = 0; k < Order; k++)
        {
            cores[k] = Chain.DirectSum(Cores[k], other.Cores[k], joinLeft: k == 0, joinRight: k == Order - 1);
        }

        return new TtTensor<T>(cores) { Modes = Modes };
    }

    /// <summary>X - Y; inner ranks add up.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public TtTensor<T> Subtract(TtTensor<T> other)
    {
        Same(other);
        return Add(other.Scale(-T.One));
    }

    /// <summary>c X.</summary>
    public TtTensor<T> Scale(T factor)
    {
        Tensor<T>[] cores = [.. Cores];
        T[] scaled = new T[cores[0].FlattenedLength];
        TensorPrimitives.Multiply(DenseData.Elements(cores[0]), factor, scaled);
        cores[0] = Tensor.Create(scaled, cores[0].Lengths);
        return new TtTensor<T>(cores) { Modes = Modes };
    }

    /// <summary>The element by element product; inner ranks multiply.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public TtTensor<T> Hadamard(TtTensor<T> other)
    {
        Same(other);
        return new TtTensor<T>([.. Cores.Zip(other.Cores, static (a, b) => Chain.SliceKronecker(a, b))]) { Modes = Modes };
    }

    /// <summary>&lt;X, Y&gt; = sum of conj(x) y over all elements. 2 d n r^3 multiplications.</summary>
    /// <param name="other">Y, of the same shape.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public T Inner(TtTensor<T> other, ILinearAlgebraBackend? backend = null)
    {
        Same(other);
        ILinearAlgebraBackend engine = backend ?? Backend.Current;

        // M_k = (cores of X up to k)^H (cores of Y up to k), r_k x s_k.
        T[] m = [T.One];
        for (int k = 0; k < Order; k++)
        {
            Tensor<T> a = Cores[k], b = other.Cores[k];
            int ra = (int)a.Lengths[0], rb = (int)b.Lengths[0], length = (int)a.Lengths[1], na = (int)a.Lengths[2], nb = (int)b.Lengths[2];
            T[] half = FieldAlgebra.Multiply<T>(engine, m, ra, rb, DenseData.Elements(b), length * nb);
            m = FieldAlgebra.Multiply<T>(engine, DenseData.Elements(a), na, ra * length, half, nb, adjointA: true);
        }

        return m[0];
    }

    /// <summary>
    /// The Frobenius norm, by QR decompositions from the right: of a difference of nearly equal trains it is right to rounding of the parts, where the inner product with itself loses half of the digits. 2 d n r^3 multiplications.
    /// </summary>
    /// <param name="backend">The engine; null for the current one.</param>
    public double Norm(ILinearAlgebraBackend? backend = null)
    {
        ILinearAlgebraBackend engine = backend ?? Backend.Current;

        // L_k with X_(k..) = L_k Q and orthonormal rows in Q; |L_0| is the norm. Powers of two are set apart, so that long trains do not overflow on the way.
        T[] l = [T.One];
        int kept = 1, exponent = 0;
        for (int k = Order - 1; k >= 0; k--)
        {
            int left = (int)Cores[k].Lengths[0], length = (int)Cores[k].Lengths[1], right = (int)Cores[k].Lengths[2];
            T[] block = FieldAlgebra.Multiply<T>(engine, DenseData.Elements(Cores[k]), left * length, right, l, kept);
            double size = Scalar.Norm<T>(block);
            if (size == 0 || !double.IsFinite(size))
            {
                return size;
            }

            int power = Math.ILogB(size);
            exponent += power;
            TensorPrimitives.Multiply(block, T.CreateTruncating(Math.ScaleB(1, -power)), block);
            int columns = length * kept;
            T[] r = FieldAlgebra.QrR<T>(engine, FieldAlgebra.Adjoint<T>(block, left, columns), columns, left);
            kept = Math.Min(left, columns);
            l = FieldAlgebra.Adjoint<T>(r, kept, left);
        }

        return Math.ScaleB(Scalar.Norm<T>(l), exponent);
    }

    /// <summary>||X - Y||, right to rounding of ||X|| and ||Y||.</summary>
    /// <param name="other">Y, of the same shape.</param>
    /// <param name="backend">The engine; null for the current one.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public double Distance(TtTensor<T> other, ILinearAlgebraBackend? backend = null) => Subtract(other).Norm(backend);

    private static TtTensor<T> Required(TtTensor<T> train)
    {
        ArgumentNullException.ThrowIfNull(train);
        return train;
    }

    private void Same(TtTensor<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!Lengths.AsSpan().SequenceEqual(other.Lengths))
        {
            throw new ArgumentException($"Trains of shapes {DenseData.Text(Lengths)} and {DenseData.Text(other.Lengths)} do not go together.", nameof(other));
        }
    }
}
