using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The core of a fit to all entries: H is the Kronecker product of the Gram matrices S_n = U_n^T U_n, p = X x_0 U_0^T x_1 U_1^T ...; H is never formed.</summary>
internal sealed class KroneckerCore<T>(Tensor<T> right, Tensor<T>[] grams, ILinearAlgebraBackend backend) : CoreSystem<T>
    where T : unmanaged, INumberBase<T>
{
    public override Tensor<T> Right => right;

    public override Tensor<T> Product(Tensor<T> core) => TensorAlgebra.MultiModeProduct(core, grams, backend: backend);

    public override double Curvature(int index)
    {
        double product = 1;
        for (int n = grams.Length - 1; n >= 0; n--)
        {
            int rank = (int)grams[n].Lengths[0];
            (index, int j) = Math.DivRem(index, rank);
            product *= double.CreateTruncating(DenseData.Elements(grams[n])[j * (rank + 1)]);
        }

        return product;
    }

    /// <summary>p x_0 S_0^-1 x_1 S_1^-1 ...</summary>
    public override void Minimise(Tensor<T> core)
    {
        Tensor<T>[] inverses = [.. grams.Select(Inverse)];
        DenseData.Elements(TensorAlgebra.MultiModeProduct(right, inverses, backend: backend)).CopyTo(DenseData.Elements(core));
    }

    public override void MinimiseNonNegative(Tensor<T> core, in NonNegativeSettings settings) => new CoreCycle<T>(core, right, grams, settings.Penalty).Run(settings);

    private Tensor<T> Inverse(Tensor<T> gram)
    {
        int rank = (int)gram.Lengths[0];
        Tensor<T> inverse = FreshMemory.Zeros<T>(gram.Lengths);
        for (int r = 0; r < rank; r++)
        {
            DenseData.Elements(inverse)[r * (rank + 1)] = T.One;
        }

        NormalEquations.Solve(backend, gram, inverse);
        return inverse;
    }
}
