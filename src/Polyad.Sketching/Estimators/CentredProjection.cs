using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>The state of an estimator that multiplies rows, less a mean where there is one, by a matrix.</summary>
internal class CentredProjection<T> : FeatureState<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly Tensor<T> _weights;
    private readonly T[]? _mean;

    /// <param name="components">k x d.</param>
    /// <param name="mean">d numbers, or null for none.</param>
    /// <param name="scales">Factors of the k outputs, or null for none.</param>
    public CentredProjection(Tensor<T> components, double[]? mean = null, double[]? scales = null)
        : base((int)components.Lengths[1], (int)components.Lengths[0])
    {
        Components = components;
        _mean = mean is null ? null : [.. mean.Select(static v => T.CreateTruncating(v))];
        _weights = components;
        if (scales is not null)
        {
            _weights = components.AsReadOnlyMatrix().ToTensor();
            Span<T> elements = LinearAlgebra.Elements(_weights);
            for (int i = 0; i < scales.Length; i++)
            {
                Span<T> row = elements.Slice(i * InputDimension, InputDimension);
                TensorPrimitives.Multiply(row, T.CreateTruncating(scales[i]), row);
            }
        }
    }

    /// <summary>k x d.</summary>
    public Tensor<T> Components { get; }

    public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
    {
        ReadOnlyMatrixView<T> weights = _weights.AsReadOnlyMatrix().Transpose;
        if (_mean is null)
        {
            x.Multiply(weights, features, backend);
            return;
        }

        if (!x.IsSparse)
        {
            // The mean first: the difference of two large products would lose digits.
            using Scratch<T> scratch = Workspace.Rent<T>((nint)x.Rows * x.Columns);
            MatrixView<T> centred = new(scratch.Span, x.Rows, x.Columns);
            x.CopyTo(centred);
            FeatureMatrix.ForEachRow(centred, 0.1, (_, row) => TensorPrimitives.Subtract(row, _mean, row));
            backend.MatMul(T.One, centred, weights, T.Zero, features);
            return;
        }

        T[] shift = new T[OutputDimension];
        x.Multiply(weights, features, backend);
        backend.MatMul(T.One, new ReadOnlyMatrixView<T>(_mean, 1, _mean.Length), weights, T.Zero, new MatrixView<T>(shift, 1, shift.Length));
        FeatureMatrix.ForEachRow(features, 0.1, (_, row) => TensorPrimitives.Subtract(row, shift, row));
    }

    /// <summary>Y diag(scales) C + mean, n x d.</summary>
    public Tensor<T> Back(Tensor<T> y, ILinearAlgebraBackend backend, double[]? scales = null)
    {
        ReadOnlyMatrixView<T> view = y.AsReadOnlyMatrix();
        if (view.Columns != OutputDimension)
        {
            throw new ArgumentException($"Rows of {OutputDimension} numbers are transformed back; given {view.Rows} x {view.Columns}.", nameof(y));
        }

        Arguments.Finite(view, default, nameof(y));
        Tensor<T> rows = view.ToTensor(), back = FreshMemory.Zeros<T>([view.Rows, InputDimension]);
        if (scales is not null)
        {
            T[] factors = [.. scales.Select(static v => T.CreateTruncating(v))];
            FeatureMatrix.ForEachRow(rows.AsMatrix(), 0.1, (_, row) => TensorPrimitives.Multiply(row, factors, row));
        }

        backend.MatMul(T.One, rows.AsReadOnlyMatrix(), Components.AsReadOnlyMatrix(), T.Zero, back.AsMatrix());
        if (_mean is not null)
        {
            FeatureMatrix.ForEachRow(back.AsMatrix(), 0.1, (_, row) => TensorPrimitives.Add(row, _mean, row));
        }

        return back;
    }
}
