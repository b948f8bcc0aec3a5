using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>The checks that every estimator makes of its rows.</summary>
internal static class FeatureInput
{
    /// <summary>Refuses what is no non-empty, finite matrix.</summary>
    public static void Check<T>(Tensor<T> x, string name)
        where T : unmanaged, INumberBase<T>
    {
        if (x.Rank != 2)
        {
            throw new ArgumentException($"Rows of features are a matrix (n x d); given a tensor of order {x.Rank}.", name);
        }

        if (x.FlattenedLength == 0)
        {
            throw new ArgumentException($"There must be at least one row and one column; given {x.Lengths[0]} x {x.Lengths[1]}.", name);
        }

        if (!FiniteCheck.All(x.AsReadOnlyMatrix(), out int row, out int column))
        {
            throw new NonFiniteInputException($"The rows ({x.Lengths[0]} x {x.Lengths[1]}) hold {x[row, column]} at [{row}, {column}].");
        }
    }
}
