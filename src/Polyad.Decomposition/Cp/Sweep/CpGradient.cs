using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// (||X - M||^2 + ridge sum ||U||^2) / (2 ||X||^2) and its gradient by the factors of X / ||X||: mode n has U_n (V_n + ridge I) - G_n with G_n the MTTKRP, all modes from one walk through the tree. Real and
/// imaginary parts of complex factors are variables of their own.
/// </summary>
internal sealed class CpGradient<T>(DenseInput<T> input, int rank, double ridge, ILinearAlgebraBackend backend) : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly DimensionTree<T> _tree = new(input.Tensor, rank, backend);
    private readonly Tensor<T> _normal = FreshMemory.Zeros<T>([rank, rank]);

    /// <summary>Factors of X are this times those of X / ||X||.</summary>
    private readonly double _size = input.Norm > 0 ? Math.Pow(input.Norm, 1.0 / input.Order) : 1;

    /// <summary>The rounding error of a value: it is a difference of numbers of size one.</summary>
    public static double Noise => 8 * DenseData.Epsilon<T>();

    /// <summary>One sweep of least squares, balanced.</summary>
    public void Sweep(CpState<T> state)
    {
        _tree.Sweep(state.Factors, (mode, product) =>
        {
            state.NormalMatrix(mode, ridge, _normal);
            DenseData.Elements(product).CopyTo(DenseData.Elements(state.Factors[mode]));
            NormalEquations.Solve(backend, _normal, state.Factors[mode]);
            state.Renew(mode);
        });
        state.Balance([]);
    }

    /// <summary>The variables of a model.</summary>
    public double[] Begin(CpState<T> state)
    {
        double[] point = state.Pack([]);
        TensorPrimitives.Divide(point, _size, point);
        return point;
    }

    /// <summary>Value and gradient; the state is a place to work in.</summary>
    public Objective At(CpState<T> state) => (point, gradient) =>
    {
        Put(state, point);
        double inner = 0, square = 0, norm = input.Norm, factor = _size / norm / norm;
        int at = 0;
        _tree.Sweep(state.Factors, (mode, product) =>
        {
            state.NormalMatrix(mode, 0, _normal);
            Tensor<T> u = state.Factors[mode], predicted = FieldProducts.MatMul(backend, u, _normal);
            ReadOnlySpan<T> g = DenseData.Elements(product), x = DenseData.Elements(u), p = DenseData.Elements(predicted);
            for (int i = 0; i < g.Length; i++)
            {
                if (mode == 0)
                {
                    inner += Scalar.Real(g[i] * Scalar.Conjugate(x[i])) / norm / norm;
                    square += Scalar.Real(p[i] * Scalar.Conjugate(x[i])) / norm / norm;
                }

                T entry = p[i] + (x[i] * T.CreateTruncating(ridge)) - g[i];
                if (typeof(T) == typeof(Complex))
                {
                    Complex z = (Complex)(object)entry;
                    (gradient[at], gradient[at + 1]) = (z.Real * factor, z.Imaginary * factor);
                    at += 2;
                }
                else
                {
                    gradient[at++] = double.CreateTruncating(entry) * factor;
                }
            }
        });
        return (0.5 * (1 + square - (2 * inner))) + (0.5 * ridge * state.SizeSquared([]) / norm / norm);
    };

    /// <summary>||X - M|| / ||X|| of a point whose value is known; from the differences where the value is too coarse to tell. The model is put in place.</summary>
    public double RelativeError(CpState<T> state, double[] point, double value)
    {
        Put(state, point);
        double square = (2 * value) - (ridge * state.SizeSquared([]) / input.Norm / input.Norm);
        return square > CpError.Coarse<T>() ? Math.Sqrt(square) : CpError.Exact(input, state, backend);
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose() => _tree.Dispose();

    private void Put(CpState<T> state, double[] point)
    {
        double[] scaled = new double[point.Length];
        TensorPrimitives.Multiply(point, _size, scaled);
        state.Unpack(scaled, []);
    }
}
