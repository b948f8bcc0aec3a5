using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Managed;

namespace Polyad.Sketching;

/// <summary>Landmarks and the inverse square root of their kernel.</summary>
internal sealed unsafe class NystroemState<T> : FeatureState<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly PreparedKernel<T> _kernel;

    public NystroemState(Kernel kernel, Tensor<T> components, int[] indices, Tensor<T> normalization)
        : base((int)components.Lengths[1], (int)normalization.Lengths[0])
    {
        _kernel = new PreparedKernel<T>(kernel, components);
        (Components, Indices, Normalization) = (components, indices, normalization);
    }

    public Tensor<T> Components { get; }

    public int[] Indices { get; }

    public Tensor<T> Normalization { get; }

    public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
    {
        using Scratch<T> scratch = Workspace.Rent<T>((nint)x.Rows * _kernel.Count);
        MatrixView<T> k = MatrixBlock<T>.RowMajor(scratch.Pointer, x.Rows, _kernel.Count).AsView();
        _kernel.Fill(x, k, backend);
        backend.MatMul(T.One, (ReadOnlyMatrixView<T>)k, Normalization.AsReadOnlyMatrix().Transpose, T.Zero, features);
    }

    /// <summary>
    /// K^(-1/2) of the landmarks. By the eigenvectors: for K = sum l_i v_i v_i' the singular values are |l_i|, and U S^(-1/2) V' = sum sign(l_i) |l_i|^(-1/2) v_i v_i', also for kernels that are not
    /// positive. In double precision, since rounding is multiplied by the root of the condition number.
    /// </summary>
    public static Tensor<T> InverseRoot(Kernel kernel, Tensor<T> components, double? tolerance, ILinearAlgebraBackend backend)
    {
        Tensor<double> landmarks = ElementMath.ToDouble(components);
        Tensor<double> k = kernel.Matrix(landmarks, backend);
        EigenResult<double> eigen = LinearAlgebra.SymmetricEigen(k, backend);
        ReadOnlySpan<double> values = LinearAlgebra.Elements(eigen.Values);
        int count = values.Length;
        double largest = Math.Max(Math.Abs(values[0]), Math.Abs(values[^1])), cut = (tolerance ?? (count * LinearAlgebra.Epsilon<T>())) * largest;
        double[] weights = new double[count];
        for (int i = 0; i < count; i++)
        {
            double size = Math.Abs(values[i]);
            weights[i] = size > cut ? Math.Sign(values[i]) / Math.Sqrt(size) : 0;
        }

        Tensor<double> scaled = eigen.Vectors.AsReadOnlyMatrix().ToTensor();
        FeatureMatrix.ForEachRow(scaled.AsMatrix(), 0.2, (_, row) => TensorPrimitives.Multiply<double>(row, weights, row));
        Tensor<double> root = LinearAlgebra.MatMul(scaled.AsReadOnlyMatrix(), eigen.Vectors.AsReadOnlyMatrix().Transpose, backend);
        return ElementMath.FromDouble<T>(root);
    }
}
