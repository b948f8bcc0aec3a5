using System.Numerics.Tensors;

namespace Polyad.Cli.Demo;

/// <summary>
/// The core consistency diagnostic (Bro and Kiers, "A new efficient method for determining the number of components in PARAFAC models", J. Chemometrics 17, 2003): the least-squares
/// Tucker core for the CP factors is compared with the superdiagonal of ones that CP assumes. 100 is perfect; near or below 0 the components share what they should not.
/// </summary>
internal static class CoreConsistency
{
    /// <summary>In percent. Factors I_n x R with R at most every I_n and full column rank; weights are taken into the first.</summary>
    public static double Of(Tensor<double> tensor, Tensor<double> weights, IReadOnlyList<Tensor<double>> factors, ILinearAlgebraBackend backend)
    {
        int rank = (int)weights.FlattenedLength;
        Tensor<double> core = tensor;
        for (int mode = 0; mode < factors.Count; mode++)
        {
            nint[] shape = core.Lengths.ToArray();
            shape[mode] = rank;
            Tensor<double> next = Tensor.CreateFromShape<double>(shape);
            double[] inverse = PseudoInverse(factors[mode], mode == 0 ? weights : null, rank, backend);
            backend.ModeProduct(core.AsReadOnlyTensorSpan(), new ReadOnlyMatrixView<double>(inverse, rank, (int)factors[mode].Lengths[0]), mode, next.AsTensorSpan());
            core = next;
        }

        double[] values = new double[core.FlattenedLength];
        core.FlattenTo(values);
        int diagonalStep = 0;
        for (int mode = 0, stride = 1; mode < factors.Count; mode++, stride *= rank)
        {
            diagonalStep += stride;
        }

        double distance = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double ideal = i % diagonalStep == 0 && i / diagonalStep < rank ? 1 : 0;
            distance += (values[i] - ideal) * (values[i] - ideal);
        }

        return 100 * (1 - (distance / rank));
    }

    /// <summary>U^+ = R^-1 Q^T, R x I.</summary>
    private static double[] PseudoInverse(Tensor<double> factor, Tensor<double>? weights, int rank, ILinearAlgebraBackend backend)
    {
        int rows = (int)factor.Lengths[0];
        double[] scaled = new double[rows * rank], scale = Enumerable.Repeat(1.0, rank).ToArray();
        factor.FlattenTo(scaled);
        weights?.FlattenTo(scale);
        for (int i = 0; i < rows; i++)
        {
            TensorPrimitives.Multiply(scaled.AsSpan(i * rank, rank), scale, scaled.AsSpan(i * rank, rank));
        }

        double[] q = new double[rows * rank], r = new double[rank * rank], inverse = new double[rank * rows];
        backend.Qr(new ReadOnlyMatrixView<double>(scaled, rows, rank), new MatrixView<double>(q, rows, rank), new MatrixView<double>(r, rank, rank));
        new ReadOnlyMatrixView<double>(q, rows, rank).Transpose.CopyTo(new MatrixView<double>(inverse, rank, rows));
        backend.TriangularSolve(Triangle.Upper, false, new ReadOnlyMatrixView<double>(r, rank, rank), new MatrixView<double>(inverse, rank, rows));
        return inverse;
    }
}
