using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The core of a weighted fit: H has no structure and is given.</summary>
/// <param name="system">One row of prod(r) unknowns.</param>
/// <param name="ranks">The shape of the core.</param>
internal sealed class DenseCore<T>(SharedModeSystem<T> system, nint[] ranks) : CoreSystem<T>
    where T : unmanaged, INumberBase<T>
{
    public override Tensor<T> Right => DenseData.Reshaped(system.Right, ranks);

    public override void Minimise(Tensor<T> core) => Through(core, system.Minimise);

    public override void MinimiseNonNegative(Tensor<T> core, in NonNegativeSettings settings)
    {
        NonNegativeSettings copy = settings;
        Through(core, row => system.MinimiseNonNegative(row, copy));
    }

    public override Tensor<T> Product(Tensor<T> core)
    {
        Tensor<T> product = FreshMemory.Zeros<T>(ranks);
        TensorPrimitives.Add(system.Gradient(Row(core)), DenseData.Elements(system.Right), DenseData.Elements(product));
        return product;
    }

    public override double Curvature(int index) => system.Curvature(0, index);

    private static Tensor<T> Row(Tensor<T> core) => DenseData.Reshaped(core, [1, core.FlattenedLength]);

    private static void Through(Tensor<T> core, Action<Tensor<T>> update)
    {
        Tensor<T> row = Row(core);
        update(row);
        DenseData.Elements(row).CopyTo(DenseData.Elements(core));
    }
}
